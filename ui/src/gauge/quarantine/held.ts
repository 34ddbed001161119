/** Frames that were set aside: what the list asks for, and several taken after all. */
import type { components } from '@/api/schema'
import type { Full, Page, Text } from '@/api/types'
import { get, post } from '@/lib/client'
import { filled } from '@/lib/lists'

type Schemas = components['schemas']
export type Held = Full<Schemas['HeldFrame']>
type Frames = Full<Schemas['HeldFrames']>
type Became = Full<Schemas['ReplayOutcome']>

export const REASONS = ['unknown_station', 'wrong_password', 'other_centre', 'undecodable', 'refused', 'unmapped', 'test'] as const

export interface Wanted { q: string; reason: string; open: boolean; from: string; to: string }

export const readHeld = async (w: Wanted, cursor: string, signal?: AbortSignal, limit = 100): Promise<Frames> =>
  filled(
    await get<Frames>('/api/gauge-quarantine', { q: w.q, reason: w.reason, open: w.open, since: w.from ? `${w.from}T00:00:00+08:00` : '', until: w.to ? `${w.to}T23:59:59+08:00` : '', before: cursor, limit }, signal),
    ['items'],
  )

/** The server takes so many at once. */
export const ATONCE = 200

export interface Replayed { taken: number; left: number; why?: Text }

/** Replays all frames of a field station that wait, on all pages. */
export const replayStation = (object: number, address: string): Promise<Replayed> => post<Replayed>(`/api/gauges/${object}/policies/${address}/replay`, {})

/** Replays frames a portion at a time, and gives why each that was not taken was not. */
export async function replayAll(ids: readonly number[], send: (ids: number[]) => Promise<Page<Became>> = (some) => post<Page<Became>>('/api/gauge-replays', { ids: some })): Promise<Map<number, Became['error']>> {
  const out = new Map<number, Became['error']>()
  const sorted = [...ids].sort((a, b) => a - b)
  for (let i = 0; i < sorted.length; i += ATONCE) for (const one of (await send(sorted.slice(i, i + ATONCE))).items ?? []) out.set(one.id, one.error)
  return out
}
