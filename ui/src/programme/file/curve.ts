/** The monthly plan of a target (月度计划): twelve amounts, each cumulated since January. */
import type { Num } from '@/api/types'
import { parseNumber } from '@/lib/number'
import { raw } from './entry'

export const MONTHS = 12

/** How a curve is kept while it is typed: twelve cells with a tab between, or nothing. */
export const curveText = (curve: readonly number[] | null | undefined): string => (curve?.length ? curve.map(raw).join('\t') : '')

export const cellsOf = (text: string): string[] => (text === '' ? [] : Array.from({ length: MONTHS }, (_, i) => text.split('\t')[i] ?? ''))

/** The amounts of a curve as typed; null for a cell that is empty or no number. */
export const amountsOf = (text: string): Num[] => cellsOf(text).map((c) => parseNumber(c))

export const withCell = (text: string, month: number, cell: string): string => {
  const cells = text === '' ? Array<string>(MONTHS).fill('') : cellsOf(text)
  cells[month] = cell.replace(/\t/g, ' ').trim()
  return cells.every((c) => c === '') ? '' : cells.join('\t')
}

/** Equal parts of the year, cumulated; the last month is the year's amount exactly. */
export function evenCurve(amount: number): number[] {
  return Array.from({ length: MONTHS }, (_, i) => (i === MONTHS - 1 ? amount : Math.round((amount * 1e6 * (i + 1)) / MONTHS) / 1e6))
}

export interface CurveFault {
  month: number
  why: 'empty' | 'falls' | 'end'
}

/** What keeps a curve from being saved; nothing to say of no curve at all. */
export function curveFaults(text: string, amount: Num): CurveFault[] {
  if (text === '') return []
  const out: CurveFault[] = []
  let before: Num = null
  amountsOf(text).forEach((a, month) => {
    if (a === null) out.push({ month, why: 'empty' })
    else if (before !== null && a < before) out.push({ month, why: 'falls' })
    else if (month === MONTHS - 1 && amount !== null && a !== amount) out.push({ month, why: 'end' })
    before = a ?? before
  })
  return out
}
