/** One return under the hands of a person: it saves as one types, tries again, and never writes over what it has not seen. */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { serverNow } from '@/identity/now'
import type { LineChange, ReturnDetail, ReturnRow } from '@/api/filing'
import type { Move } from '@/api/types'
import { get, patch, post } from '@/lib/client'
import { asFault, type Fault } from '@/lib/fault'
import { useResource, type Resource } from '@/lib/resource'
import { whenWell } from '@/lib/trouble'
import { entryOf, read, type BlankWords, type Entry, type Problem, type Slot } from './entry'
import { lineOf, merge, same, type Difference } from './merge'

export type Saving = 'clean' | 'waiting' | 'saving' | 'saved' | 'partial' | 'retry' | 'refused' | 'conflict'

export interface OpenReturn {
  resource: Resource<ReturnDetail>
  detail: ShallowRef<ReturnDetail | null>
  rows: ComputedRef<ReturnRow[]>
  entries: Record<string, Entry>
  problems: ComputedRef<Record<string, Problem>>
  status: Ref<Saving>
  savedAt: Ref<number>
  fault: ShallowRef<Fault | null>
  differing: ShallowRef<Difference[]>
  dirty: ComputedRef<boolean>
  type: (code: string, slot: Slot, text: string) => void
  revert: (code: string) => void
  /** Saves what can be saved now; true where nothing is left unsaved. */
  flush: () => Promise<boolean>
  /** Ends a conflict: the lines named take the other person's, the rest keep mine and are saved. */
  settle: (theirs: readonly string[]) => void
  move: (move: Move, reason: string) => Promise<ReturnDetail | null>
}

const PAUSE = 600
const RETRIES = [3_000, 10_000, 30_000]

const isDetail = (v: unknown): v is ReturnDetail => typeof v === 'object' && v !== null && 'rows' in v && 'edit' in v

