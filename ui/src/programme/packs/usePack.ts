/** One pack under an administrator's hands: changed in forms or as text, checked as one types, kept in this browser until it is saved. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Pack, PackCheck, PackSource } from '@/api/types'
import { get, post, put } from '@/lib/client'
import { asFault, Fault } from '@/lib/fault'
import { filled } from '@/lib/lists'
import { useResource, type Resource } from '@/lib/resource'
import { loadCatalogue } from '../catalogue'
import { forgetDraft, keepDraft, keptDraft } from './drafts'
import { merge } from './shape'

const PATIENCE = 400
const lists = ['indicators', 'forms', 'targets', 'deadlines', 'peers', 'forms.lines', 'deadlines.targets']
const checked = (answer: PackCheck): PackCheck => {
  if (answer.pack) filled(answer.pack, lists)
  return filled(answer, ['fields', 'changes'])
}
const sourced = (answer: PackSource): PackSource => (filled(answer.pack, lists), answer)

/** What a draft rests on, and what stands now where somebody else was faster. */
interface Ground {
  base: PackSource | null
  newest: PackSource | null
}

export interface OpenPack {
  resource: Resource<Ground>
  base: ShallowRef<PackSource | null>
  draft: ShallowRef<Pack | null>
  text: Ref<string>
  check: ShallowRef<PackCheck | null>
  /** The text cannot be read as a pack; the forms wait until it can. */
  broken: Ref<boolean>
  dirty: ComputedRef<boolean>
  checking: Ref<boolean>
  busy: Ref<boolean>
  fault: ShallowRef<Fault | null>
  theirs: ShallowRef<PackSource | null>
  /** Places where a merge let mine stand over theirs. */
  clashes: Ref<string[]>
  setPack: (pack: Pack) => void
  setText: (text: string) => void
  discard: () => void
  join: () => void
  save: () => Promise<boolean>
}

/** Reads what stands, and what a kept draft rests on; a pack that is only a draft so far rests on nothing. */
async function ground(id: string, signal: AbortSignal): Promise<Ground> {
  const kept = keptDraft(id)
  const path = `/api/packs/${encodeURIComponent(id)}`
  let newest: PackSource | null = null
  try {
    newest = sourced(await get<PackSource>(path, {}, signal))
  } catch (thrown) {
    if (!(thrown instanceof Fault) || thrown.kind !== 'not_found' || !kept || kept.base) throw thrown
  }
  if (!kept || !newest || kept.base === newest.version) return { base: newest, newest }
  return { base: kept.base ? sourced(await get<PackSource>(path, { version: kept.base }, signal)) : null, newest }
}

export function usePack(id: () => string): OpenPack {
  const base = shallowRef<PackSource | null>(null)
  const draft = shallowRef<Pack | null>(null)
  const text = ref('')
  const check = shallowRef<PackCheck | null>(null)
  const broken = ref(false)
  const pending = ref(false)
  const checking = ref(false)
  const busy = ref(false)
  const fault = shallowRef<Fault | null>(null)
  const theirs = shallowRef<PackSource | null>(null)
  const clashes = ref<string[]>([])
  const resource = useResource(id, ground, ['pack.changed'])
  const dirty = computed(() => pending.value || broken.value || text.value !== (base.value?.source ?? ''))
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  let opened = ''
  onScopeDispose(() => clearTimeout(timer))

  function rest(on: PackSource | null): void {
    clearTimeout(timer)
    turn++
    base.value = on
    draft.value = on?.pack ?? null
    text.value = on?.source ?? ''
    check.value = null
    fault.value = theirs.value = null
    broken.value = pending.value = checking.value = false
    clashes.value = []
  }

  watch(resource.data, (now) => {
    if (!now) return
    const kept = opened === id() ? null : keptDraft(id())
    opened = id()
    if (kept) {
      rest(now.base)
      if (now.newest && now.newest.version !== kept.base) theirs.value = now.newest
      setText(kept.source)
    } else if (!dirty.value) rest(now.newest)
    else if (now.newest && now.newest.version !== base.value?.version) theirs.value = now.newest
  })

  /** Holds the draft against the rules; an answer that a later change overtakes is dropped. */
  async function ask(body: { source: string } | { pack: Pack }): Promise<void> {
    const mine = ++turn
    checking.value = true
    try {
      const answer = checked(await post<PackCheck>('/api/packs/check', body))
      if (mine !== turn) return
      check.value = answer
      fault.value = null
      broken.value = !answer.pack
      if (answer.pack) draft.value = answer.pack
      if ('pack' in body && answer.source) text.value = answer.source
      pending.value = false
      if (dirty.value) keepDraft(id(), { base: base.value?.version ?? 0, source: text.value })
      else forgetDraft(id())
    } catch (thrown) {
      if (mine === turn) fault.value = asFault(thrown)
    } finally {
      if (mine === turn) checking.value = false
    }
  }

  function soon(body: () => Parameters<typeof ask>[0]): void {
    clearTimeout(timer)
    turn++
    pending.value = true
    timer = setTimeout(() => void ask(body()), PATIENCE)
  }

  function setPack(pack: Pack): void {
    draft.value = pack
    soon(() => ({ pack: draft.value as Pack }))
  }

  function setText(source: string): void {
    text.value = source
    soon(() => ({ source: text.value }))
  }

  function discard(): void {
    const now = theirs.value ?? base.value
    forgetDraft(id())
    rest(now)
  }

  /** Puts my changes upon what somebody else saved meanwhile. */
  function join(): void {
    if (!theirs.value || !draft.value || !base.value) return
    const now = theirs.value
    const both = merge(base.value.pack, draft.value, now.pack)
    rest(now)
    clashes.value = both.clashes
    setPack(both.pack)
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer)
    turn++
    busy.value = true
    fault.value = null
    try {
      const body = { base: base.value?.version ?? 0, source: text.value }
      const saved = sourced(await put<PackSource>(`/api/packs/${encodeURIComponent(id())}`, body))
      forgetDraft(id())
      rest(saved)
      await loadCatalogue(true)
      return true
    } catch (thrown) {
      const refused = asFault(thrown)
      if (refused.code === 'pack.stale' && refused.current) theirs.value = sourced(refused.current as PackSource)
      else fault.value = refused
      return false
    } finally {
      busy.value = false
    }
  }

  return { resource, base, draft, text, check, broken, dirty, checking, busy, fault, theirs, clashes, setPack, setText, discard, join, save }
}
