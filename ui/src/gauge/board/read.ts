/** What the duty officer's lists read. */
import type { components } from '@/api/schema'
import type { Full, Page } from '@/api/types'
import { get } from '@/lib/client'
import { filled } from '@/lib/lists'

type Schemas = components['schemas']
export type Dam = Full<Schemas['ReservoirLevel']>
export type Rain = Full<Schemas['RainSums']>
export type StationRain = Full<Schemas['StationRain']>
export type DivisionRain = Full<Schemas['DivisionRain']>
export type Health = Full<Schemas['GaugeHealth']>

export const readDams = async (division: string, signal: AbortSignal): Promise<Dam[]> =>
  filled(await get<Page<Dam>>('/api/gauges/reservoirs', { division }, signal), ['items', 'items.events', 'items.changes']).items

export const readHealth = async (division: string, signal: AbortSignal): Promise<Health[]> =>
  filled(await get<Page<Health>>('/api/gauges/health', { division }, signal), ['items', 'items.alarms', 'items.unmapped']).items

export const readRain = async (w: Span, division: string, signal: AbortSignal): Promise<Rain> =>
  filled(await get<Rain>('/api/gauges/rain', { minutes: w.minutes, at: w.at, division }, signal), ['stations', 'divisions'])

export interface Span {
  minutes: number
  /** Its end; now where it is left out. */
  at?: string
}

/** The windows that may be chosen: minutes, or a hydrological day. */
export const WINDOWS = ['60', '180', '360', '720', '1440', '2880', '4320', 'day', 'yesterday'] as const
export type Window = (typeof WINDOWS)[number]

const DAY = 86_400_000
const HOUR = 3_600_000

/** The hydrological day begins at 08:00 of Beijing, which is midnight of UTC. */
export function spanOf(w: Window, now: number): Span {
  const begin = Math.floor(now / DAY) * DAY
  if (w === 'yesterday') return { minutes: 1440, at: new Date(begin).toISOString() }
  if (w === 'day') return { minutes: Math.max(5, Math.floor((now - begin) / 60_000)) }
  return { minutes: Number(w) }
}

export type DamState = 'exceeds' | 'below' | 'unknown'

/** Without a level that counts, or without a limit, nobody knows. */
export const damState = (d: Pick<Dam, 'above'>): DamState => (d.above === null || d.above === undefined ? 'unknown' : d.above >= 0 ? 'exceeds' : 'below')

/** What a reservoir holds: as its station reports, or else by its curve. Nothing says why nothing is known. */
export function storageOf(d: Pick<Dam, 'storage' | 'curve' | 'level'>): { value: number | null; of: 'station' | 'curve' | 'bare' | 'off' | 'silent' } {
  const told = d.storage
  if (told?.counts && told.value !== null) return { value: told.value, of: 'station' }
  if (!d.curve) return { value: null, of: 'bare' }
  if (d.curve.storage_1e6m3 !== null) return { value: d.curve.storage_1e6m3, of: 'curve' }
  return { value: null, of: d.level?.counts ? 'off' : 'silent' }
}

export const changeOver = (d: Pick<Dam, 'changes'>, hours: number): Dam['changes'][number] | undefined => d.changes.find((c) => c.hours === hours)

/** What flows in: as reported; else a hint of the last three hours, or of what else there is: with the outflow where that is known, net where it is not. */
export function inflowOf(d: Pick<Dam, 'inflow' | 'changes'>): { value: number | null; of: 'station' | 'hint' | 'net' | 'none'; hours: number } {
  if (d.inflow?.counts && d.inflow.value !== null) return { value: d.inflow.value, of: 'station', hours: 0 }
  const c = [3, 1, 6].map((h) => changeOver(d, h)).find((x) => x !== undefined && x.gain_m3s !== null)
  if (!c) return { value: null, of: 'none', hours: 0 }
  return c.inflow_m3s !== null ? { value: c.inflow_m3s, of: 'hint', hours: c.hours } : { value: c.gain_m3s, of: 'net', hours: c.hours }
}

/** What is wrong with how a station is: not connected, an alarm, or less than 95 % of its reports. */
export const ails = (h: Pick<Health, 'online' | 'alarms' | 'today'>): boolean => !h.online || h.alarms.length > 0 || (h.today.rate ?? 1) < 0.95

export const minutesAgo = (at: string | undefined, now: number): number | null => (at ? Math.max(0, Math.round((now - Date.parse(at)) / 60_000)) : null)

export const hours = (seconds: number): number => seconds / (HOUR / 1000)
