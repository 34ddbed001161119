import { expect, test } from 'vitest'
import { nearness, presses, queryOf } from './filter'

test('only what the URL holds is asked for', () => {
  const held: Record<string, string> = { state: 'assigned', overdue: 'true' }
  expect(queryOf((k) => held[k] ?? '', '330604')).toEqual({ scope: '330604', state: 'assigned', overdue: 'true' })
})

test('a deadline is past, today, or to come, and nothing once it is closed', () => {
  expect(nearness(-3, true)).toEqual({ key: 'overdueDays', n: 3 })
  expect(nearness(0, true)).toEqual({ key: 'today', n: 0 })
  expect(nearness(5, true)).toEqual({ key: 'leftDays', n: 5 })
  expect(nearness(-3, false)).toBeNull()
})

test('a deadline presses until it is handed in or at rest, and under control it still does', () => {
  expect(['assigned', 'controlled', 'submitted'].map((state) => presses({ live: true, state }))).toEqual([true, true, false])
  expect(presses({ live: false, state: 'closed' })).toBe(false)
})
