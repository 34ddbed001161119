/** One list of the registry: its filters live in the URL, its pages follow each other, and the export reads them all. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef, type WritableComputedRef } from 'vue'
import type { Page } from '@/api/types'
import { get, type Query } from '@/lib/client'
import { asFault, type Fault } from '@/lib/fault'
import { filled } from '@/lib/lists'
import { useResource, type Resource } from '@/lib/resource'
import { useView } from '@/lib/view'

const PAGE = 100
const EXPORT_MOST = 20_000

export interface RegistryList<T> {
  list: Resource<Page<T>>
  rows: ComputedRef<T[]>
  next: Ref<string>
  fault: ShallowRef<Fault | null>
  search: WritableComputedRef<string>
  division: WritableComputedRef<string>
  /** "1" where closed ones are listed too. */
  retired: WritableComputedRef<string>
  organisation: WritableComputedRef<string>
  /** The filter of this list alone. */
  narrow: WritableComputedRef<string>
  /** Id of the row in the panel, or "new". */
  selected: WritableComputedRef<string>
  chosen: ComputedRef<T | null>
  filtered: ComputedRef<boolean>
  clear: () => void
  more: () => Promise<void>
  /** Reads the list and the row in the panel again. */
  reload: () => Promise<void>
  all: () => Promise<T[]>
}

/** Reads `/api/<path>`; `narrow` names the filter that only this list has, `lists` the fields that may come as null. */
export function useRegistryList<T extends { id: string }>(path: string, narrow: 'kind' | 'line' | '', lists: readonly string[] = []): RegistryList<T> {
  const view = useView()
  const search = view.key('q')
  const division = view.key('division')
  const retired = view.key('retired')
  const organisation = view.key('organisation')
  const own = view.key(narrow || 'narrow')
  const selected = view.key('selected')
  const later = shallowRef<T[]>([])
  const next = ref('')
  const fault = shallowRef<Fault | null>(null)

  const query = (): Query => ({ q: search.value, division: division.value, organisation: organisation.value, retired: retired.value === '1', ...(narrow ? { [narrow]: own.value } : {}), limit: PAGE })
  const read = async (more: Query, signal?: AbortSignal): Promise<Page<T>> =>
    filled(await get<Page<T>>(`/api/${path}`, { ...query(), ...more }, signal), ['items', ...lists.map((l) => `items.${l}`)])
  const list = useResource(query, (_, signal) => read({}, signal))
  watch(list.data, (page) => {
    later.value = []
    next.value = page?.next ?? ''
  })
  const rows = computed(() => [...(list.data.value?.items ?? []), ...later.value])

  // A link, or a change, may choose a row that the list at hand does not hold: it is read alone.
  const alone = useResource(
    () => (list.data.value && selected.value && selected.value !== 'new' && !rows.value.some((r) => r.id === selected.value) ? selected.value : null),
    async (id, signal) => filled(await get<T>(`/api/${path}/${encodeURIComponent(id)}`, {}, signal), lists),
  )
  const chosen = computed(() => {
    const listed = rows.value.find((r) => r.id === selected.value)
    return listed ?? (alone.data.value?.id === selected.value ? alone.data.value : null)
  })

  async function reload(): Promise<void> {
    await Promise.all([list.reload(), alone.reload()])
  }

  async function more(): Promise<void> {
    fault.value = null
    try {
      const page = await read({ cursor: next.value })
      later.value = [...later.value, ...page.items]
      next.value = page.next ?? ''
    } catch (thrown) {
      fault.value = asFault(thrown)
    }
  }

  async function all(): Promise<T[]> {
    const out: T[] = []
    for (let cursor = ''; out.length < EXPORT_MOST; ) {
      const page = await read({ cursor, limit: 200 })
      out.push(...page.items)
      cursor = page.next ?? ''
      if (!cursor) break
    }
    return out
  }

  return {
    list, rows, next, fault, search, division, retired, organisation, narrow: own, selected,
    chosen,
    filtered: computed(() => Boolean(search.value || division.value || retired.value || organisation.value || own.value)),
    clear: () => view.set({ q: '', division: '', retired: '', organisation: '', kind: '', line: '' }),
    more, reload, all,
  }
}
