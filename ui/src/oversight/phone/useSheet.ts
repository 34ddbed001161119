/** An inspection on the phone: as the server has it, or as it was taken along, with what is written here laid over it. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Answer, Clause, FoundRow, InspectionDetail } from '@/api/oversight'
import { stampNow } from '@/identity/now'
import { session } from '@/identity/session'
import { asFault, type Fault } from '@/lib/fault'
import { listen } from '@/lib/events'
import { placeOf, type FindingDraft } from '../finding'
import { newId } from '../id'
import { clausesOf, readInspection } from '../read'
import { keepThing, readThing } from './idb'
import type { Entry, KeptFinding } from './outbox'
import { entries, keep, whenReceived } from './send'

export interface Taken {
  detail: InspectionDetail
  at: number
}

export const takenKey = (id: number): string => `sheet/${session.value?.account.id ?? ''}/${id}`

export async function takeAlong(detail: InspectionDetail): Promise<void> {
  await keepThing(takenKey(detail.id), { detail, at: Date.now() } satisfies Taken)
}

export interface ClauseState {
  answer: string
  /** The last word given here on the clause, if any. */
  entry: Entry | undefined
  findings: FoundRow[]
  kept: KeptFinding[]
  answered: boolean
}

export interface PhoneSheet {
  detail: ShallowRef<InspectionDetail | null>
  /** When what is shown was taken along; 0 where it is fresh. */
  keptAt: Ref<number>
  fault: ShallowRef<Fault | null>
  mine: ComputedRef<Entry[]>
  states: ComputedRef<Map<string, ClauseState>>
  reload: () => Promise<void>
  answer: (clause: Clause, answer: Answer) => Promise<void>
  find: (clause: Clause, draft: FindingDraft, again?: KeptFinding) => Promise<void>
}

export function useSheet(id: number): PhoneSheet {
  const detail = shallowRef<InspectionDetail | null>(null)
  const keptAt = ref(0)
  const fault = shallowRef<Fault | null>(null)
  const mine = computed(() => entries.value.filter((e) => e.inspection === id))

  function take(d: InspectionDetail): void {
    detail.value = d
    keptAt.value = 0
    fault.value = null
    void takeAlong(d).catch(() => undefined)
  }

  async function reload(): Promise<void> {
    try {
      take(await readInspection(id))
    } catch (thrown) {
      fault.value = asFault(thrown)
      if (detail.value) return
      const taken = await readThing<Taken>(takenKey(id)).catch(() => undefined)
      // One that came off its plan while it was written on is still here, and may still be taken.
      const ended = fault.value.kind === 'not_found' && mine.value.some((e) => e.sent === undefined)
      if (!taken || !(ended || ['offline', 'unavailable', 'internal'].includes(fault.value.kind))) return
      detail.value = taken.detail
      keptAt.value = taken.at
    }
  }

  const states = computed(() => {
    const out = new Map<string, ClauseState>()
    const d = detail.value
    if (!d) return out
    for (const c of clausesOf(d.list)) {
      const entry = mine.value.find((e) => e.kind === 'answer' && e.clause === c.code)
      const findings = d.findings.filter((f) => f.item === c.code)
      const kept = mine.value.filter((e): e is KeptFinding => e.kind === 'finding' && e.clause === c.code)
      // What the server has seen of it is in its own answers by now.
      const said = entry?.kind === 'answer' && entry.sent === undefined && !entry.refused ? entry.answer : ''
      const answer = findings.length || kept.length ? 'fail' : said || (d.answers[c.code] ?? '')
      out.set(c.code, { answer, entry, findings, kept, answered: findings.length > 0 || kept.length > 0 || answer === 'pass' || answer === 'na' })
    }
    return out
  })

  const base = (of: string): Pick<Entry, 'id' | 'account' | 'inspection' | 'made' | 'rev' | 'tries'> => ({
    id: of, account: session.value?.account.id ?? '', inspection: id, made: stampNow(), rev: newId(), tries: 0,
  })

  async function answer(clause: Clause, a: Answer): Promise<void> {
    await keep({ ...base(`answer/${id}/${clause.code}`), kind: 'answer', clause: clause.code, answer: a })
  }

  async function find(clause: Clause, draft: FindingDraft, again?: KeptFinding): Promise<void> {
    const fresh = base('')
    await keep({
      ...fresh,
      id: again?.id ?? `finding/${fresh.rev}`,
      // A refused finding that is written anew was seen when it was first written down.
      made: again?.made ?? fresh.made,
      kind: 'finding', clause: clause.code, severity: draft.severity, detail: draft.detail.trim(), place: placeOf(draft),
      photos: draft.photos.map((p) => ({ name: p.name, blob: p.blob })),
    })
  }

  const stops = [whenReceived((after) => after.id === id && take(after)), listen(['inspection.changed'], () => void reload())]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  return { detail, keptAt, fault, mine, states, reload, answer, find }
}
