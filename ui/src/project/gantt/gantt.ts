/** Bars over time: where a day lies, what the axis bears, and how rows are grouped. */
import type { Gantt, GanttBar } from '@/api/project'
import { daysBetween } from '@/lib/time'

export type Zoom = 'year' | 'quarter'

export interface Tick {
  day: string
  label: string
  strong: boolean
}

export interface Axis {
  from: string
  to: string
  /** Width in pixels. */
  width: number
  x: (day: string) => number
  ticks: Tick[]
}

/** Pixels of a day: a year is 96 px, or a quarter 72. */
const scale: Record<Zoom, number> = { year: 96 / 365.25, quarter: 288 / 365.25 }

const quarterOf = (month: number): number => Math.floor(month / 3) + 1

/** The axis from the begin of the first year to the end of the last. A day outside stands at its edge. */
export function axisOf(from: string, to: string, zoom: Zoom): Axis {
  const first = Number(from.slice(0, 4))
  const last = Math.max(first, Number(to.slice(0, 4)))
  const start = `${first}-01-01`
  const end = `${last + 1}-01-01`
  const width = Math.round(daysBetween(start, end) * scale[zoom])
  const x = (day: string): number => Math.min(width, Math.max(0, Math.round(daysBetween(start, day) * scale[zoom] * 10) / 10))
  const ticks: Tick[] = []
  for (let y = first; y <= last; y++) {
    for (let m = 0; m < 12; m += zoom === 'year' ? 12 : 3) ticks.push({ day: `${y}-${String(m + 1).padStart(2, '0')}-01`, label: m === 0 ? String(y) : `Q${quarterOf(m)}`, strong: m === 0 })
  }
  return { from: start, to: end, width, x, ticks }
}

export interface Bar {
  stage: string
  from: string
  to: string
  planned: boolean
  /** It goes on: its end is the day of the chart. */
  open: boolean
}

/**
 * The bars of a row: planned spans where both ends are known, real ones up to the day where they go on. What goes on in parts of its
 * own ends where these begin (`until`): they tell the rest.
 */
export function barsOf(row: GanttBar, asOf: string, until = ''): Bar[] {
  const out: Bar[] = []
  for (const s of row.spans) {
    if (s.planned_from && s.planned_to) out.push({ stage: s.stage, from: s.planned_from, to: s.planned_to, planned: true, open: false })
    if (s.from && s.from <= asOf) out.push({ stage: s.stage, from: s.from, to: s.to && s.to < asOf ? s.to : until && until > s.from && !s.to ? until : asOf, planned: false, open: !s.to })
  }
  return out
}

/** Of each whole: when the first of its parts began, and the worst of their paces, which speaks for it. */
export function rolledUp(rows: readonly GanttBar[], rank: (pace: GanttBar['pace']) => number): Map<number, { until: string; pace: GanttBar['pace'] }> {
  const out = new Map<number, { until: string; pace: GanttBar['pace'] }>()
  for (const row of rows) {
    const at = out.get(row.project) ?? { until: '', pace: row.pace }
    const begun = row.depth > 0 ? (row.spans.find((s) => s.from)?.from ?? '') : ''
    if (begun && (!at.until || begun < at.until)) at.until = begun
    if (rank(row.pace) > rank(at.pace)) at.pace = row.pace
    out.set(row.project, at)
  }
  return out
}

/** The span that a row covers in fact, in words; empty where nothing of it has begun. */
export function spanOf(row: GanttBar): { from: string; to: string | null } | null {
  const begun = row.spans.filter((s) => s.from)
  const first = begun[0]?.from
  return first ? { from: first, to: begun.at(-1)?.to ?? null } : null
}

export interface Group {
  key: string
  name: string
  rows: GanttBar[]
}

/** Whole projects with their parts below, by what `of` says of the whole; the groups as they first come, "" last. */
export function groupsOf(gantt: Gantt, of: (whole: GanttBar) => { key: string; name: string }[], parts: boolean): Group[] {
  const groups = new Map<string, Group>()
  let at: Group[] = []
  for (const row of gantt.items) {
    if (row.depth === 0) {
      at = of(row).map(({ key, name }) => {
        const group = groups.get(key) ?? { key, name, rows: [] }
        groups.set(key, group)
        return group
      })
    }
    if (row.depth === 0 || parts) for (const group of at) group.rows.push(row)
  }
  return [...groups.values()].sort((a, b) => Number(a.key === '') - Number(b.key === ''))
}
