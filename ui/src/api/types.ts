/** The shapes of the API, as the server's structs have them. */

export interface Text {
  zh: string
  en: string
}

export type Num = number | null

export interface Unit {
  code: string
  name: Text
  dimension: string
  factor: number
  counted?: string
}

export interface DivisionRef {
  code: string
  name: Text
  short: string
  level: 'province' | 'city' | 'county' | 'town' | 'village'
  functional: boolean
  inside?: string
}

export interface Division extends DivisionRef {
  parent?: string
}

export type CellState = 'figure' | 'unreported' | 'blank' | 'not_due' | 'na'
export type Grade = 'done' | 'on_track' | 'lag' | 'serious' | 'overdue' | 'open' | 'none'
export type ReturnState =
  | 'missing'
  | 'draft'
  | 'submitted'
  | 'reviewed'
  | 'accepted'
  | 'returned'
  | 'locked'
  | 'corrected'
export type Move = 'submit' | 'withdraw' | 'review' | 'accept' | 'send_back' | 'lock' | 'correct'
export type Judgement = 'completion' | 'threshold' | 'growth' | 'rate'
export type FigureKind = 'cumulative' | 'period' | 'stock'
export type Better = 'more' | 'less' | 'neither'

export interface Cell {
  division: string
  state: CellState
  value: Num
  numerator: Num
  denominator: Num
  cumulated: Num
  plan: Num
  completion: Num
  calendar: Num
  gap: Num
  growth: Num
  grade: Grade
  reported: number
  expected: number
  pending: number
  trend?: Num[] | null
}

export interface Measure {
  indicator: string
  target?: string
  pack: string
  line: string
  name: Text
  aim: Text
  judge?: Judgement | ''
  unit: string
  show: string
  decimals: number
  ratio: boolean
  kind: FigureKind
  better: Better
  due?: string | null
}

export interface Standing {
  scope: DivisionRef
  period: string
  as_of: string
  past: boolean
}

export interface CockpitRow extends Measure {
  total: Cell
  cells: Cell[]
}

export interface CockpitGroup {
  pack: string
  title: Text
  line: string
  rows: CockpitRow[]
}

export interface CockpitCounts {
  expected: number
  reported: number
  pending: number
  lagging: number
  due_soon: number
  missed: number
}

export interface SilentRow {
  form: string
  title: Text
  line: string
  division: DivisionRef
  period: string
  due_at: string
  days_late: number
  reminders: number
  last_reminder?: string | null
  state: 'missing' | 'draft' | 'returned'
  return?: number
}

export interface LagRow {
  measure: Measure
  division: DivisionRef
  cell: Cell
}

export type DeadlineState = 'met' | 'open' | 'missed' | 'unknown'

export interface DeadlineItem {
  measure: Measure
  total: Cell
  state: DeadlineState
  cells: Cell[]
  states: DeadlineState[]
}

export interface DeadlineRow {
  id: string
  title: Text
  pack: string
  line: string
  due: string
  days_left: number
  state: DeadlineState
  met_count: number
  count: number
  items: DeadlineItem[]
}

export interface Deadlines extends Standing {
  divisions: DivisionRef[]
  rows: DeadlineRow[]
}

export interface Cockpit extends Standing {
  divisions: DivisionRef[]
  groups: CockpitGroup[]
  due: DeadlineRow[]
  silent: SilentRow[]
  lagging: LagRow[]
  counts: CockpitCounts
}

export interface RankRow {
  rank: number | null
  previous: number | null
  move: number | null
  tied: boolean
  division: DivisionRef
  cell: Cell
  growth_change: Num
}

export type RankBy = 'completion' | 'value' | 'growth' | 'gap'

export interface Ranking extends Standing {
  measure: Measure
  by: RankBy
  peers: string
  peers_name: Text
  previous: string
  rows: RankRow[]
  reported: number
  expected: number
  total: Cell
}

export interface Point {
  period: string
  value: Num
  last_year: Num
  plan: Num
  reported: number
  expected: number
  pending: boolean
}

export interface Series {
  division: DivisionRef
  points: Point[]
}

export interface CellOf {
  division: DivisionRef
  cell: Cell
}

export interface Term {
  name: Text
  unit: string
  aliases?: string[]
}

export interface Option {
  value: number
  name: Text
}

export interface Indicator {
  code: string
  name: Text
  unit: string
  show?: string
  decimals: number
  ratio?: { numerator: Term; denominator: Term; may_exceed: boolean } | null
  formula?: string
  kind: FigureKind
  better: Better
  rollup: 'sum' | 'none' | 'max' | 'min'
  level: 'province' | 'city' | 'county'
  cadence: 'month' | 'quarter' | 'half' | 'year'
  office: Text
  reader: Text
  definition: Text
  min?: Num
  max?: Num
  jump?: Num
  parts?: string[]
  options?: Option[]
  aliases?: string[]
  headline: boolean
  covers?: string[]
}

export interface IndicatorPage extends Standing {
  measure: Measure
  definition: Indicator
  pack_version: number
  targets: Measure[]
  total: Cell
  series: Series
  divisions: Series[]
  cells: CellOf[]
}

export interface FigureVersion {
  revision: number
  value: Num
  denominator: Num
  accepted: boolean
  from: string
  until?: string | null
}

export interface Form {
  id: string
  title: Text
  level: string
  cadence: string
  due_day: number
  review_days: number
  lines: string[]
}

export interface Target {
  id: string
  name: Text
  indicator: string
  issuer: string
  judge: Judgement
  of?: string
  due: string
  since?: number
  curve: 'linear' | 'month' | 'at_due'
  split: boolean
  fixed?: Num
  tolerance: number
  serious: number
  headline: boolean
  aliases?: string[]
  covers?: string[]
}

export interface DeadlineDefinition {
  id: string
  title: Text
  due: string
  targets: string[]
  remind?: number[]
  covers?: string[]
}

export interface PeerSet {
  id: string
  name: Text
  level: string
  functional: boolean
  except?: string[]
}

export interface Pack {
  id: string
  version: number
  title: Text
  line: string
  basis: Text
  order: number
  peers?: PeerSet[] | null
  indicators?: Indicator[] | null
  forms?: Form[] | null
  targets?: Target[] | null
  deadlines?: DeadlineDefinition[] | null
}

export interface Catalogue {
  programmes: Pack[]
  units: Unit[]
}

export interface ReturnSummary {
  id: number
  form: string
  title: Text
  pack: string
  line: string
  division: DivisionRef
  period: string
  version: number
  state: ReturnState
  edit: number
  due_at: string
  days_late: number
  submitted_at?: string | null
  submitted_by?: string
  changed_at?: string | null
  filled: number
  lines: number
  reminders: number
  reason?: string
}

export interface Page<T> {
  items: T[]
  next?: string
  total?: number
}

export interface Me {
  account: { id: string; login: string; name: string; division: string; must_change: boolean }
  permissions: { permission: string; line: string; division: string }[]
  roles: string[]
  server: {
    version: string
    demo: boolean
    now: string
    today: string
    map_note: string
    city: string
  }
}

export interface Boundaries {
  type: 'FeatureCollection'
  features: unknown[]
  note?: string
}
