import { describe, expect, it } from 'vitest'
import { kindOf, lasted, lasting, query, stateOfEvent, windowAround, windowOf, type GaugeEvent } from './events'

const now = Date.parse('2026-07-10T00:00:00Z')
const event = (more: object): GaugeEvent => ({ kind: 'warning', live: true, onset: { at: '2026-07-09T12:00:00Z', value: 10 }, ...more }) as unknown as GaugeEvent

describe('an event', () => {
  it('of rain tells its window', () => expect([kindOf(event({ kind: 'rain_180' })), windowOf(event({ kind: 'rain_180' })), windowOf(event({}))]).toEqual(['rain', 180, 0]))
  it('is open, falling, over, or ended by a person', () =>
    expect([event({}), event({ clear_at: '2026-07-09T13:00:00Z' }), event({ live: false }), event({ live: false, closed: 'revised' })].map(stateOfEvent)).toEqual(['open', 'falling', 'ended', 'revised']))
  it('lasts until it cleared, or until now', () => expect([lasted(event({}), now), lasted(event({ live: false, clear_at: '2026-07-09T12:30:00Z' }), now)]).toEqual([720, 30]))
  it('is told in two words of time', () => expect([3000, 125, 5].map((m) => lasting(m).key)).toEqual(['days', 'hm', 'm']))
})

describe('the curve of an event', () => {
  it('ends now while it stands', () => expect(windowAround(event({}), now)).toEqual({ days: '1' }))
  it('ends some hours behind it', () =>
    expect(windowAround(event({ live: false, onset: { at: '2026-07-01T00:00:00Z' }, clear_at: '2026-07-02T12:00:00Z' }), now)).toEqual({ days: '3', until: '2026-07-02T18:00:00.000Z' }))
})

it('days are those of Beijing', () =>
  expect(query({ q: '', division: '', kind: '', state: 'open', from: '2026-07-01', to: '2026-07-02' })).toMatchObject({ live: true, ended: false, since: '2026-07-01T00:00:00+08:00', until: '2026-07-02T23:59:59+08:00' }))
