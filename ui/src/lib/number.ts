/** Numbers as people read them. Absent is a dash, never zero; the minus is a real one. */

export type Figure = number | null | undefined

export const DASH = '—'
export const MINUS = '−'

/** Rounds half away from zero on the decimal digits, as the server does, not on their binary approximation. */
export function round(value: number, decimals: number): number {
  const size = Math.abs(value)
  const shifted = Math.round(Number(`${plain(size)}e${decimals}`))
  return Math.sign(value) * Number(`${shifted}e-${decimals}`)
}

function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12) : text
}

/** A number with its decimals and thousands separated. */
export function number(value: Figure, decimals = 0): string {
  if (value === null || value === undefined || Number.isNaN(value)) return DASH
  const rounded = round(value, decimals)
  const [whole = '0', part] = Math.abs(rounded).toFixed(decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return (rounded < 0 ? MINUS : '') + grouped + (part ? `.${part}` : '')
}

/** A rate in percent with one decimal, without the sign: the head of the column carries it. */
export const rate = (value: Figure): string => number(value, 1)

/** A rate with its sign, for sentences. */
export const percent = (value: Figure): string => (value === null || value === undefined ? DASH : `${rate(value)}%`)

/** A difference with its sign always written. */
export function signed(value: Figure, decimals = 1): string {
  const text = number(value, decimals)
  return value !== null && value !== undefined && round(value, decimals) > 0 ? `+${text}` : text
}

/** Percentage points (个百分点) with their sign. */
export function points(value: Figure, language: string): string {
  if (value === null || value === undefined) return DASH
  return language === 'zh' ? `${signed(value)} 个百分点` : `${signed(value)} pp`
}

/** Reads what a person typed: full-width digits and signs, thousands separators, spaces. Null where it is not a number. */
export function parseNumber(text: string): number | null {
  const half = text
    .replace(/[０-９．，＋－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[−–—]/g, '-')
    .replace(/[\s,]/g, '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(half)) return null
  return Number(half)
}
