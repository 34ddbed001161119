/** The shapes of major projects (重大项目) under the names that their pages use. */
import type { components } from './schema'
import type { Full } from './types'

type Schemas = components['schemas']
/** What the server leaves null where there is none. */
type Or<T, More> = Omit<T, keyof More> & More

export type ProjectPlace = Full<Schemas['ProjectPlace']>
export type ProjectWord = Full<Schemas['ProjectWord']>
export type Milestone = Full<Schemas['ProjectMilestone']>
export type ProjectWords = Full<Schemas['ProjectWords']>
export type ProjectShape = Full<Schemas['ProjectShape']>
export type LagMeasure = Full<Schemas['LagMeasure']>
export type ProjectLag = Full<Schemas['ProjectLag']>
export type ProjectNaming = Full<Schemas['ProjectNaming']>
export type ProjectListed = Full<Schemas['ProjectListed']>
export type ProjectRow = Or<Full<Schemas['ProjectRow']>, { named: ProjectNaming | null }>
export type ProjectTally = Full<Schemas['ProjectTally']>
export type ProjectPage = Or<Full<Schemas['ProjectPage']>, { items: ProjectRow[] }>
export type ProjectStep = Full<Schemas['ProjectStep']>
export type ProjectNext = Full<Schemas['ProjectNext']>
export type ProjectDate = Full<Schemas['ProjectDate']>
export type ProjectMonth = Full<Schemas['ProjectMonth']>
export type ProjectPart = Or<Full<Schemas['ProjectPart']>, { shape: ProjectShape | null }>
export type ProjectDetail = Or<Full<Schemas['ProjectDetail']>, { named: ProjectNaming | null; parts_list: ProjectPart[] }>
export type Funding = Full<Schemas['ProjectFunding']>
export type FundingSum = Full<Schemas['FundingSum']>
export type FundRecord = Full<Schemas['ProjectFundRecord']>
export type FigureRevision = Full<Schemas['FigureRevision']>
export type FigureChange = Full<Schemas['FigureChange']>
export type ProjectMark = Full<Schemas['ProjectMark']>
export type ProjectMap = Full<Schemas['ProjectMap']>
export type GanttBar = Full<Schemas['ProjectBar']>
export type Gantt = Full<Schemas['ProjectGantt']>
export type Gaps = Full<Schemas['ProjectGaps']>
export type ProjectYear = Full<Schemas['ProjectYear']>
export type CountyPlans = Full<Schemas['CountyPlans']>
export type CountyPlan = Full<Schemas['CountyPlan']>
export type IssuedList = Full<Schemas['ProjectList']>
export type ProjectEvent = Full<Schemas['ProjectEvent']>
export type ProjectHistory = Full<Schemas['ProjectHistory']>
export type ProjectImport = Full<Schemas['ProjectImport']>
export type Pace = ProjectRow['pace']
export type PartState = ProjectPart['state']
export type What = FigureChange['what']

export const paces = ['severe', 'lagging', 'unreported', 'on_schedule', 'no_plan', 'ended'] as const satisfies readonly Pace[]
export const projectStates = ['waiting', 'building', 'commissioned', 'ended'] as const
export const partKinds = ['phase', 'section', 'lot', 'works', 'contract'] as const
