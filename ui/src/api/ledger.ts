/** The shapes of ledgers, their entries and scores, under the names that their pages use. */
import type { components } from './schema'
import type { Full } from './types'

type Schemas = components['schemas']
/** What the server leaves null where there is none. */
type Or<T, More> = Omit<T, keyof More> & More

export type Rules = Or<Full<Schemas['Scheme']>, { plan: Full<Schemas['Plan']> | null }>
export type Count = Full<Schemas['Count']>
export type ScoreTree = Full<Schemas['Tree']>
export type ScoreItem = Full<Schemas['Item']>
export type Answers = Full<Schemas['Answers']>
export type Judged = Full<Schemas['Judged']>
export type LedgerCard = Or<Full<Schemas['LedgerCard']>, { rules: Rules }>
export type LedgerBoard = Or<Full<Schemas['LedgerBoard']>, { rules: Rules; tree: ScoreTree | null }>
export type LedgerEntry = Full<Schemas['LedgerEntry']>
export type LedgerPage = Full<Schemas['LedgerPage']>
export type LedgerNext = Full<Schemas['LedgerNext']>
export type LedgerStep = Or<Full<Schemas['LedgerStep']>, { judged: Judged | null }>
export type LedgerDetail = Or<Full<Schemas['LedgerDetail']>, { rules: Rules; tree: ScoreTree | null; steps: LedgerStep[] }>
export type NewStep = Full<Schemas['NewStep']>
export type EntryChange = Full<Schemas['EntryChange']>

export const standings = ['to_do', 'left', 'done', 'overdue', 'overdue_first', 'aside', 'review'] as const
