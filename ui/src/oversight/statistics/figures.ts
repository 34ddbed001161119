/** How the measures of supervision are written, why one is absent, and which list of matters stands behind it. */
import type { SupervisionMeasure, SupervisionRow, SupervisionStatistics } from '@/api/work'
import { get, type Query } from '@/lib/client'
import { filled } from '@/lib/lists'
import { DASH, number } from '@/lib/number'
import { addDays } from '@/lib/time'

const rowLists = ['values', 'origins']
const listPaths = ['measures', 'rows', ...rowLists.flatMap((p) => [`rows.${p}`, `total.${p}`]), 'comparison.parts', 'comparison.scores', 'comparison.scores.parts']

export async function readStatistics(query: Query, signal?: AbortSignal): Promise<SupervisionStatistics> {
  const answer = await get<SupervisionStatistics>('/api/oversight/statistics', query, signal)
  if (!answer.comparison) return filled(answer, listPaths.filter((p) => !p.startsWith('comparison')))
  return filled(answer, listPaths)
}

/** Counts are whole; rates, means and days have one decimal. */
export const decimalsOf = (m: SupervisionMeasure): number => (m.unit === 'percent' || m.sides || m.code === 'median_days' ? 1 : 0)

export function figure(row: SupervisionRow, measures: readonly SupervisionMeasure[], i: number): string {
  const m = measures[i]
  return m ? number(row.values[i]?.value, decimalsOf(m)) : DASH
}

/** "3/5", or nothing where the measure has no two sides. */
export function fraction(row: SupervisionRow, i: number): string {
  const v = row.values[i]
  if (!v || v.numerator === null || v.denominator === null) return ''
  return `${number(v.numerator)}/${number(v.denominator)}`
}

export type Reason = 'none' | 'works' | 'closed' | 'zero'

/** Why a measure is absent; null where it is there. */
export function reason(row: SupervisionRow, measures: readonly SupervisionMeasure[], i: number): Reason | null {
  const v = row.values[i]
  if (v && v.value !== null) return null
  if (measures[i]?.code === 'problems_per_object') return 'works'
  const found = row.values[measures.findIndex((m) => m.code === 'problems')]?.value
  if (found === 0) return 'none'
  return measures[i]?.code === 'median_days' ? 'closed' : 'zero'
}

/** A list that stands behind a figure. */
export interface Behind {
  path: string
  query: Record<string, string>
}

/** All that stood after objections: dismissed problems are in no count but that of the share upheld. */
const STANDS = 'found,disputed,confirmed,assigned,rectifying,returned,submitted,controlled,closed'

/** What narrows the list of problems to those that a measure counts. */
const narrowed: Record<string, Record<string, string>> = {
  heavier_share: { severity: '2,3,4' },
  miss_rate: { missed: 'true' },
  recurrence_rate: { recurrent: 'true' },
  overdue: { overdue_first: 'true', sort: 'original' },
  overdue_rate: { overdue_first: 'true', sort: 'original' },
  controlled_rate: { state: 'controlled' },
  rectification_rate: { state: 'closed' },
  on_time_rate: { state: 'closed' },
  on_time_extended_rate: { state: 'closed' },
  median_days: { state: 'closed' },
}

/** The kinds of matters that count as problems; lags and tasks have their own lists. */
const PROBLEMS = 'finding,hazard'

/** At work and not under control: what the statistics call open. */
export const OPEN = 'found,disputed,confirmed,assigned,rectifying,returned,submitted'

export interface Cut {
  scope: string
  line: string
  from: string
  asOf: string
}

/** Measures of inspections: the list behind is one of those. */
const ofInspections = new Set(['trips', 'objects_inspected'])

/** The list behind a figure, or behind the numerator of a rate. */
export function behind(cut: Cut, code: string): Behind {
  if (ofInspections.has(code)) return inspected(cut)
  return { path: '/matters', query: listOf(cut, narrowed[code] ?? {}) }
}

/** What narrows the list of problems to the denominator of a rate, where that is not all that stands. */
const ofAll = (today: string): Record<string, Record<string, string>> => {
  const past = { original_to: addDays(today, -1), sort: 'original' }
  return { upheld_rate: { state: '' }, on_time_rate: past, overdue_rate: past }
}

/** The list behind the denominator of a rate; null where the product keeps no such list. */
export function behindAll(cut: Cut, code: string, today: string): Behind | null {
  if (code === 'problems_per_object') return inspected(cut)
  if (code === 'on_time_extended_rate') return null
  return { path: '/matters', query: listOf(cut, ofAll(cut.asOf ? addDays(cut.asOf, 1) : today)[code] ?? {}) }
}

function inspected(cut: Cut): Behind {
  const query: Record<string, string> = { scope: cut.scope, state: 'done' }
  if (cut.line) query['line'] = cut.line
  if (cut.from) query['done_from'] = cut.from
  if (cut.asOf) query['done_to'] = cut.asOf
  return { path: '/inspections/all', query }
}

export function listOf(cut: Cut, more: Record<string, string>): Record<string, string> {
  const query: Record<string, string> = { scope: cut.scope, kind: PROBLEMS, state: STANDS }
  if (cut.line) query['line'] = cut.line
  if (cut.from) query['found_from'] = cut.from
  if (cut.asOf) query['found_to'] = cut.asOf
  return Object.fromEntries(Object.entries({ ...query, ...more }).filter(([, value]) => value))
}
