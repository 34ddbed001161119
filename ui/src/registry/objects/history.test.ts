import { expect, test } from 'vitest'
import type { InspectionRow } from '@/api/oversight'
import type { ObjectDuty, ObjectEdit } from '@/api/types'
import { merged } from './history'

const edit = (at: string): ObjectEdit => ({ at, seq: 1, by: '', action: 'change', changed: [] })
const inspection = (started: string | null, done: string | null): InspectionRow => ({ started_at: started, done_at: done }) as InspectionRow
const duty = (since: string, until?: string): ObjectDuty => ({ since, ...(until ? { until } : {}) }) as ObjectDuty

test('what happened stands in one order, the newest first', () => {
  const all = merged([edit('2026-01-05T00:00:00Z')], [inspection('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'), inspection('2026-04-01T00:00:00Z', null)], [duty('2025-01-01T00:00:00+08:00', '2026-01-04T23:00:00Z')])
  expect(all.map((h) => [h.kind, h.at.slice(0, 10)])).toEqual([['inspection', '2026-04-01'], ['inspection', '2026-03-01'], ['edit', '2026-01-05'], ['ended', '2026-01-04'], ['began', '2025-01-01']])
})

test('what is only planned has not happened, and a duty that stands has no end', () => {
  expect(merged([], [inspection(null, null)], [duty('2026-01-01T00:00:00Z')]).map((h) => h.kind)).toEqual(['began'])
})
