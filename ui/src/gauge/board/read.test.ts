import { describe, expect, it } from 'vitest'
import { ails, damState, inflowOf, minutesAgo, spanOf, storageOf } from './read'

const now = Date.parse('2026-06-08T08:40:00+08:00')

describe('a window of rain', () => {
  it('is so many minutes until now', () => expect(spanOf('180', now)).toEqual({ minutes: 180 }))
  it('begins at 08:00', () => expect(spanOf('day', now)).toEqual({ minutes: 40 }))
  it('is at least as long as one reading', () => expect(spanOf('day', Date.parse('2026-06-08T08:01:00+08:00'))).toEqual({ minutes: 5 }))
  it('is the day that ended at 08:00', () => expect(spanOf('yesterday', now)).toEqual({ minutes: 1440, at: '2026-06-08T00:00:00.000Z' }))
})

describe('a reservoir', () => {
  it('is above at its limit', () => expect(damState({ above: 0 })).toBe('exceeds'))
  it('is unknown without a figure, never below', () => expect(damState({ above: null })).toBe('unknown'))
})

describe('how a station is', () => {
  const well = { online: true, alarms: [], today: { rate: 1 } } as never
  it('is well, or ails', () => expect([ails(well), ails({ ...(well as object), online: false } as never), ails({ ...(well as object), today: { rate: 0.9 } } as never)]).toEqual([false, true, true]))
  it('is not late where nothing was due', () => expect(ails({ ...(well as object), today: {} } as never)).toBe(false))
  it('tells how long ago it spoke', () => expect([minutesAgo('2026-06-08T00:30:00Z', now), minutesAgo(undefined, now)]).toEqual([10, null]))
})

describe('what a reservoir holds', () => {
  const level = { counts: true }
  const f = (d: object) => storageOf(d as never)
  it('is as the station reports it', () => expect(f({ storage: { counts: true, value: 5 }, curve: { storage_1e6m3: 6 } })).toEqual({ value: 5, of: 'station' }))
  it('is by its curve where it does not report it', () => expect(f({ curve: { storage_1e6m3: 6 }, level })).toEqual({ value: 6, of: 'curve' }))
  it('is never zero where it is not known', () =>
    expect([f({ level }), f({ curve: { storage_1e6m3: null }, level }), f({ curve: { storage_1e6m3: null } })]).toEqual([{ value: null, of: 'bare' }, { value: null, of: 'off' }, { value: null, of: 'silent' }]))
})

describe('what flows into a reservoir', () => {
  const change = (hours: number, gain: number | null, inflow: number | null) => ({ hours, gain_m3s: gain, inflow_m3s: inflow })
  const f = (d: object) => inflowOf(d as never)
  it('is as the station reports it', () => expect(f({ inflow: { counts: true, value: 9 }, changes: [] })).toMatchObject({ value: 9, of: 'station' }))
  it('is hinted at by the last three hours', () => expect(f({ changes: [change(1, 1, 2), change(3, 4, 5)] })).toEqual({ value: 5, of: 'hint', hours: 3 }))
  it('is net where the outflow is not known', () => expect(f({ changes: [change(1, -1, null)] })).toEqual({ value: -1, of: 'net', hours: 1 }))
  it('is not known without a curve', () => expect(f({ changes: [change(3, null, null)] })).toMatchObject({ value: null, of: 'none' }))
})