export function useReturn(id: () => string, words: () => BlankWords): OpenReturn {
  const detail = shallowRef<ReturnDetail | null>(null)
  const entries = reactive<Record<string, Entry>>({})
  const unsaved = reactive(new Set<string>())
  const status = ref<Saving>('clean')
  const savedAt = ref(0)
  const fault = shallowRef<Fault | null>(null)
  const differing = shallowRef<Difference[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let flight: Promise<void> | null = null
  let tries = 0

  const resource = useResource(
    () => id() || null,
    (number, signal) => get<ReturnDetail>(`/api/returns/${encodeURIComponent(number)}`, {}, signal),
    ['return.changed', 'target.changed'],
  )
  const rows = computed(() => detail.value?.rows ?? [])
  const readings = computed(() => rows.value.map((r) => read(entries[r.indicator.code] ?? entryOf(r, words()), r.indicator)))
  const problems = computed(() => Object.fromEntries(readings.value.filter((r) => r.problem).map((r) => [r.line.indicator, r.problem])))

  /** Shows a row as the server has it; what says the same keeps the form it was typed in. */
  function refresh(row: ReturnRow): void {
    const entry = entries[row.indicator.code]
    if (entry && same(read(entry, row.indicator).line, lineOf(row)) && !read(entry, row.indicator).problem) return
    entries[row.indicator.code] = entryOf(row, words())
  }

  function show(now: ReturnDetail): void {
    if (detail.value?.id !== now.id) {
      unsaved.clear()
      differing.value = []
      for (const code of Object.keys(entries)) delete entries[code]
      status.value = 'clean'
    }
    detail.value = now
    for (const row of now.rows ?? []) if (!unsaved.has(row.indicator.code)) refresh(row)
  }

  /** Takes the return as it stands now, with what somebody else changed, and holds mine against it. */
  function adopt(now: ReturnDetail): void {
    const before = detail.value
    if (!before || before.id !== now.id) return show(now)
    if (now.edit < before.edit) return
    const merged = merge(before.rows ?? [], sendable(), now.rows ?? [])
    for (const code of merged.agreed) unsaved.delete(code)
    const open = new Map(differing.value.map((d) => [d.indicator, d]))
    for (const d of merged.differing) open.set(d.indicator, d)
    differing.value = [...open.values()]
    show(now)
    if (differing.value.length) status.value = 'conflict'
  }
  watch(resource.data, (now) => now && adopt(now))

  const sendable = (): LineChange[] => readings.value.filter((r) => unsaved.has(r.line.indicator) && !r.problem).map((r) => r.line)

  function plan(after: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), after)
  }

  async function send(): Promise<void> {
    const before = detail.value
    const lines = sendable()
    if (!before || !lines.length || differing.value.length) return
    status.value = 'saving'
    try {
      const now = await patch<ReturnDetail>(`/api/returns/${before.id}/lines`, { edit: before.edit, lines })
      const current = new Map(readings.value.map((r) => [r.line.indicator, r.line]))
      for (const line of lines) {
        const still = current.get(line.indicator)
        if (still && same(still, line)) unsaved.delete(line.indicator)
      }
      show(now)
      fault.value = null
      tries = 0
      savedAt.value = serverNow()
      if (sendable().length) plan(PAUSE)
      // A cell that cannot be read stays unsaved, and is not said to be safe.
      status.value = unsaved.size === 0 ? 'saved' : sendable().length ? 'waiting' : 'partial'
    } catch (thrown) {
      failed(asFault(thrown))
    }
  }

  function failed(why: Fault): void {
    fault.value = why
    if (why.kind === 'conflict' && isDetail(why.current)) {
      adopt(why.current)
      // Nobody touched my lines: they go out again on top of what the other person saved.
      if (!differing.value.length) plan(0)
    } else if (['offline', 'unavailable', 'internal', 'too_many'].includes(why.kind)) {
      status.value = 'retry'
      plan(RETRIES[Math.min(tries++, RETRIES.length - 1)] ?? PAUSE)
    } else {
      status.value = 'refused'
      if (why.kind === 'conflict') void resource.reload()
    }
  }

  function save(): Promise<void> {
    clearTimeout(timer)
    flight ??= send().finally(() => (flight = null))
    return flight
  }

  async function flush(): Promise<boolean> {
    await save()
    // What was typed while the first save was on its way.
    if (sendable().length && status.value === 'waiting' && !fault.value) await save()
    return unsaved.size === 0
  }

  function type(code: string, slot: Slot, text: string): void {
    const entry = entries[code]
    const row = rows.value.find((r) => r.indicator.code === code)
    if (!entry || !row || entry[slot] === text) return
    entry[slot] = text
    const now = read(entry, row.indicator)
    if (!now.problem && same(now.line, lineOf(row)) && !flight) unsaved.delete(code)
    else unsaved.add(code)
    if (status.value !== 'conflict') status.value = unsaved.size ? 'waiting' : 'clean'
    plan(PAUSE)
  }

  function revert(code: string): void {
    const row = rows.value.find((r) => r.indicator.code === code)
    if (!row || flight) return
    unsaved.delete(code)
    entries[code] = entryOf(row, words())
  }

  function settle(theirs: readonly string[]): void {
    for (const code of theirs) unsaved.delete(code)
    for (const row of rows.value) if (theirs.includes(row.indicator.code)) entries[row.indicator.code] = entryOf(row, words())
    differing.value = []
    status.value = unsaved.size ? 'waiting' : 'clean'
    plan(0)
  }

  async function move(next: Move, reason: string): Promise<ReturnDetail | null> {
    if (!(await flush()) || !detail.value) return null
    try {
      const now = await post<ReturnDetail>(`/api/returns/${detail.value.id}/moves`, { move: next, edit: detail.value.edit, reason })
      fault.value = null
      if (now.id === detail.value.id) show(now)
      return now
    } catch (thrown) {
      fault.value = asFault(thrown)
      if (fault.value.kind !== 'conflict') return null
      if (isDetail(fault.value.current)) adopt(fault.value.current)
      else void resource.reload()
      return null
    }
  }

  const stop = whenWell(() => {
    if (status.value !== 'retry') return
    tries = 0
    plan(0)
  })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  const dirty = computed(() => unsaved.size > 0)
  return { resource, detail, rows, entries, problems, status, savedAt, fault, differing, dirty, type, revert, flush, settle, move }
}
