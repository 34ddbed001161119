/** A month as whole weeks from Monday, and how a day of deadlines reads. Days are written 2026-06-30. */
import type { DueDay } from '@/api/matter'

const DAY = 86_400_000
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** The day n days later. */
export const addDays = (day: string, n: number): string => iso(Date.parse(day) + n * DAY)

/** The weeks that have a day of the month, each from Monday to Sunday. */
export function weeksOf(month: string): string[][] {
  const first = Date.parse(`${month}-01`)
  const start = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY
  const weeks: string[][] = []
  for (let at = start; iso(at).slice(0, 7) <= month; at += 7 * DAY) weeks.push(Array.from({ length: 7 }, (_, i) => iso(at + i * DAY)))
  return weeks
}

/** The severities that a day has, the gravest first. */
export const gravities = (day: DueDay): { severity: number; n: number }[] =>
  day.severity.map((n, severity) => ({ severity, n })).filter((g) => g.n > 0).reverse()

/** What narrows the list to what is still at work and due within two days; either may be open. */
export const dueWithin = (from: string, to: string): Record<string, string> => ({ view: '', live: 'true', due_from: from, due_to: to })
