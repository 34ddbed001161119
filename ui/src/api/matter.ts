/** The shapes of matters, the ladder and the statistics of supervision, under the names that their pages use. */
import type { components } from './schema'
import type { Full } from './types'

type Schemas = components['schemas']

export type MatterRow = Full<Schemas['MatterRow']>
export type MatterPage = Full<Schemas['MatterPage']>
export type MatterDetail = Full<Schemas['MatterDetail']>
export type MatterFile = Full<Schemas['MatterFile']>
export type Legal = Full<Schemas['Legal']>
export type Outcome = Full<Schemas['Outcome']>
export type Grouped = Full<Schemas['Grouped']>
export type DueCalendar = Full<Schemas['Calendar']>
export type DueDay = Full<Schemas['DueDay']>
export type WorkGroup = Full<Schemas['WorkGroup']>
export type EscalationRow = Full<Schemas['EscalationRow']>
export type Statistics = Full<Schemas['OversightStatistics']>
export type StatisticsRow = Full<Schemas['StatisticsRow']>

export const kinds = ['finding', 'hazard', 'lag', 'missing', 'overdue', 'task', 'sweep'] as const
export const states = ['found', 'disputed', 'confirmed', 'assigned', 'rectifying', 'returned', 'submitted', 'controlled', 'closed', 'dismissed', 'cleared'] as const
export const origins = ['ministry', 'province', 'city', 'county', 'self', 'rule'] as const
