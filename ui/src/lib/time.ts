/** Times as people read them: Beijing time (a fixed UTC+8), minutes. A relative time only stands beside the absolute one. */

const HOUR = 3_600_000
const DAY = 24 * HOUR

interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

function beijing(instant: string | number | Date): Parts {
  const d = new Date(new Date(instant).getTime() + 8 * HOUR)
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
  }
}

const two = (n: number): string => String(n).padStart(2, '0')

/** 2026-07-15 08:40 */
export function dateTime(instant: string | number | Date | null | undefined): string {
  if (instant === null || instant === undefined || instant === '') return '—'
  const p = beijing(instant)
  return `${p.year}-${two(p.month)}-${two(p.day)} ${two(p.hour)}:${two(p.minute)}`
}

/** 07-15 08:40 */
export const shortDateTime = (instant: string | number | Date): string => dateTime(instant).slice(5)

/** 08:40 */
export const clock = (instant: string | number | Date): string => dateTime(instant).slice(11)

/** The date of an instant in Beijing: 2026-07-15. */
export const dateOf = (instant: string | number | Date): string => dateTime(instant).slice(0, 10)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "2026-05" as 2026年5月 or May 2026. */
export function month(period: string | null | undefined, language: string): string {
  const m = /^(\d{4})-(\d{2})$/.exec(period ?? '')
  if (!m) return '—'
  return language === 'zh' ? `${m[1]}年${Number(m[2])}月` : `${MONTHS[Number(m[2]) - 1]} ${m[1]}`
}

/** "2026-05" as 5月 or May. */
export function monthName(period: string, language: string): string {
  const n = Number(period.slice(5, 7))
  return language === 'zh' ? `${n}月` : (MONTHS[n - 1] ?? '')
}

/** The month n months later. */
export function addMonths(period: string, n: number): string {
  const total = Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1 + n
  return `${Math.floor(total / 12)}-${two((total % 12) + 1)}`
}

/** Whole days from one date to another, "2026-06-30" each. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY)
}

/** The date so many days after another, "2026-06-30" each. */
export const addDays = (date: string, days: number): string => new Date(Date.parse(date.slice(0, 10)) + days * DAY).toISOString().slice(0, 10)

/** The last day of a deadline, which is the instant that ends it: the instant itself belongs to the next day. */
export const lastDay = (due: string): string => dateOf(new Date(due).getTime() - 1)

/** How long ago or ahead, to be written beside the absolute time. */
export function relative(instant: string, now: number, language: string): string {
  const minutes = Math.round((new Date(instant).getTime() - now) / 60_000)
  const size = Math.abs(minutes)
  const zh = language === 'zh'
  const [count, unit] =
    size < 60
      ? [size, zh ? '分钟' : 'min']
      : size < 48 * 60
        ? [Math.round(size / 60), zh ? '小时' : 'h']
        : [Math.round(size / 1440), zh ? '天' : 'd']
  if (zh) return `${count} ${unit}${minutes <= 0 ? '前' : '后'}`
  return minutes <= 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`
}
