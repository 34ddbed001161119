import { describe, expect, it } from 'vitest'
import { ails, damState, minutesAgo, spanOf } from './read'

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
