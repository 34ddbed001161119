/** Stations and their series as the server tells them, and what a station's state is. */
import { ref } from 'vue'
import type { components } from '@/api/schema'
import type { Full, Page } from '@/api/types'
import { get } from '@/lib/client'
import { filled } from '@/lib/lists'
import type { Shape } from '@/components/LevelShape.vue'

type Schemas = components['schemas']
export type Gauge = Full<Schemas['Gauge']>
export type GaugeDetail = Full<Schemas['GaugeDetail']>
export type GaugeSeries = Full<Schemas['GaugeSeries']>
export type GaugePoint = Full<Schemas['GaugePoint']>
export type GaugeReading = Full<Schemas['GaugeReading']>
export type GaugeWords = Full<Schemas['GaugeWords']>

const LISTS = ['latest', 'contacts', 'events', 'quantities', 'contacts.alarms', 'latest.flags'] as const

export const readGauges = async (division: string, signal?: AbortSignal): Promise<Gauge[]> =>
  filled(await get<Page<Gauge>>('/api/gauges', { division }, signal), ['items', ...LISTS.map((l) => `items.${l}`)]).items

export const readGauge = async (id: string, signal?: AbortSignal): Promise<GaugeDetail> =>
  filled(await get<GaugeDetail>(`/api/gauges/${encodeURIComponent(id)}`, {}, signal), [...LISTS, 'policies', 'thresholds'])

export const readSeries = async (id: string, quantity: string, from: string, to: string, signal?: AbortSignal, most = 4000): Promise<GaugeSeries> =>
  filled(await get<GaugeSeries>(`/api/gauges/${encodeURIComponent(id)}/series`, { quantity, from, to, most }, signal), ['points', 'points.flags'])

export const words = ref<GaugeWords | null>(null)

export async function loadWords(): Promise<void> {
  words.value ??= filled(await get<GaugeWords>('/api/gauges/words'), ['quantities', 'flags', 'classes', 'windows', 'parameters'])
}

/** The newest reading of the first of some quantities that the station has. */
export const newest = (g: Gauge, ...quantities: string[]): GaugeReading | undefined =>
  quantities.map((q) => g.latest.find((r) => r.quantity === q)).find((r) => r !== undefined)

export const LEVELS = ['level', 'upper_level', 'tide', 'groundwater_depth'] as const

/** When the station was heard last, by its messages or its readings. */
export function heard(g: Gauge): string | null {
  const times = [...g.contacts.map((c) => c.received ?? ''), ...g.latest.map((r) => r.at)].filter(Boolean)
  return times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null
}

export type State = 'guarantee' | 'warning' | 'flood_limit' | 'rain' | 'no_data' | 'normal' | 'absent'

const ORDER: readonly State[] = ['guarantee', 'flood_limit', 'warning', 'rain', 'no_data']

/** The worst of a station's events; a station without a reading is never normal. */
export function stateOfEvents(events: readonly string[], spoke: boolean): State {
  const kinds = events.map((k) => (k.startsWith('rain') ? 'rain' : k))
  return ORDER.find((s) => kinds.includes(s)) ?? (spoke ? 'normal' : 'absent')
}

export const stateOf = (g: Gauge): State => stateOfEvents(g.events, g.latest.length > 0)

export const shapes: Record<State, Shape> = {
  guarantee: 'triangle', flood_limit: 'diamond', warning: 'diamond', rain: 'square', no_data: 'hollow', normal: 'dot', absent: 'hollow',
}

/** The limit that holds on a day (MMDD): the level, or that of the period that began last; null where none holds. */
export function limitAt(l: { level: number | null; periods?: { begin: string; end?: string; level: number }[] }, day: string): number | null {
  if (!l.periods?.length) return l.level
  const ago = (begin: string): number => (begin <= day ? Number(day) - Number(begin) : Number(day) + 1300 - Number(begin))
  const holds = (p: { begin: string; end?: string }): boolean => !p.end || (p.begin <= p.end ? p.begin <= day && day <= p.end : day >= p.begin || day <= p.end)
  return l.periods.filter(holds).sort((a, b) => ago(a.begin) - ago(b.begin))[0]?.level ?? null
}
