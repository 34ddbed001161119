/** How a project stands against its plan, and what must be told beside it. */
import type { LagMeasure, Pace, ProjectRow } from '@/api/project'
import type { Shape } from '@/components/LevelShape.vue'

/** The shape of a pace; none where it needs nobody. */
export const shapeOf: Partial<Record<Pace, Shape>> = { severe: 'diamond', lagging: 'square', unreported: 'hollow', ended: 'check' }

const worst: readonly Pace[] = ['severe', 'lagging', 'unreported', 'on_schedule', 'no_plan', 'ended']
/** The worse, the greater. */
export const rankOf = (pace: Pace): number => worst.length - worst.indexOf(pace)

export const isBehind = (pace: Pace): boolean => pace === 'lagging' || pace === 'severe'

/** A part is in service while the project lags: neither may hide the other. */
export const isTrap = (row: Pick<ProjectRow, 'pace' | 'commissioned' | 'parts'>): boolean => isBehind(row.pace) && row.commissioned > 0

/** What should have been done by now, in percent of the year's plan: the mark on the bar. */
export function calendarOf(m: LagMeasure): number | null {
  if (m.rate !== null && m.gap !== null) return m.rate - m.gap
  if (m.planned === null || m.year === null || m.year <= 0) return null
  return (m.planned / m.year) * 100
}
