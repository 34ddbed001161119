/** Places and amounts as people type them. */
import type { ProjectShape } from '@/api/project'
import { parseNumber } from '@/lib/number'

/** "120.58,30.01" is a point, several of them a line; null where nothing is written, undefined where it is no place. */
export function shapeFrom(text: string): ProjectShape | null | undefined {
  const pieces = text.replace(/，/g, ',').split(/[\s;；]+/).filter(Boolean)
  if (!pieces.length) return null
  const points: [number, number][] = []
  for (const piece of pieces) {
    const [lon, lat, ...rest] = piece.split(',').map(parseNumber)
    if (rest.length || lon === undefined || lat === undefined || lon === null || lat === null || Math.abs(lon) > 180 || Math.abs(lat) > 90) return undefined
    points.push([lon, lat])
  }
  return { kind: points.length > 1 ? 'line' : 'point', points }
}

export const shapeText = (shape: ProjectShape | null | undefined): string => (shape?.points ?? []).map((p) => (p ?? []).join(',')).join(' ')

/** A number that was typed; null where nothing is, undefined where it is none. */
export function amountFrom(text: string): number | null | undefined {
  if (!text.trim()) return null
  return parseNumber(text) ?? undefined
}

/** What of the fields differs from what was read, so that only it is sent. */
export function changed<T extends object>(now: T, was: T): Partial<T> {
  return Object.fromEntries(Object.entries(now).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(was[k as keyof T]))) as Partial<T>
}

/** The fields after somebody else changed them too: theirs where I touched nothing, mine elsewhere. */
export const rebased = <T extends object>(mine: T, was: T, theirs: T): T => ({ ...theirs, ...changed(mine, was) })
