/** What a change of an entry says, held against the entry as it was read. */
import type { LedgerDetail } from '@/api/ledger'

export interface ChangeFields {
  due: string
  track: string
  note: string
  withdrawn: boolean
}

export const fieldsOf = (e: LedgerDetail): ChangeFields => ({ due: e.due ?? '', track: e.track ?? '', note: e.note ?? '', withdrawn: Boolean(e.withdrawn) })

/** The fields that were touched, with what they shall be. A day cannot be taken away, only replaced. */
export function touched(typed: ChangeFields, read: ChangeFields): Partial<ChangeFields> {
  const note = typed.note.trim()
  return {
    ...(typed.due && typed.due !== read.due ? { due: typed.due } : {}),
    ...(typed.track !== read.track ? { track: typed.track } : {}),
    ...(note !== read.note ? { note } : {}),
    ...(typed.withdrawn !== read.withdrawn ? { withdrawn: typed.withdrawn } : {}),
  }
}

/** What was touched stays; the rest is as it stands now. */
export const rebased = (typed: ChangeFields, read: ChangeFields, now: ChangeFields): ChangeFields => ({ ...now, ...touched(typed, read) })

/** The fields that were touched here and changed by somebody else to something different. */
export const contested = (typed: ChangeFields, read: ChangeFields, now: ChangeFields): (keyof ChangeFields)[] =>
  (Object.keys(touched(typed, read)) as (keyof ChangeFields)[]).filter((k) => now[k] !== read[k] && now[k] !== typed[k])
