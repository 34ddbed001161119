/** What a count of a ledger comes to on a screen: its columns, its cells, its pace, and its year. */
import type { Count, LedgerBoard, Rules } from '@/api/ledger'
import type { Text } from '@/api/types'
import type { ChartMark, ChartSeries } from '@/components/Chart.vue'

/** One column of counties by states: what it counts, and the filter that finds the same entries. */
export interface BoardColumn {
  key: string
  /** Its name, or a message key where the rules give none. */
  name: Text | string
  query: Record<string, string>
}

export interface BoardCell {
  n: number
  /** Of how many, where it is a rate. */
  of: number | null
  /** In percent; null over nothing. */
  rate: number | null
  /** Where it should be by the plan, in percent. */
  calendar: number | null
  /** Somebody has to do something about it. */
  act: boolean
}

/** The filters that a cell sets; one that it leaves out is taken away. */
export const drilled = ['state', 'standing', 'lacks', 'track', 'q'] as const

export function stateColumns(rules: Rules, total: Count): BoardColumn[] {
  return [
    { key: 'to_do', name: 'ledger.toDo', query: { standing: 'to_do' } },
    ...rules.states.filter((s) => !s.aside || total.states[s.id]).map((s) => ({ key: `state.${s.id}`, name: s.name, query: { state: s.id, standing: 'to_do' } })),
    { key: 'left', name: 'ledger.left', query: { standing: 'left' } },
    { key: 'overdue', name: 'ledger.overdue', query: { standing: 'overdue' } },
    { key: 'done', name: 'ledger.rate', query: { standing: 'done' } },
    ...(total.aside ? [{ key: 'aside', name: 'ledger.aside', query: { standing: 'aside' } }] : []),
  ]
}

export function markColumns(rules: Rules): BoardColumn[] {
  return [
    ...rules.marks.map((m) => ({ key: `mark.${m.id}`, name: m.name, query: { lacks: m.id, standing: 'to_do' } })),
    { key: 'all_marks', name: 'ledger.allMarks', query: { standing: 'to_do' } },
  ]
}

/** In percent, and never 100 while one is missing. */
export function share(n: number, of: number): number | null {
  if (of === 0) return null
  return n === of ? 100 : Math.min(99.9, (n / of) * 100)
}

export function cellOf(count: Count, key: string): BoardCell {
  const [kind, id = ''] = key.split('.')
  const plain = (n: number, act = false): BoardCell => ({ n, of: null, rate: null, calendar: null, act })
  const rate = (n: number, calendar: number | null, act: boolean): BoardCell => ({ n, of: count.to_do, rate: share(n, count.to_do), calendar, act })
  switch (kind) {
    case 'state':
      return plain(count.states[id] ?? 0)
    case 'mark':
      return rate(count.marks[id] ?? 0, null, (count.marks[id] ?? 0) < count.to_do)
    case 'all_marks':
      return rate(count.all_marks, null, count.all_marks < count.to_do)
    case 'done':
      return rate(count.done, calendarOf(count), false)
    case 'overdue':
      return plain(count.overdue, count.overdue > 0)
    case 'left':
      return plain(count.left)
    case 'aside':
      return plain(count.aside)
  }
  return plain(count.to_do)
}

/** How much should be done by now, in percent. */
export function calendarOf(count: Count): number | null {
  return count.planned === null || count.to_do === 0 ? null : Math.max(0, 100 - (count.planned / count.to_do) * 100)
}

export interface Pace {
  key: 'late' | 'behind' | 'ahead' | 'on' | 'none'
  /** Whole entries. */
  n: number
}

/** How a count stands to its plan, in whole entries: those still to be done to be on the line, or those done beyond it. */
export function paceOf(count: Count): Pace {
  if (count.late) return { key: 'late', n: count.left }
  if (count.behind === null) return { key: 'none', n: 0 }
  if (count.behind > 0) return { key: 'behind', n: Math.ceil(count.behind) }
  const ahead = Math.floor(-count.behind)
  return ahead ? { key: 'ahead', n: ahead } : { key: 'on', n: 0 }
}

/** Whether a county passes by its marks: all of them hold for all that is to be done. Null where nothing is. */
export const passes = (rules: Rules, count: Count): boolean | null => (count.to_do ? rules.marks.every((m) => (count.marks[m.id] ?? 0) === count.to_do) : null)

/** The rate by which a county is judged: the least of its marks. */
export const leastMark = (rules: Rules, count: Count): number | null =>
  rules.marks.reduce<number | null>((least, m) => {
    const of = share(count.marks[m.id] ?? 0, count.to_do)
    return of === null ? least : Math.min(least ?? 100, of)
  }, null)

/** The day of a plan in the year that is shown. */
export const planDay = (asOf: string, day: string): string => `${asOf.slice(0, 4)}-${day}`

/** The year as a chart: what is left against the line, today and the last day of the plan. */
export function courseChart(board: LedgerBoard, names: { left: string; planned: string; now: string; due: string }): { labels: string[]; series: ChartSeries[]; marks: ChartMark[] } {
  const due = board.rules.plan ? planDay(board.as_of, board.rules.plan.due) : ''
  return {
    labels: board.course.map((p) => p.day),
    series: [
      { name: names.left, role: 'now', values: board.course.map((p) => p.left) },
      { name: names.planned, role: 'plan', values: board.course.map((p) => p.planned) },
    ],
    marks: [{ at: board.as_of, name: names.now }, ...(due && due !== board.as_of ? [{ at: due, name: names.due }] : [])],
  }
}
