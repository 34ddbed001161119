/** One bulletin under the hands of a person: what is typed stays through conflicts and outages until it is saved or given up. */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { BulletinEdit, BulletinPaper } from '@/api/bulletin'
import { serverNow } from '@/identity/now'
import { patch, post } from '@/lib/client'
import { asFault, type Fault } from '@/lib/fault'
import { useResource, type Resource } from '@/lib/resource'
import { whenWell } from '@/lib/trouble'
import { altered, changesOf, keep, kept, rebase, TITLE, type Contest, type Drafts } from './draft'
import { plain } from './paper'
import { readBulletin, whole } from './read'

export type Saving = 'clean' | 'typed' | 'saving' | 'saved' | 'retry' | 'refused' | 'conflict'

export interface OpenBulletin {
  resource: Resource<BulletinPaper>
  paper: ShallowRef<BulletinPaper | null>
  drafts: Drafts
  dirty: ComputedRef<boolean>
  status: Ref<Saving>
  savedAt: Ref<number>
  fault: ShallowRef<Fault | null>
  contests: ShallowRef<Contest[]>
  /** A block is under the pen: its text, or undefined where the person gives it up. */
  type: (block: string, text: string | undefined) => void
  /** Saves all drafts and more changes; true where nothing is left unsaved. */
  save: (more?: BulletinEdit[]) => Promise<boolean>
  /** Ends a conflict: the blocks named take the other person's text, the rest keep mine and are saved. */
  settle: (theirs: readonly string[]) => Promise<void>
  /** Takes a step; what is typed is saved first. */
  step: (path: string, body?: Record<string, unknown>) => Promise<boolean>
}

export function useBulletin(id: () => string): OpenBulletin {
  const paper = shallowRef<BulletinPaper | null>(null)
  const drafts = reactive<Drafts>({})
  const status = ref<Saving>('clean')
  const savedAt = ref(0)
  const fault = shallowRef<Fault | null>(null)
  const contests = shallowRef<Contest[]>([])
  const dirty = computed(() => Object.values(drafts).some(altered))
  const resource = useResource(() => id() || null, (n, signal) => readBulletin(n, signal), ['bulletin.changed'])

  function replace(now: Drafts): void {
    for (const block of Object.keys(drafts)) if (!(block in now)) delete drafts[block]
    Object.assign(drafts, now)
  }

  /** Takes the bulletin as it stands now and holds what is typed against it. */
  function adopt(now: BulletinPaper): void {
    const before = paper.value
    if (before?.id === now.id && now.edit < before.edit) return
    if (before?.id !== now.id) {
      replace(now.moves.includes('edit') ? kept(String(now.id)) : {})
      status.value = dirty.value ? 'typed' : 'clean'
    }
    paper.value = now
    const r = rebase(drafts, now.full_title, now.blocks)
    replace(r.kept)
    contests.value = r.contests
    if (r.contests.length) status.value = 'conflict'
    else if (status.value === 'conflict') status.value = dirty.value ? 'typed' : 'clean'
  }
  watch(resource.data, (now) => now && adopt(now))
  watch(drafts, () => paper.value && keep(String(paper.value.id), drafts), { deep: true })

  function type(block: string, text: string | undefined): void {
    const p = paper.value
    if (!p) return
    if (text === undefined) delete drafts[block]
    else {
      const piece = p.blocks.find((b) => b.id === block)
      drafts[block] = { text, base: drafts[block]?.base ?? (block === TITLE ? p.full_title : piece ? plain(piece) : '') }
    }
    contests.value = contests.value.filter((c) => c.block in drafts)
    if (!contests.value.length) status.value = dirty.value ? 'typed' : 'clean'
  }

  async function save(more: BulletinEdit[] = []): Promise<boolean> {
    const p = paper.value
    if (!p || status.value === 'saving') return false
    if (contests.value.length) return false
    const mine = changesOf(drafts)
    // A paragraph that was struck out meanwhile comes back with my words.
    const back = p.blocks.filter((b) => b.removed && b.id in drafts).map((b): BulletinEdit => ({ op: 'restore', block: b.id }))
    const sent: Drafts = JSON.parse(JSON.stringify(drafts)) as Drafts
    for (const [block, d] of Object.entries(drafts)) if (!altered(d)) delete drafts[block]
    if (!mine.changes.length && mine.title === undefined && !more.length) return true
    status.value = 'saving'
    fault.value = null
    try {
      const now = whole(await patch<BulletinPaper>(`/api/bulletins/${p.id}`, { ...mine, changes: [...back, ...mine.changes, ...more], edit: p.edit }))
      // What was typed while the save was on its way stays.
      for (const [block, d] of Object.entries(sent)) {
        const still = drafts[block]
        if (still?.text === d.text) delete drafts[block]
        else if (still) still.base = d.text.trim()
      }
      adopt(now)
      savedAt.value = serverNow()
      status.value = dirty.value ? 'typed' : 'saved'
      return !dirty.value
    } catch (thrown) {
      await failed(asFault(thrown))
      return false
    }
  }

  async function failed(why: Fault): Promise<void> {
    fault.value = why
    status.value = ['offline', 'unavailable', 'internal', 'too_many'].includes(why.kind) ? 'retry' : 'refused'
    if (why.kind !== 'conflict') return
    await resource.reload()
    // Nobody touched what I changed: it can go out again on top of the other person's.
    if (!contests.value.length && dirty.value) status.value = 'typed'
  }

  async function settle(theirs: readonly string[]): Promise<void> {
    const p = paper.value
    if (!p) return
    const last = p.blocks.at(-1)?.id ?? ''
    const more: BulletinEdit[] = []
    for (const c of contests.value) {
      const d = drafts[c.block]
      const piece = p.blocks.find((b) => b.id === c.block)
      if (!d) continue
      // An added paragraph that the other took out comes back at the end.
      if (!theirs.includes(c.block) && !piece && c.block !== TITLE) more.push({ op: 'insert', block: last, text: d.text })
      if (theirs.includes(c.block) || (!piece && c.block !== TITLE)) delete drafts[c.block]
      else drafts[c.block] = { text: d.text, base: c.theirs }
    }
    contests.value = []
    status.value = dirty.value ? 'typed' : 'clean'
    await save(more)
  }

  async function step(path: string, body: Record<string, unknown> = {}): Promise<boolean> {
    if (dirty.value && !(await save())) return false
    const p = paper.value
    if (!p) return false
    fault.value = null
    try {
      const now = whole(await post<BulletinPaper>(`/api/bulletins/${p.id}/${path}`, path === 'receipt' ? undefined : { ...body, edit: p.edit }))
      adopt(now)
      return true
    } catch (thrown) {
      fault.value = asFault(thrown)
      if (fault.value.kind === 'conflict' && fault.value.code !== 'bulletin.flags') await resource.reload()
      return false
    }
  }

  const stop = whenWell(() => status.value === 'retry' && void save())
  onScopeDispose(stop)
  return { resource, paper, drafts, dirty, status, savedAt, fault, contests, type, save, settle, step }
}
