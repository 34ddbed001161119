/** The splitting of a target (任务分解): the sum held against the whole, and a split in proportion that adds up exactly. */
import type { SplitCheck, TargetRow } from '@/api/filing'
import type { Num } from '@/api/types'

/** Amounts are kept to the millionth; sums are formed in whole millionths so that no binary dust shows as a difference. */
const MICRO = 1e6

const micros = (value: number): number => Math.round(value * MICRO)

/** Holds the children's sum against the parent's amount, as the server does. */
export function checkSplit(parent: Num, children: readonly Num[]): SplitCheck {
  const set = children.filter((c): c is number => c !== null)
  const out: SplitCheck = { state: 'unset', parent, children: null, difference: null, percent: null, unset: children.length - set.length }
  if (!set.length) return out
  const sum = set.reduce((n, c) => n + micros(c), 0)
  out.children = sum / MICRO
  if (parent === null) return out
  const difference = sum - micros(parent)
  out.difference = difference / MICRO
  out.percent = parent === 0 ? null : (difference / micros(parent)) * 100
  if (difference > 0) out.state = 'over'
  else if (out.unset) out.state = 'partial'
  else out.state = difference === 0 ? 'equal' : 'short'
  return out
}

/** Divisions whose figures another one already holds do not count in the sum. */
export const counts = (row: TargetRow): boolean => !row.division.inside

/**
 * Splits an amount in proportion to weights, rounded to some decimals; what rounding leaves over goes to the largest remainders,
 * so the parts add up to the whole. Null where there is nothing to go by.
 */
export function proportional(amount: number, weights: readonly Num[], decimals: number): Num[] | null {
  const total = weights.reduce<number>((sum, w) => sum + Math.max(0, w ?? 0), 0)
  if (total <= 0) return null
  const unit = 10 ** decimals
  const whole = Math.round(amount * unit)
  const exact = weights.map((w) => (w === null ? null : (whole * Math.max(0, w)) / total))
  const parts = exact.map((x) => (x === null ? null : Math.floor(x)))
  let left = whole - parts.reduce<number>((sum, p) => sum + (p ?? 0), 0)
  const order = exact
    .map((x, i) => ({ i, rest: x === null ? -1 : x - Math.floor(x) }))
    .filter((o) => o.rest >= 0)
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
  for (const { i } of order) {
    if (left <= 0) break
    parts[i] = (parts[i] ?? 0) + 1
    left--
  }
  // The amount itself may be finer than the rounding: the largest part takes what is left.
  const out = parts.map((p) => (p === null ? null : p / unit))
  const rest = micros(amount) - out.reduce<number>((sum, p) => sum + micros(p ?? 0), 0)
  const first = order[0]
  if (rest !== 0 && first) {
    const largest = out.reduce<number>((best, p, i) => ((p ?? -1) > (out[best] ?? -1) ? i : best), first.i)
    out[largest] = (micros(out[largest] ?? 0) + rest) / MICRO
  }
  return out
}

/** A monthly curve brought to another year's amount: the same shape, ending exactly on it. */
export function scaleCurve(curve: readonly number[], amount: Num): number[] {
  const end = curve.at(-1) ?? 0
  if (amount === null || curve.length !== 12 || end <= 0) return []
  return curve.map((c, i) => (i === 11 ? amount : Math.round((c * amount * MICRO) / end) / MICRO))
}
