/** The way of money from step to step: bars, rates and where a later step exceeds the one before. */
import type { Funding, FundingSum } from '@/api/project'

export const sumOf = (sums: readonly FundingSum[], step: string): number | null => sums.find((s) => s.step === step)?.amount_wan_yuan ?? null

/** One of two steps over the other in percent; null where either is unknown or there is nothing to divide by. */
export function share(sums: readonly FundingSum[], step: string, of: string): number | null {
  const [a, b] = [sumOf(sums, step), sumOf(sums, of)]
  return a === null || b === null || b === 0 ? null : (a / b) * 100
}

/** Arrived of assigned (到位率). */
export const arrivalOf = (sums: readonly FundingSum[]): number | null => share(sums, 'arrived', 'assigned')
/** Paid of arrived (支付率). */
export const paymentOf = (sums: readonly FundingSum[]): number | null => share(sums, 'paid', 'arrived')

/** Steps that exceed the one before, by source and step; "" is all sources. */
export const exceeding = (f: Pick<Funding, 'exceeds'>): Set<string> => new Set(f.exceeds.map((e) => `${e.source}/${e.step}`))

/** How wide the bar of a sum is, in percent of the greatest. */
export function widths(rows: readonly (readonly FundingSum[])[]): (value: number | null) => number {
  const most = Math.max(0, ...rows.flatMap((sums) => sums.map((s) => s.amount_wan_yuan ?? 0)))
  return (value) => (value === null || most <= 0 ? 0 : Math.max(0, Math.min(100, (value / most) * 100)))
}
