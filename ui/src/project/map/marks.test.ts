import { describe, expect, it } from 'vitest'
import type { ProjectMark } from '@/api/project'
import { classOf, countsOf, marksOf, middle, worstFirst } from './marks'

const mark = (part: number, pace: ProjectMark['pace'], state: ProjectMark['state'], points: number[][] = [[120, 30]]): ProjectMark => ({
  project: part, part, code: '', name: { zh: `p${part}`, en: '' }, part_name: { zh: '', en: '' }, whole: true, kind: '', stage: '', pace, state,
  division: { code: 'a', name: { zh: '', en: '' }, short: '', level: 'county', functional: false }, shape: { kind: points.length > 1 ? 'line' : 'point', points } as ProjectMark['shape'],
})

describe('marks', () => {
  it('tell lag before the stage', () => {
    expect(classOf({ pace: 'severe', state: 'commissioned' })).toBe('severe')
    expect(classOf({ pace: 'on_schedule', state: 'building' })).toBe('building')
    expect(classOf({ pace: 'no_plan', state: 'waiting' })).toBe('waiting')
    expect(classOf({ pace: 'ended', state: 'accepted' })).toBe('done')
  })
  it('lie the worst on top and stand first', () => {
    const list = [mark(1, 'on_schedule', 'building'), mark(2, 'severe', 'building'), mark(3, 'lagging', 'building')]
    const [building, severe, lagging] = marksOf(list, (m) => m.name.zh)
    expect(severe!.rank).toBeGreaterThan(lagging!.rank)
    expect(lagging!.rank).toBeGreaterThan(building!.rank)
    expect(worstFirst(list).map((m) => m.part)).toEqual([2, 3, 1])
    expect(countsOf(list)).toEqual({ severe: 1, lagging: 1, unreported: 0, building: 1, waiting: 0, done: 0 })
  })
  it('stand in the middle of a line along its way, and not at all without a place', () => {
    expect(middle([[0, 0], [2, 0], [2, 2]])).toEqual([2, 0])
    expect(middle([[0, 0], [4, 0]])).toEqual([2, 0])
    expect(middle([[1, 1], [1, 1]])).toEqual([1, 1])
    const [line] = marksOf([mark(1, 'ended', 'accepted', [[0, 0], [4, 0]])], () => '')
    expect([line!.lon, line!.line]).toEqual([2, [[0, 0], [4, 0]]])
    expect(marksOf([mark(1, 'ended', 'accepted', [])], () => '')).toEqual([])
  })
})
