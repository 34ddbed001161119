/** Parts of projects as marks of the map, the worst on top, and the classes of its legend. */
import type { ProjectMark } from '@/api/project'
import type { PointMark } from '@/components/map'

export const markClasses = ['severe', 'lagging', 'unreported', 'building', 'waiting', 'done'] as const
export type MarkClass = (typeof markClasses)[number]

export const classOf = (m: Pick<ProjectMark, 'pace' | 'state'>): MarkClass => {
  if (m.pace === 'severe' || m.pace === 'lagging' || m.pace === 'unreported') return m.pace
  return m.state === 'waiting' || m.state === 'building' ? m.state : 'done'
}

export const markShapes: Record<MarkClass, PointMark['shape']> = { severe: 'diamond', lagging: 'square', unreported: 'hollow', building: 'circle', waiting: 'ring', done: 'rest' }

export type Counts = Record<MarkClass, number>

export function countsOf(list: readonly ProjectMark[]): Counts {
  const out: Counts = { severe: 0, lagging: 0, unreported: 0, building: 0, waiting: 0, done: 0 }
  for (const m of list) out[classOf(m)]++
  return out
}

type Place = readonly [number, number]

/** The middle of a line along its vertices, where its mark stands. */
export function middle(points: readonly Place[]): Place {
  const lengths = points.slice(1).map((p, i) => Math.hypot(p[0] - points[i]![0], p[1] - points[i]![1]))
  let rest = lengths.reduce((a, b) => a + b, 0) / 2
  for (const [i, length] of lengths.entries()) {
    const [a, b] = [points[i]!, points[i + 1]!]
    if (rest <= length && length > 0) return [a[0] + ((b[0] - a[0]) * rest) / length, a[1] + ((b[1] - a[1]) * rest) / length]
    rest -= length
  }
  return points[0] ?? [0, 0]
}

const places = (m: ProjectMark): Place[] => m.shape.points.flatMap((p) => (p && p.length === 2 ? [[p[0]!, p[1]!] as const] : []))

/** Marks for the map; `label` is what is said where the pointer is. */
export function marksOf(list: readonly ProjectMark[], label: (m: ProjectMark) => string): PointMark[] {
  return list.flatMap((m) => {
    const points = places(m)
    if (!points.length) return []
    const [lon, lat] = middle(points)
    const c = classOf(m)
    return [{ id: String(m.part), lon, lat, label: label(m), shape: markShapes[c], rank: markClasses.length - markClasses.indexOf(c), ...(points.length > 1 ? { line: points } : {}) }]
  })
}

/** The worst first, then by name. */
export const worstFirst = (list: readonly ProjectMark[]): ProjectMark[] => [...list].sort((a, b) => markClasses.indexOf(classOf(a)) - markClasses.indexOf(classOf(b)) || a.name.zh.localeCompare(b.name.zh, 'zh'))
