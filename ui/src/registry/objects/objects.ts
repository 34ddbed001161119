/** The list of objects: its filters live in the URL, its pages follow each other by key. */
import { computed, ref, shallowRef, watch } from 'vue'
import type { ObjectDue, ObjectTally, Page, WaterObject } from '@/api/types'
import { get, type Query } from '@/lib/client'
import { asFault, type Fault } from '@/lib/fault'
import { filled } from '@/lib/lists'
import { useResource } from '@/lib/resource'
import { useView } from '@/lib/view'

const PAGE = 100

/** The fields of an object that may come as null. */
export const LISTS = ['duties', 'gaps'] as const

export const readObject = async (id: string, signal?: AbortSignal): Promise<WaterObject> => filled(await get<WaterObject>(`/api/objects/${encodeURIComponent(id)}`, {}, signal), LISTS)

export const dueStates: readonly ObjectDue[] = ['overdue', 'due_soon', 'unknown', 'ok']

export function useObjects() {
  const view = useView()
  const filters = {
    q: view.key('q'),
    kind: view.key('kind'),
    division: view.key('division'),
    scale: view.key('scale'),
    class: view.key('class'),
    due: view.key('due'),
    disposition: view.key('disposition'),
    charging: view.key('charging'),
    retired: view.key('retired'),
  }
  const sort = view.key('sort')
  const selected = view.key('selected')
  const shown = view.key('show')
  const later = shallowRef<WaterObject[]>([])
  const next = ref('')
  const fault = shallowRef<Fault | null>(null)

  const narrowed = (): Query => ({ ...Object.fromEntries(Object.entries(filters).map(([k, v]) => [k, v.value])), retired: filters.retired.value === '1' })
  const query = (): Query => ({ ...narrowed(), sort: sort.value, limit: PAGE })
  const read = async (more: Query, signal?: AbortSignal): Promise<Page<WaterObject>> =>
    filled(await get<Page<WaterObject>>('/api/objects', { ...query(), ...more }, signal), ['items', ...LISTS.map((l) => `items.${l}`)])
  const list = useResource(query, (_, signal) => read({}, signal))
  watch(list.data, (page) => {
    later.value = []
    next.value = page?.next ?? ''
  })
  const rows = computed(() => [...(list.data.value?.items ?? []), ...later.value])

  /** Counted over all that the other filters leave, so that choosing a state does not hide how many are in the others. */
  const tally = useResource(
    () => ({ ...narrowed(), due: '' }),
    async (q, signal) => filled(await get<Page<ObjectTally>>('/api/objects/tally', q, signal), ['items']),
  )
  const counts = computed(() => {
    const out: Record<string, number> = { all: 0 }
    for (const t of tally.data.value?.items ?? []) {
      out.all = (out.all ?? 0) + t.n
      if (t.due) out[t.due] = (out[t.due] ?? 0) + t.n
    }
    return out
  })
  const total = computed(() => (filters.due.value ? (counts.value[filters.due.value] ?? 0) : (counts.value.all ?? 0)))

  // A link may choose an object that the list at hand does not hold: it is read alone.
  const alone = useResource(
    () => (list.data.value && /^\d+$/.test(selected.value) && !rows.value.some((r) => String(r.id) === selected.value) ? selected.value : null),
    (id, signal) => readObject(id, signal),
  )
  const chosen = computed(() => rows.value.find((r) => String(r.id) === selected.value) ?? (String(alone.data.value?.id) === selected.value ? alone.data.value : null))

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

  async function reload(): Promise<void> {
    await Promise.all([list.reload(), alone.reload(), tally.reload()])
  }

  return {
    list, rows, next, fault, filters, sort, selected, shown, chosen, counts, total, tally, narrowed, more, reload, view,
    filtered: computed(() => Object.values(filters).some((f) => f.value !== '')),
    clear: () => view.set(Object.fromEntries(Object.keys(filters).map((k) => [k, '']))),
  }
}
