/**
 * The shapes of the API under the names that the pages use. All of them come from the generated schema; a list that the server
 * leaves null counts as a list here, since the pages read through `filled` of lib/lists.
 */
import type { components } from './schema'

type Schemas = components['schemas']

/** A schema with its lists never null, all the way down. */
export type Full<T> = T extends readonly (infer U)[]
  ? Full<U>[]
  : T extends object
    ? { [K in keyof T]: Listed<T[K]> }
    : T

type Listed<V> = NonNullable<V> extends readonly unknown[] ? Full<NonNullable<V>> | Extract<V, undefined> : Full<V>

export type Num = number | null

export type Text = Full<Schemas['Text']>
export type Unit = Full<Schemas['Unit']>
export type DivisionRef = Full<Schemas['DivisionRef']>
export type Division = Full<Schemas['Division']>
export type Cell = Full<Schemas['Cell']>
export type Measure = Full<Schemas['Measure']>
export type CockpitRow = Full<Schemas['CockpitRow']>
export type CockpitGroup = Full<Schemas['CockpitGroup']>
export type CockpitCounts = Full<Schemas['CockpitCounts']>
export type Cockpit = Full<Schemas['Cockpit']>
export type SilentRow = Full<Schemas['SilentRow']>
export type LagRow = Full<Schemas['LagRow']>
export type DeadlineItem = Full<Schemas['DeadlineItem']>
export type DeadlineRow = Full<Schemas['DeadlineRow']>
export type Deadlines = Full<Schemas['Deadlines']>
export type RankRow = Full<Schemas['RankRow']>
export type Ranking = Full<Schemas['Ranking']>
export type Point = Full<Schemas['Point']>
export type Series = Full<Schemas['Series']>
export type CellOf = Full<Schemas['CellOf']>
export type Term = Full<Schemas['Term']>
export type Option = Full<Schemas['Option']>
export type Indicator = Full<Schemas['Indicator']>
export type IndicatorPage = Full<Schemas['IndicatorPage']>
export type FigureVersion = Full<Schemas['FigureVersion']>
export type Form = Full<Schemas['Form']>
export type Target = Full<Schemas['Target']>
export type PeerSet = Full<Schemas['PeerSet']>
export type Pack = Full<Schemas['Pack']>
export type PackVersion = Full<Schemas['PackVersion']>
export type PackSource = Full<Schemas['PackSource']>
export type PackCheck = Full<Schemas['PackCheck']>
export type PackChange = Full<Schemas['Change']>
export type Catalogue = Full<Schemas['Catalogue']>
export type ReturnSummary = Full<Schemas['ReturnSummary']>
export type Me = Full<Schemas['Me']>
export type Organisation = Full<Schemas['Organisation']>
export type Person = Full<Schemas['Person']>
export type Post = Full<Schemas['Post']>
export type Tenure = Full<Schemas['Tenure']>
export type ObjectEdit = Full<Schemas['ObjectEdit']>
export type ObjectEdits = Full<Schemas['ObjectHistory']>
export type SavedFilter = Full<Schemas['SavedFilter']>
export type SessionInfo = Full<Schemas['SessionInfo']>
export type Token = Full<Schemas['Token']>
export type TokenMade = Full<Schemas['TokenMade']>
export type Boundaries = Full<Schemas['Boundaries']>
export type ImportSummary = Full<Schemas['ImportSummary']>
export type ImportView = Full<Schemas['Import']>
export type ImportEffect = Full<Schemas['ImportEffect']>
export type ImportRow = Full<Schemas['ImportRow']>
export type ImportChange = Full<Schemas['ImportChange']>
export type ImportFinding = Full<Schemas['ImportFinding']>
export type TableColumn = Full<Schemas['TableColumn']>
export type DeadlineDefinition = Full<Schemas['Deadline']>
export type WaterObject = Full<Schemas['WaterObject']>
export type ObjectFacts = Full<Schemas['ObjectFacts']>
export type ObjectDuty = Full<Schemas['ObjectDuty']>
export type ObjectClock = Full<Schemas['ObjectClock']>
export type ObjectGap = Full<Schemas['ObjectGap']>
export type ObjectNamed = Full<Schemas['ObjectNamed']>
export type ObjectWords = Full<Schemas['ObjectWords']>
export type ObjectTally = Full<Schemas['ObjectTally']>
export type ObjectPoints = Full<Schemas['ObjectPoints']>
export type ObjectEffect = Full<Schemas['ObjectEffect']>
export type ObjectRow = Full<Schemas['ObjectRowEffect']>
export type ObjectDue = NonNullable<ObjectTally['due']>

export type CellState = Cell['state']
export type Grade = Cell['grade']
export type ReturnState = ReturnSummary['state']
export type DeadlineState = DeadlineRow['state']
export type RankBy = Ranking['by']
export type Judgement = Target['judge']
export type Move = Schemas['MoveReturnRequest']['move']

/** The head of every view. */
export type Standing = Pick<Cockpit, 'scope' | 'period' | 'as_of' | 'past'>

/** A page of a list. */
export interface Page<T> {
  items: T[]
  next?: string
  total?: number
}
