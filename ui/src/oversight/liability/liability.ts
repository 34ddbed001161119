/** What problems lead to for those who answer for them, as rows of one table, and the list of matters behind each count. */
import type { components } from '@/api/schema'
import type { Full } from '@/api/types'
import { severities, type Severity } from '@/api/oversight'
import { get, type Query } from '@/lib/client'
import { say } from '@/lib/i18n'
import { filled } from '@/lib/lists'

type Schemas = components['schemas']
export type Measured = Full<Schemas['LiabilityMeasure']>
type UnitRow = Full<Schemas['LiabilityUnit']>
type ObjectRow = Full<Schemas['LiabilityObject']>
export type Liability = Full<Schemas['LiabilityView']>

/** The measures from none to the heaviest. */
export const measures = ['none', 'order', 'talk', 'circular', 'stop', 'sanction'] as const
/** How heavy a measure is; null where the rules say nothing. */
export const weight = (measure: string | null): number | null => (measure === null ? null : measures.indexOf(measure as (typeof measures)[number]))

/** Of a table: a unit, or an object for which a unit answers. */
export interface Row {
  key: string
  unit: UnitRow['unit']
  /** Null for problems at no object, and where the row is a unit. */
  object: ObjectRow['object'] | null
  division: ObjectRow['division'] | null
  objects: number
  findings: number
  disputed: number
  severities: Record<string, number>
  score: number | null
  band: ObjectRow['band'] | null
  tier: ObjectRow['tier'] | null
  measure: string | null
  measureName: UnitRow['measure_name']
  direct: Measured
  leading: Measured
}

export async function readLiability(query: Query, signal?: AbortSignal): Promise<Liability> {
  const persons = ['direct.persons', 'leading.persons']
  return filled(await get<Liability>('/api/oversight/liability', query, signal), ['units', 'objects', ...persons.flatMap((p) => [`units.${p}`, `objects.${p}`])])
}

export const ofUnits = (l: Liability): Row[] =>
  l.units.map((u) => ({
    key: u.unit.id, unit: u.unit, object: null, division: null, objects: u.objects, findings: u.findings, disputed: u.disputed, severities: u.severities, score: null, band: null, tier: null,
    measure: u.measure, measureName: u.measure_name, direct: u.direct, leading: u.leading,
  }))

export const ofObjects = (l: Liability): Row[] =>
  l.objects.map((o) => ({
    key: `${o.unit.id} ${(o.object as Row['object'])?.id ?? 0}`, unit: o.unit, object: o.object as Row['object'], division: o.division, objects: 1, findings: o.findings, disputed: o.disputed, severities: o.severities,
    score: o.score, band: o.band as Row['band'], tier: o.tier as Row['tier'], measure: o.measure, measureName: o.measure_name, direct: o.direct, leading: o.leading,
  }))

/** Problems that the checklists did not grade. */
export const ungraded = (r: Row): number => r.findings - severities.reduce((sum, s) => sum + (r.severities[s] ?? 0), 0)

/** Rows that hold the words sought and reach at least a measure. */
export function narrowed(rows: readonly Row[], sought: string, least: string): Row[] {
  const words = sought.trim().toLowerCase()
  const floor = least ? (weight(least) ?? 0) : -1
  return rows.filter((r) => {
    if ((weight(r.measure) ?? -1) < floor) return false
    const all = [r.unit.name, r.object?.name, r.division?.name, ...[...r.direct.persons, ...r.leading.persons].map((p) => p.name)]
    return !words || all.some((n) => n && `${n.zh} ${n.en}`.toLowerCase().includes(words))
  })
}

/** Whom a measure falls upon, in one line. */
export const names = (m: Measured): string => m.persons.map((p) => say(p.name)).join('、')

/** What is charged: all that was neither dismissed nor waits for a decision on an objection. */
const CHARGED = 'found,confirmed,assigned,rectifying,returned,submitted,controlled,closed'

export interface Cut {
  scope: string
  line: string
  from: string
  to: string
}

/** The list of matters behind a count of a row; null where no list can be asked for just these. */
export function behind(cut: Cut, row: Row, byObject: boolean, more: { severity?: Severity; disputed?: boolean } = {}): { path: string; query: Record<string, string> } | null {
  if (byObject && !row.object) return null
  const query: Record<string, string> = { scope: cut.scope, kind: 'finding,hazard', state: more.disputed ? 'disputed' : CHARGED, unit: row.unit.id, found_from: cut.from }
  if (row.object) query['object'] = String(row.object.id)
  if (cut.line) query['line'] = cut.line
  if (cut.to) query['found_to'] = cut.to
  if (more.severity) query['severity'] = String(severities.indexOf(more.severity) + 1)
  return { path: '/matters', query }
}
