/** The filters of a list of matters: their names in the URL are those of the API. */
import type { Query } from '@/lib/client'

export const filterKeys = [
  'q', 'kind', 'line', 'state', 'severity', 'origin', 'object', 'object_kind', 'unit', 'person', 'source', 'source_id', 'item', 'step', 'calls_for',
  'due_from', 'due_to', 'original_from', 'original_to', 'found_from', 'found_to', 'closed_from', 'closed_to', 'live', 'overdue', 'overdue_first', 'recurrent', 'missed', 'incomplete', 'extension_asked',
] as const
export type FilterKey = (typeof filterKeys)[number]

/** Filters without a control of their own: shown as words that can be taken away. */
export const linkedKeys: readonly FilterKey[] = ['object', 'object_kind', 'unit', 'person', 'source', 'source_id', 'item', 'step', 'due_from', 'due_to', 'original_from', 'original_to', 'found_from', 'found_to', 'closed_from', 'closed_to', 'missed', 'extension_asked']

/** What the API is asked for: the scope, and each filter that the URL holds. */
export function queryOf(read: (key: FilterKey) => string, scope: string): Query {
  const query: Query = { scope }
  for (const key of filterKeys) {
    const value = read(key)
    if (value) query[key] = value
  }
  return query
}

/** How late or near a deadline is, as a word's key with its number. */
export function nearness(daysLeft: number, live: boolean): { key: 'overdueDays' | 'leftDays' | 'today'; n: number } | null {
  if (!live) return null
  if (daysLeft < 0) return { key: 'overdueDays', n: -daysLeft }
  return daysLeft === 0 ? { key: 'today', n: 0 } : { key: 'leftDays', n: daysLeft }
}

/**
 * Whether the deadline presses the side that answers: not once it has handed in, nor at rest. Under control it is the day by which it
 * must be mended for good.
 */
export const presses = (m: { live: boolean; state: string }): boolean => m.live && m.state !== 'submitted'
