/** The shapes of returns and targets, as the server's structs have them. */
import type { DivisionRef, Indicator, Measure, Move, Num, Page, ReturnState, ReturnSummary, Target, Text } from './types'

export interface ReturnsPage extends Page<ReturnSummary> {
  /** Rows by state under the filter, the state filter left out. */
  counts?: Partial<Record<ReturnState, number>>
}

export type Blank = '' | 'none' | 'not_applicable'

export interface ReturnRow {
  indicator: Indicator
  /** The figure belongs to another return and is only held against it. */
  copy: boolean
  value: Num
  denominator: Num
  blank: Blank
  note: string
  plan: Num
  last: Num
  last_denominator: Num
  last_year: Num
  changed_at?: string | null
  changed_by?: string
}

export type Severity = 'error' | 'ask' | 'hint'

export interface Finding {
  check: string
  severity: Severity
  indicator: string
  text: Text
}

export interface ReturnEvent {
  at: string
  by: string
  move: Move | 'open'
  from: ReturnState
  to: ReturnState
  reason?: string
  version: number
}

export interface Reminder {
  at: string
  by: string
  channel: Channel
  text: string
  hours_to_filing?: number | null
}

export type Channel = 'in_app' | 'phone' | 'message' | 'letter'

export interface ReturnDetail extends ReturnSummary {
  rows: ReturnRow[] | null
  findings: Finding[] | null
  moves: Move[] | null
  writable: boolean
  events: ReturnEvent[] | null
  versions: ReturnSummary[] | null
  sent_reminders: Reminder[] | null
}

export interface LineChange {
  indicator: string
  value: Num
  denominator: Num
  blank: Blank
  note: string
}

export interface TargetRow {
  division: DivisionRef
  amount: Num
  curve?: number[] | null
  document: string
  note: string
  revision: number
  set_at?: string | null
  set_by?: string
  last_year: Num
  achieved: Num
  writable: boolean
}

export type SplitState = 'unset' | 'equal' | 'over' | 'short' | 'partial'

export interface SplitCheck {
  state: SplitState
  parent: Num
  children: Num
  difference: Num
  percent: Num
  unset: number
}

export interface TargetTable {
  measure: Measure
  target: Target
  year: number
  scope: DivisionRef
  rows: TargetRow[]
  check: SplitCheck
}

export interface TargetChange {
  division: string
  amount: Num
  curve?: number[]
  document: string
  note: string
  revision: number
}
