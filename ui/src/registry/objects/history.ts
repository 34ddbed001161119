/** The changes, inspections and duties of an object as one line of time, the newest first. */
import type { InspectionRow } from '@/api/oversight'
import type { ObjectDuty, ObjectEdit } from '@/api/types'

export type Happening =
  | { kind: 'edit'; at: string; edit: ObjectEdit }
  | { kind: 'inspection'; at: string; inspection: InspectionRow }
  | { kind: 'began' | 'ended'; at: string; duty: ObjectDuty }

/** An inspection stands where it was done, or begun; one that is only planned has not happened. A duty begins, and may end. */
export function merged(edits: readonly ObjectEdit[], inspections: readonly InspectionRow[], duties: readonly ObjectDuty[]): Happening[] {
  const out: Happening[] = edits.map((edit) => ({ kind: 'edit', at: edit.at, edit }))
  for (const inspection of inspections) {
    const at = inspection.done_at ?? inspection.started_at
    if (at) out.push({ kind: 'inspection', at, inspection })
  }
  for (const duty of duties) {
    out.push({ kind: 'began', at: duty.since, duty })
    if (duty.until) out.push({ kind: 'ended', at: duty.until, duty })
  }
  return out.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}
