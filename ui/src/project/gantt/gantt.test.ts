import { describe, expect, it } from 'vitest'
import type { Gantt, GanttBar } from '@/api/project'
import { axisOf, barsOf, groupsOf, rolledUp, spanOf } from './gantt'

const place = (code: string) => ({ code, name: { zh: code, en: code }, short: code, level: 'county', functional: false })
const row = (project: number, part: number, depth: number, spans: Partial<GanttBar['spans'][number]>[] = [], county = 'a'): GanttBar => ({
  project, part, depth, name: { zh: `p${part}`, en: '' }, division: place(county), stage: 'construction', state: 'building', pace: 'on_schedule', dates: [],
  spans: spans.map((s) => ({ stage: 'construction', planned_from: null, planned_to: null, from: null, to: null, ...s })),
})

describe('the axis', () => {
  it('runs over whole years and bears years or quarters', () => {
    const year = axisOf('2024-03-05', '2026-11-01', 'year')
    expect([year.from, year.to]).toEqual(['2024-01-01', '2027-01-01'])
    expect(year.ticks.map((k) => k.label)).toEqual(['2024', '2025', '2026'])
    const quarter = axisOf('2024-03-05', '2024-11-01', 'quarter')
    expect(quarter.ticks.map((k) => k.label)).toEqual(['2024', 'Q2', 'Q3', 'Q4'])
    expect(quarter.width).toBeGreaterThan(axisOf('2024-03-05', '2024-11-01', 'year').width)
  })
  it('keeps a day that lies outside at its edge', () => {
    const axis = axisOf('2024-01-01', '2024-12-31', 'year')
    expect(axis.x('2020-01-01')).toBe(0)
    expect(axis.x('2030-01-01')).toBe(axis.width)
    expect(axis.x('2024-07-01')).toBeCloseTo(axis.width / 2, 0)
  })
})

describe('bars', () => {
  it('show a plan only where both its ends are known, and what goes on up to the day', () => {
    const bars = barsOf(row(1, 1, 0, [{ planned_from: '2025-01-01', planned_to: '2026-12-31', from: '2025-02-01' }, { stage: 'acceptance', planned_from: '2027-01-01' }]), '2026-06-08')
    expect(bars).toEqual([
      { stage: 'construction', from: '2025-01-01', to: '2026-12-31', planned: true, open: false },
      { stage: 'construction', from: '2025-02-01', to: '2026-06-08', planned: false, open: true },
    ])
  })
  it('do not show what had not begun on the day, nor its end after it', () => {
    expect(barsOf(row(1, 1, 0, [{ from: '2026-05-01' }]), '2026-04-01')).toEqual([])
    expect(barsOf(row(1, 1, 0, [{ from: '2026-03-01', to: '2026-05-01' }]), '2026-04-01')[0]?.to).toBe('2026-04-01')
  })
  it('tell the span in words', () => {
    expect(spanOf(row(1, 1, 0, [{ from: '2024-01-01', to: '2025-01-01' }, { from: '2025-01-01' }]))).toEqual({ from: '2024-01-01', to: null })
    expect(spanOf(row(1, 1, 0, [{ planned_from: '2027-01-01' }]))).toBeNull()
  })
})

describe('groups', () => {
  const gantt: Gantt = { items: [row(1, 1, 0), row(1, 2, 1, [], 'b'), row(2, 3, 0, [], 'b'), row(3, 4, 0, [], 'a')], from: '', to: '', as_of: '' }
  it('keep the parts with their project', () => {
    const groups = groupsOf(gantt, (r) => [{ key: r.division.code, name: r.division.code }], true)
    expect(groups.map((g) => [g.key, g.rows.map((r) => r.part)])).toEqual([['a', [1, 2, 4]], ['b', [3]]])
  })
  it('leave parts out where they are not asked for, show a project in each of its programmes, and those without one last', () => {
    const of = (r: GanttBar) => (r.project === 1 ? [{ key: '', name: 'none' }] : r.project === 2 ? [{ key: 'x', name: 'x' }, { key: 'y', name: 'y' }] : [{ key: 'x', name: 'x' }])
    expect(groupsOf(gantt, of, false).map((g) => [g.key, g.rows.map((r) => r.part)])).toEqual([['x', [3, 4]], ['y', [3]], ['', [1]]])
  })
})

describe('a whole with parts', () => {
  it('hands over to them when they begin, and bears the worst of their paces', () => {
    const whole = row(1, 1, 0, [{ stage: 'feasibility', from: '2020-01-01' }])
    const rows = [whole, { ...row(1, 2, 1, [{ from: '2024-05-01' }]), pace: 'severe' as const }, row(1, 3, 1, [{ from: '2023-02-01' }])]
    const rolled = rolledUp(rows, (p) => (p === 'severe' ? 1 : 0)).get(1)
    expect(rolled).toEqual({ until: '2023-02-01', pace: 'severe' })
    expect(barsOf(whole, '2026-06-08', rolled?.until)[0]?.to).toBe('2023-02-01')
  })
})
