import { describe, expect, it } from 'vitest'
import { counted, doubted, judged, roof } from './hydrograph'
import { heard, newest, stateOf, type Gauge, type GaugeSeries } from './read'

const gauge = (more: Partial<Gauge>): Gauge => ({ events: [], latest: [], contacts: [], ...more }) as unknown as Gauge
const reading = (quantity: string, at: string) => ({ quantity, at, value: 1, flags: [], counts: true })

describe('the state of a station', () => {
  it('is its worst event', () => expect(stateOf(gauge({ events: ['no_data', 'rain_1440', 'guarantee', 'warning'] }))).toBe('guarantee'))
  it('is never normal without a reading', () => expect(stateOf(gauge({}))).toBe('absent'))
  it('is normal with one and without an event', () => expect(stateOf(gauge({ latest: [reading('level', '2026-06-08T00:00:00Z')] }))).toBe('normal'))
})

describe('what a station told last', () => {
  const g = gauge({ latest: [reading('rain', '2026-06-08T00:05:00Z'), reading('upper_level', '2026-06-08T00:00:00Z')] })
  it('is of the first quantity it has', () => expect(newest(g, 'level', 'upper_level')?.quantity).toBe('upper_level'))
  it('came when the newest of all did', () => expect(heard(g)).toBe('2026-06-08T00:05:00Z'))
  it('is nothing where it was never heard', () => expect(heard(gauge({}))).toBeNull())
})

describe('a curve', () => {
  const at = '2026-06-08T00:00:00Z'
  const s = { points: [{ at, value: 1, counts: true }, { at, value: 9, counts: false, flags: ['range'] }, { at, value: null, counts: false, flags: ['absent'] }] } as unknown as GaugeSeries
  it('breaks where a reading is absent or does not count', () => expect(counted(s).map((p) => p[1])).toEqual([1, null, null]))
  it('shows what is doubted beside it', () => expect(doubted(s).map((p) => p[1])).toEqual([9]))
  it('tells what a person judged apart from what is doubted', () => {
    const some = { points: [...s.points, { at, value: 8, counts: false, flags: ['range', 'rejected'] }, { at, value: 7, counts: true, flags: ['corrected'] }] } as unknown as GaugeSeries
    expect([judged(some, 'rejected'), judged(some, 'corrected'), judged(some, 'accepted'), doubted(some)].map((l) => l.map((p) => p[1]))).toEqual([[8], [7], [], [9]])
  })
  it('leaves room above it for the rain', () => expect([roof(12, 13.4, true), roof(12, 12, false)]).toEqual([14.1, 12.1]))
  it('is empty where there is no series', () => expect(counted(null)).toEqual([]))
})
