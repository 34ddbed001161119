/** The level–storage curve of a station: as the server has it, and as a person writes it, a point a line. */
import type { components } from '@/api/schema'
import type { Full } from '@/api/types'
import { get, put, remove } from '@/lib/client'
import { asFault } from '@/lib/fault'
import { parseNumber } from '@/lib/number'
import { BadLine } from '../desk/desk'

export type StorageCurve = Full<components['schemas']['SeriesStorageCurve']>
type Point = StorageCurve['points'][number]

const at = (id: number): string => `/api/gauges/${id}/storage-curve`

/** Null where the station has none. */
export async function readCurve(id: number, signal: AbortSignal): Promise<StorageCurve | null> {
  try {
    return await get<StorageCurve>(at(id), {}, signal)
  } catch (thrown) {
    if (asFault(thrown).kind === 'not_found') return null
    throw thrown
  }
}

export const setCurve = (id: number, c: StorageCurve): Promise<unknown> => put(at(id), c)
export const removeCurve = (id: number, c: StorageCurve): Promise<void> => remove(`${at(id)}?edit=${c.edit}`)

/** "98.5 12.34" a line, as it is pasted of a sheet: the level in m, the storage in 10⁶ m³. */
export function readPoints(text: string): Point[] {
  return text.split('\n').flatMap((line, i) => {
    const parts = line.trim().split(/[\s,，;；]+/).filter(Boolean)
    if (!parts.length) return []
    const [level, storage] = parts.map((p) => parseNumber(p))
    if (parts.length !== 2 || level === null || level === undefined || storage === null || storage === undefined) throw new BadLine(i + 1)
    return [{ level_m: level, storage_1e6m3: storage }]
  })
}

export const writePoints = (list: readonly Point[]): string => list.map((p) => `${p.level_m} ${p.storage_1e6m3}`).join('\n')

/** Where a point of the curve lies in a box, as the way of an SVG line: the level upward, the storage to the right. */
export function wayOf(list: readonly Point[], width: number, height: number): string {
  const [first, last] = [list[0], list.at(-1)]
  if (!first || !last) return ''
  const rise = Math.max(last.level_m - first.level_m, 1e-9)
  const most = Math.max(last.storage_1e6m3, 1e-9)
  return list.map((p, i) => `${i ? 'L' : 'M'}${((p.storage_1e6m3 / most) * width).toFixed(1)} ${(height - ((p.level_m - first.level_m) / rise) * height).toFixed(1)}`).join('')
}
