/** Projects that the filters of the URL find, a page at a time. */
import { computed, shallowRef, ref, watch } from 'vue'
import type { ProjectRow } from '@/api/project'
import { useResource } from '@/lib/resource'
import { useSave } from '@/lib/save'
import { useWhere } from '@/programme/view/where'
import { filterKeys, queryOf, useFilterKeys } from './filter'
import { readProjects } from './read'

const PAGE = 100

export function useNarrowed() {
  const where = useWhere()
  const keys = useFilterKeys(where)
  const known = where.key('known')
  const query = computed(() => (where.code.value ? queryOf((k) => keys[k].value, where.code.value, where.asOf.value, known.value) : null))
  const filtered = computed(() => filterKeys.some((k) => keys[k].value))
  const clear = (): void => where.set(Object.fromEntries(filterKeys.map((k) => [k, ''])))
  return { where, keys, query, filtered, clear }
}

export function useProjects() {
  const narrowed = useNarrowed()
  const sort = narrowed.where.key('sort')
  const later = shallowRef<ProjectRow[]>([])
  const next = ref('')
  const { busy, fault, attempt } = useSave()
  const asked = computed(() => (narrowed.query.value ? { ...narrowed.query.value, sort: sort.value } : null))
  const list = useResource(() => asked.value, (q, signal) => readProjects({ ...q, limit: PAGE }, signal), ['project.changed'])
  watch(list.data, (page) => {
    later.value = []
    next.value = page?.next ?? ''
  })
  const rows = computed(() => [...(list.data.value?.items ?? []), ...later.value])
  const more = (): Promise<boolean> =>
    attempt(async () => {
      const page = await readProjects({ ...asked.value, limit: PAGE, after: next.value })
      later.value = [...later.value, ...page.items]
      next.value = page.next ?? ''
    })
  return { ...narrowed, sort, list, rows, next, more, busy, fault }
}
