import { describe, expect, it } from 'vitest'
import type { Cell, Cockpit, CockpitRow, DivisionRef } from '@/api/types'
import { cellOf, groupsOf, lagsOf } from './cockpit'

const division = (code: string): DivisionRef => ({ code, name: { zh: code, en: code }, short: code, level: 'county', functional: false })
const cell = (grade: Cell['grade'], gap: number | null): Cell => ({ division: '', grade, gap }) as Cell
const row = (target: string, total: Cell, cells: Cell[]): CockpitRow => ({ indicator: 'i', target, total, cells }) as CockpitRow
const cockpit = (divisions: DivisionRef[], rows: CockpitRow[]): Cockpit =>
  ({ scope: division('city'), divisions, groups: [{ pack: 'p', title: { zh: 'P', en: 'P' }, line: 'l', rows }], lagging: [] }) as unknown as Cockpit

describe('the chosen cell', () => {
  const data = cockpit([division('a'), division('b')], [row('t', cell('lag', -1), [cell('done', 0), cell('serious', -12)])])
  it('is found by measure and division', () => {
    expect(cellOf(data, 'i@t|b')?.cell.grade).toBe('serious')
    expect(cellOf(data, 'i@t|total')?.division.code).toBe('city')
  })
  it('is none where the link names what is gone', () => {
    for (const gone of ['', 'i@t', 'i@t|c', 'x|a']) expect(cellOf(data, gone)).toBeNull()
  })
  it('keeps two targets on one indicator apart', () => {
    const two = cockpit([], [row('t1', cell('lag', 0), []), row('t2', cell('lag', 0), [])])
    expect(groupsOf(two, (x) => x.zh)[0]?.rows.map((r) => r.key)).toEqual(['i@t1', 'i@t2'])
  })
})

it('a county with nothing below it sees its own lags, the worst first', () => {
  const data = cockpit([], [row('a', cell('lag', -2), []), row('b', cell('done', 1), []), row('c', cell('overdue', -1), []), row('d', cell('lag', -9), [])])
  expect(lagsOf(data).map((r) => r.measure.target)).toEqual(['c', 'd', 'a'])
})
