/** What narrows projects, alike over the list, the map, the chart of time and the money. */
import type { WritableComputedRef } from 'vue'
import type { Query } from '@/lib/client'
import type { View } from '@/lib/view'

export const filterKeys = ['q', 'county', 'stage', 'state', 'programme', 'kind', 'pace', 'list', 'assessed', 'named', 'gap', 'awaits', 'withdrawn'] as const
export type FilterKey = (typeof filterKeys)[number]
export type Keys = Record<FilterKey, WritableComputedRef<string>>

export const useFilterKeys = (view: View): Keys => Object.fromEntries(filterKeys.map((k) => [k, view.key(k)])) as Keys

/** The query of the server; a county that was chosen stands in for the scope. */
export function queryOf(read: (key: FilterKey) => string, scope: string, asOf: string, known = ''): Query {
  const flag = (key: FilterKey): boolean => read(key) === 'true'
  return {
    division: read('county') || scope, as_of: asOf, known: asOf ? known : '', q: read('q'), stage: read('stage'), state: read('state'), programme: read('programme'), kind: read('kind'),
    pace: read('pace'), list: read('list'), assessed: flag('assessed'), named: flag('named'), gap: flag('gap'), awaits: flag('awaits'), withdrawn: flag('withdrawn'),
  }
}
