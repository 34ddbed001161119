/** The shapes of plans, teams and inspections, under the names that their pages use. */
import type { components } from './schema'
import type { Full } from './types'

type Schemas = components['schemas']

export type PlanRow = Full<Schemas['PlanRow']>
export type PlanDetail = Full<Schemas['PlanDetail']>
export type NewPlan = Full<Schemas['NewPlan']>
export type DrawingView = Full<Schemas['DrawingView']>
export type DrawingCheck = Full<Schemas['DrawingCheck']>
export type InspectionRow = Full<Schemas['InspectionRow']>
export type InspectionDetail = Full<Schemas['InspectionDetail']>
export type SheetResult = Full<Schemas['SheetResult']>
export type SheetSaved = Full<Schemas['SheetSaved']>
export type Sheet = Full<Schemas['Sheet']>
export type NewFinding = Full<Schemas['NewFinding']>
export type Checklist = Full<Schemas['Checklist']>
export type Section = Full<Schemas['Section']>
export type Clause = Full<Schemas['Clause']>
export type TeamRow = Full<Schemas['TeamRow']>
export type RulebookVersion = Full<Schemas['RulebookVersion']>
export type RulebookSource = Full<Schemas['RulebookSource']>
export type RulebookCheck = Full<Schemas['RulebookCheck']>
export type FoundRow = Full<Schemas['MatterRow']>
export type FoundWords = Full<Schemas['Found']>
export type WaterObject = Full<Schemas['WaterObject']>
export type ObjectWords = Full<Schemas['ObjectWords']>

export type Mode = PlanRow['mode']
export type PlanState = PlanRow['state']
export type InspectionState = InspectionRow['state']
export type Severity = NewFinding['severity']
export type Place = NewFinding['place']

/** What an inspector ticks at a clause. */
export type Answer = 'pass' | 'fail' | 'na'

export const modes: readonly Mode[] = ['open', 'unannounced', 'self', 'provincial', 'ministerial']
export const planStates: readonly PlanState[] = ['draft', 'drawn', 'done', 'cancelled']
export const inspectionStates: readonly InspectionState[] = ['planned', 'under_way', 'done']
export const severities: readonly Severity[] = ['general', 'heavier', 'serious', 'grave']
export const answers: readonly Answer[] = ['pass', 'fail', 'na']
