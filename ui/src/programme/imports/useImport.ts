/** One workbook under a person's hands: mappings are changed, what they would do is asked for, and once they hold it is filed. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { ImportEffect, ImportView } from '@/api/types'
import { get, post, put, remove } from '@/lib/client'
import { asFault, type Fault } from '@/lib/fault'
import { filled } from '@/lib/lists'
import { useResource, type Resource } from '@/lib/resource'
import type { Mapping, Sheet } from './shapes'

export type Mode = 'replace' | 'fill' | 'strict'

const PATIENCE = 400
const lists = ['notes', 'sheets', 'sheets.rows', 'sheets.questions', 'sheets.mapping.columns', 'sheets.layout.heads', 'sheets.layout.problems', 'sheets.layout.notes']
const parts = ['rows', 'findings', 'changes']

export interface OpenImport {
  resource: Resource<ImportView>
  sheets: ShallowRef<Sheet[]>
  mappings: Ref<Record<string, Mapping>>
  taken: Ref<Set<string>>
  mode: Ref<Mode>
  effect: ShallowRef<ImportEffect | null>
  fault: ShallowRef<Fault | null>
  checking: Ref<boolean>
  busy: Ref<boolean>
  change: (sheet: string, mapping: Mapping) => void
  /** Says in which rows the header of a sheet stands and whether it is only to be checked; the sheet is recognised anew. */
  again: (sheet: string, from: number, to: number, published: boolean) => Promise<void>
  take: (sheet: string, yes: boolean) => void
  confirm: () => Promise<void>
  drop: () => Promise<boolean>
}

export function useImport(id: () => string): OpenImport {
  const mappings = ref<Record<string, Mapping>>({})
  const taken = ref(new Set<string>())
  const mode = ref<Mode>('replace')
  const effect = shallowRef<ImportEffect | null>(null)
  const fault = shallowRef<Fault | null>(null)
  const checking = ref(false)
  const busy = ref(false)
  const resource = useResource(id, async (which, signal) => filled(await get<ImportView>(`/api/imports/${which}`, {}, signal), lists))
  /** As recognised last: one whose header a person moved stands here anew, the others as they came. */
  const sheets = shallowRef<Sheet[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  watch(resource.data, (now) => {
    sheets.value = now?.sheets ?? []
    if (!now) return
    mappings.value = Object.fromEntries(now.sheets.map((s) => [s.name, s.mapping]))
    taken.value = new Set(now.sheets.filter((s) => s.chosen).map((s) => s.name))
    if (now.state === 'preview') void check()
  })
  onScopeDispose(() => clearTimeout(timer))

  const body = (): { mappings: Mapping[]; mode: Mode } => ({
    mappings: sheets.value.filter((s) => taken.value.has(s.name)).map((s) => mappings.value[s.name] ?? s.mapping),
    mode: mode.value,
  })

  /** Asks what the mappings as they are now would do; an answer that a later question overtakes is dropped. */
  async function check(): Promise<void> {
    const mine = ++turn
    if (!taken.value.size) {
      effect.value = null
      fault.value = null
      return
    }
    checking.value = true
    try {
      const answer = filled(await put<ImportEffect>(`/api/imports/${id()}/mapping`, body()), parts)
      if (mine !== turn) return
      effect.value = answer
      fault.value = null
    } catch (thrown) {
      if (mine !== turn) return
      effect.value = null
      fault.value = asFault(thrown)
    } finally {
      if (mine === turn) checking.value = false
    }
  }

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void check(), PATIENCE)
  }

  function change(sheet: string, mapping: Mapping): void {
    mappings.value = { ...mappings.value, [sheet]: mapping }
    soon()
  }

  async function again(sheet: string, from: number, to: number, published: boolean): Promise<void> {
    busy.value = true
    try {
      const now = filled(await get<Sheet>(`/api/imports/${id()}/sheet`, { sheet, header_from: from, header_to: to, published }), ['rows', 'questions', 'mapping.columns', 'layout.heads', 'layout.problems'])
      sheets.value = sheets.value.map((s) => (s.name === sheet ? now : s))
      change(sheet, now.mapping)
    } catch (thrown) {
      fault.value = asFault(thrown)
    } finally {
      busy.value = false
    }
  }

  function take(sheet: string, yes: boolean): void {
    const next = new Set(taken.value)
    if (yes) next.add(sheet)
    else next.delete(sheet)
    taken.value = next
    soon()
  }

  async function confirm(): Promise<void> {
    clearTimeout(timer)
    turn++
    busy.value = true
    fault.value = null
    try {
      const answer = filled(await post<ImportEffect>(`/api/imports/${id()}/confirm`, body()), parts)
      await resource.reload()
      effect.value = answer
    } catch (thrown) {
      fault.value = asFault(thrown)
    } finally {
      busy.value = false
    }
  }

  async function drop(): Promise<boolean> {
    busy.value = true
    try {
      await remove(`/api/imports/${id()}`)
      return true
    } catch (thrown) {
      fault.value = asFault(thrown)
      return false
    } finally {
      busy.value = false
    }
  }

  return { resource, sheets, mappings, taken, mode, effect, fault, checking, busy, change, again, take, confirm, drop }
}
