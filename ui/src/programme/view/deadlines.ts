import type { DeadlineRow, DeadlineState } from '@/api/types'

/** A division meets a deadline when it meets every one of its targets; the worst state stands for the whole. */
export function divisionState(row: DeadlineRow, at: number): DeadlineState {
  const states = (row.items ?? []).map((i) => i.states?.[at] ?? 'unknown')
  for (const worst of ['missed', 'unknown', 'open'] as const) if (states.includes(worst)) return worst
  return states.length ? 'met' : 'unknown'
}
