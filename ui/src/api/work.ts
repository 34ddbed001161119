/** The shapes of what waits, of meetings and of the statistics of supervision, under the names that their pages use. */
import type { components } from './schema'
import type { Full } from './types'

type Schemas = components['schemas']

export type Waiting = Full<Schemas['WorkGroup']>
export type WaitingRow = Full<Schemas['MatterRow']>
export type LadderRow = Full<Schemas['EscalationRow']>
export type MeetingRow = Full<Schemas['MeetingRow']>
export type MeetingRows = Full<Schemas['MeetingRows']>
export type MeetingDetail = Full<Schemas['MeetingDetail']>
export type NewMeeting = Full<Schemas['AddMeetingRequest']>
export type NewTask = Full<Schemas['NewTask']>
export type SupervisionStatistics = Full<Schemas['OversightStatistics']>
export type SupervisionRow = Full<Schemas['StatisticsRow']>
export type SupervisionMeasure = Full<Schemas['MeasureHead']>
export type Comparison = Full<Schemas['ComparisonView']>
export type LoopWords = Full<Schemas['MatterRules']>
