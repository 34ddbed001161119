import { describe, expect, it } from 'vitest'
import type { Count, LedgerBoard, Rules } from '@/api/ledger'
import { calendarOf, cellOf, courseChart, leastMark, markColumns, paceOf, passes, share, stateColumns } from './board'

const count = (more: Partial<Count> = {}): Count =>
  ({ county: '330604', listed: 0, aside: 0, to_do: 0, done: 0, left: 0, overdue: 0, done_year: 0, titles: 0, states: {}, marks: {}, all_marks: 0, rate: null, planned: null, behind: null, per_week: null, late: false, ...more }) as Count
const name = { zh: '名', en: 'name' }
const rules = {
  states: [{ id: 'listed', name, aside: false }, { id: 'built', name, aside: false }, { id: 'given_up', name, aside: true }],
  marks: [{ id: 'task', name, by: '' }, { id: 'metered', name, by: 'county' }],
  plan: { from: '01-01', due: '09-30', shares: [] },
} as unknown as Rules

describe('cells', () => {
  it('each cell finds the entries that it counts', () => {
    const columns = stateColumns(rules, count())
    expect(columns.map((c) => c.key)).toEqual(['to_do', 'state.listed', 'state.built', 'left', 'overdue', 'done'])
    expect(columns[1]?.query).toEqual({ state: 'listed', standing: 'to_do' })
    expect(markColumns(rules)[1]?.query).toEqual({ lacks: 'metered', standing: 'to_do' })
  })
  it('what is not counted has a column only where there is some', () => {
    expect(stateColumns(rules, count({ aside: 2 })).at(-1)?.key).toBe('aside')
  })
  it('a state without entries is none, not unknown', () => {
    expect(cellOf(count({ states: { built: 3 } }), 'state.built').n).toBe(3)
    expect(cellOf(count(), 'state.built').n).toBe(0)
  })
  it('overdue and a mark that is short want an act', () => {
    expect(cellOf(count({ overdue: 1 }), 'overdue').act).toBe(true)
    expect(cellOf(count({ to_do: 5, marks: { task: 4 } }), 'mark.task')).toMatchObject({ n: 4, of: 5, rate: 80, act: true })
    expect(cellOf(count({ to_do: 5, marks: { task: 5 } }), 'mark.task').act).toBe(false)
  })
})

describe('rates', () => {
  it('nothing has no rate, and one missing of many is not all', () => {
    expect(share(0, 0)).toBeNull()
    expect(share(2499, 2500)).toBe(99.9)
    expect(share(2500, 2500)).toBe(100)
  })
  it('a county passes by the least of its marks', () => {
    const c = count({ to_do: 4, marks: { task: 4, metered: 3 } })
    expect([passes(rules, c), leastMark(rules, c)]).toEqual([false, 75])
    expect(passes(rules, count({ to_do: 4, marks: { task: 4, metered: 4 } }))).toBe(true)
    expect([passes(rules, count()), leastMark(rules, count())]).toEqual([null, null])
  })
  it('the plan is a mark on the bar', () => {
    expect(calendarOf(count({ to_do: 40, planned: 10 }))).toBe(75)
    expect(calendarOf(count({ to_do: 40 }))).toBeNull()
  })
})

describe('pace', () => {
  it('is told in whole entries', () => {
    expect(paceOf(count({ behind: 3.2 }))).toEqual({ key: 'behind', n: 4 })
    expect(paceOf(count({ behind: -3.8 }))).toEqual({ key: 'ahead', n: 3 })
    expect(paceOf(count({ behind: -0.4 }))).toEqual({ key: 'on', n: 0 })
    expect(paceOf(count({ behind: 5, late: true, left: 5 }))).toEqual({ key: 'late', n: 5 })
    expect(paceOf(count()).key).toBe('none')
  })
})

it('the year keeps days to come apart from none left', () => {
  const board = { rules, as_of: '2026-07-15', course: [{ day: '2026-07-15', left: 0, planned: 4.5 }, { day: '2026-07-16', left: null, planned: 4.4 }] } as unknown as LedgerBoard
  const chart = courseChart(board, { left: 'l', planned: 'p', now: 'n', due: 'd' })
  expect(chart.series[0]?.values).toEqual([0, null])
  expect(chart.marks).toEqual([{ at: '2026-07-15', name: 'n' }, { at: '2026-09-30', name: 'd' }])
})
