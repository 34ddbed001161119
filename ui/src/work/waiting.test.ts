import { expect, test } from 'vitest'
import type { LadderRow, Waiting, WaitingRow } from '@/api/work'
import { lastDay } from '@/lib/time'
import { urgency } from './waiting'

const row = (days_left: number, overdue = false): WaitingRow => ({ days_left, overdue }) as WaitingRow
const letter = (reply_due: string): LadderRow => ({ reply_due }) as LadderRow

test('a deadline is the end of its day, so the instant itself is the next one', () => {
  expect(lastDay('2026-06-30T16:00:00Z')).toBe('2026-06-30')
  expect(lastDay('2026-06-30T15:59:59Z')).toBe('2026-06-30')
})

test('what waits is counted whole, also what is not shown, and pressed by its deadline', () => {
  const groups: Waiting[] = [{ why: 'review', total: 40, items: [row(-2, true), row(0), row(3), row(9)] }]
  expect(urgency({ groups, approve: { items: [letter('2026-06-09T16:00:00Z')], total: 1 }, reply: { items: [letter('2026-06-08T16:00:00Z'), letter('2026-06-05T16:00:00Z')], total: 2 } }, '2026-06-08')).toEqual({ all: 43, late: 2, today: 2, soon: 1 })
})

test('a matter for which the ladder calls for a step presses its owner, and who may propose the step only counts it', () => {
  const groups: Waiting[] = [{ why: 'step', total: 2, items: [row(-20, true), row(0)] }]
  expect(urgency({ groups, approve: { items: [], total: 0 }, reply: { items: [], total: 0 } }, '2026-06-08')).toEqual({ all: 2, late: 0, today: 0, soon: 0 })
})
