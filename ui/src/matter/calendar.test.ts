import { expect, test } from 'vitest'
import { addDays, dueWithin, gravities, weeksOf } from './calendar'

test('a month is whole weeks from Monday', () => {
  const june = weeksOf('2026-06') // begins on a Monday
  expect(june.map((w) => [w[0], w[6]])).toEqual([['2026-06-01', '2026-06-07'], ['2026-06-08', '2026-06-14'], ['2026-06-15', '2026-06-21'], ['2026-06-22', '2026-06-28'], ['2026-06-29', '2026-07-05']])
  expect(weeksOf('2026-02').map((w) => w[0])).toEqual(['2026-01-26', '2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23'])
  expect(weeksOf('2027-02')).toHaveLength(4) // 28 days from a Monday
  expect(weeksOf('2026-12').at(-1)).toEqual(['2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02', '2027-01-03'])
})

test('days step over the ends of months and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
})

test('the gravest stand first, and none are left out', () => {
  expect(gravities({ day: '2026-06-08', count: 4, overdue: 0, severity: [1, 2, 0, 1, 0] })).toEqual([{ severity: 3, n: 1 }, { severity: 1, n: 2 }, { severity: 0, n: 1 }])
})

test('a day leads to the list of that day', () => {
  expect(dueWithin('2026-06-08', '2026-06-08')).toEqual({ view: '', live: 'true', due_from: '2026-06-08', due_to: '2026-06-08' })
})
