/** The stations by name, for lists that know them by number; read once and kept. */
import { shallowRef, type ShallowRef } from 'vue'
import type { components } from '@/api/schema'
import type { Full } from '@/api/types'
import { get } from '@/lib/client'
import { filled } from '@/lib/lists'

type Mark = Full<components['schemas']['GaugeMark']>
export type Named = Pick<Mark, 'object' | 'name' | 'code' | 'division'>

const names = shallowRef<Map<number, Named>>(new Map())
let asked = false

export function stationNames(): ShallowRef<Map<number, Named>> {
  if (!asked) {
    asked = true
    get<{ stations: Mark[] }>('/api/gauges/map').then(
      (all) => (names.value = new Map(filled(all, ['stations']).stations.map((s) => [s.object, s]))),
      () => (asked = false),
    )
  }
  return names
}
