/** Figures that ledgers, supervision and the register count, held against what was filed. */
import type { DivisionRef, Num, Text } from '@/api/types'
import { figureText } from '../file/figure'

export interface CountedCell {
  division: DivisionRef
  counted: Num
  counted_denominator: Num
  filed: Num
  filed_denominator: Num
  differs: boolean
}

export interface CountedRow {
  indicator: string
  name: Text
  pack: string
  line: string
  unit: string
  ratio: boolean
  source: string
  trouble: Text
  cells: CountedCell[]
  differing: number
}

export interface CountedView {
  scope: DivisionRef
  period: string
  day: string
  rows: CountedRow[]
}

/** What a ledger counts of one line: a number, or one of how many. */
export interface Count {
  value: Num
  base: Num
  source: string
  /** At whose end it was counted. */
  day: string
}

/** What changes a count; a return that is filed changes only what it is held against. */
export const recounts = ['ledger.changed', 'matter.changed', 'inspection.changed'] as const
export const events = [...recounts, 'return.changed'] as const

/** The counts of one division by indicator; what is not counted is not there. */
export function countsOf(view: CountedView | null, division: string): Record<string, Count> {
  const out: Record<string, Count> = {}
  if (!view) return out
  for (const row of view.rows) {
    const cell = row.cells.find((c) => c.division.code === division)
    if (cell && cell.counted !== null) out[row.indicator] = { value: cell.counted, base: row.ratio ? cell.counted_denominator : null, source: row.source, day: view.day }
  }
  return out
}

/** How what is typed stands to what is counted. Nothing typed is no difference. */
export function standing(count: Count, value: Num, base: Num): 'same' | 'differs' | 'empty' {
  if (value === null && base === null) return 'empty'
  return value === count.value && (count.base === null || base === count.base) ? 'same' : 'differs'
}

export const countText = (value: Num, base: Num): string => (base === null ? figureText(value) : `${figureText(value)}/${figureText(base)}`)

/** The room that counts, the first word of a source. */
export const roomOf = (source: string): 'ledger' | 'supervision' | 'register' => {
  const room = source.split('/')[0]
  return room === 'supervision' || room === 'register' ? room : 'ledger'
}

/** Where what was counted can be looked at, entry by entry, as it stood on the day. */
export function placeOf(source: string, division: string, day: string): { path: string; query: Record<string, string> } {
  const [room, id = '', figure = '', track = ''] = source.split('/')
  if (room === 'supervision') return { path: '/oversight/statistics', query: { scope: division, as_of: day } }
  if (room === 'register') return { path: '/objects', query: { division } }
  const query: Record<string, string> = { scope: division, as_of: day }
  if (track) query.track = track
  const [kind, of = ''] = figure.split('.')
  if (figure === 'overdue' || figure === 'left' || figure === 'done') query.standing = figure
  else if (kind === 'state') Object.assign(query, { state: of, standing: 'to_do' })
  else if (kind === 'mark') Object.assign(query, { lacks: of, standing: 'to_do' })
  return { path: `/ledgers/${id}`, query }
}
