/** Events of thresholds: what the list asks for, and how an event is told. */
import type { components } from '@/api/schema'
import type { Full } from '@/api/types'
import { get } from '@/lib/client'
import { filled } from '@/lib/lists'

type Schemas = components['schemas']
export type GaugeEvent = Full<Schemas['GaugeEvent']>
export type Events = Full<Schemas['GaugeEvents']>

export const KINDS = ['guarantee', 'flood_limit', 'warning', 'rain', 'no_data'] as const
export type EventKind = (typeof KINDS)[number]

export interface Wanted { q: string; division: string; kind: string; state: string; from: string; to: string }

/** Days are those of the office calendar, from midnight to midnight in Beijing. */
export const query = (w: Wanted): Record<string, string | boolean> => ({
  q: w.q, division: w.division, kind: w.kind, live: w.state === 'open', ended: w.state === 'ended',
  since: w.from ? `${w.from}T00:00:00+08:00` : '', until: w.to ? `${w.to}T23:59:59+08:00` : '',
})

export const readEvents = async (w: Wanted, cursor: string, signal?: AbortSignal, limit = 100): Promise<Events> =>
  filled(await get<Events>('/api/gauges/events', { ...query(w), cursor, limit }, signal), ['items'])

export const kindOf = (e: Pick<GaugeEvent, 'kind'>): EventKind => (e.kind.startsWith('rain') ? 'rain' : (e.kind as EventKind))

/** Minutes of the window of rain; 0 of other events. */
export const windowOf = (e: Pick<GaugeEvent, 'kind'>): number => Number(/^rain_(\d+)$/.exec(e.kind)?.[1] ?? 0)

export type EventState = 'open' | 'falling' | 'ended' | 'retired' | 'revised' | 'silent'

export const stateOfEvent = (e: Pick<GaugeEvent, 'live' | 'closed' | 'clear_at'>): EventState =>
  e.live ? (e.clear_at ? 'falling' : 'open') : e.closed === 'retired' || e.closed === 'revised' || e.closed === 'silent' ? e.closed : 'ended'

/** When it was over; null while it stands. */
export const clearOf = (e: Pick<GaugeEvent, 'live' | 'clear_at'>): string | null => (e.live ? null : (e.clear_at ?? null))

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long it lasted, or has so far, in minutes. */
export const lasted = (e: GaugeEvent, now: number): number => Math.max(0, Math.round(((clearOf(e) ? Date.parse(clearOf(e) ?? '') : now) - Date.parse(e.onset.at)) / MINUTE))

/** A time in the two largest of days, hours and minutes, as the key of its words and what goes into them. */
export function lasting(minutes: number): { key: 'days' | 'hm' | 'm'; d: number; h: number; m: number } {
  const d = Math.floor(minutes / 1440)
  const h = Math.floor((minutes % 1440) / 60)
  return { key: d ? 'days' : h ? 'hm' : 'm', d, h, m: minutes % 60 }
}

const SPANS = [1, 3, 7, 14]

/** The window of the hydrograph that shows an event with some hours before and behind it: how many days, until when; now where it stands. */
export function windowAround(e: GaugeEvent, now: number): { days: string; until?: string } {
  const over = clearOf(e)
  const end = over ? Math.min(now, Date.parse(over) + 6 * HOUR) : now
  const need = (end - Date.parse(e.onset.at) + 6 * HOUR) / DAY
  const days = String(SPANS.find((d) => d >= need) ?? SPANS.at(-1))
  return end < now - HOUR ? { days, until: new Date(end).toISOString() } : { days }
}
