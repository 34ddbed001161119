/** What a step asks for, and what the history says of it. */
import type { Judged, LedgerDetail, LedgerNext, LedgerStep } from '@/api/ledger'

export interface StepFields {
  on: string
  document: string
  note: string
  files: number
}

export type Lacking = 'day' | 'future' | 'document' | 'note' | 'evidence' | 'score'

/** What a step still lacks before it can be sent. */
export function lacking(next: LedgerNext, fields: StepFields, judged: Judged | null, today: string): Lacking[] {
  const out: Lacking[] = []
  if (!fields.on) out.push('day')
  else if (fields.on > today) out.push('future')
  const given: Record<string, boolean> = {
    document: Boolean(fields.document.trim()),
    note: Boolean(fields.note.trim()),
    evidence: fields.files > 0,
    score: judged?.result.verdict === 'passed',
  }
  for (const need of next.needs) if (given[need] === false) out.push(need as Lacking)
  return out
}

const standing = (steps: readonly LedgerStep[]): LedgerStep[] => steps.filter((s) => !s.undone_at)

/** The last evaluation since the entry came into its state: the one that speaks for its next step. */
export function judgedNow(steps: readonly LedgerStep[]): Judged | null {
  for (const s of standing(steps).reverse()) {
    if (s.judged) return s.judged
    if (s.state) return null
  }
  return null
}

/** The last evaluation at all, with who made it. */
export const judgedLast = (steps: readonly LedgerStep[]): LedgerStep | undefined => standing(steps).findLast((s) => s.judged)

/** The last step that stands, which alone can be taken back. */
export const lastStep = (steps: readonly LedgerStep[]): LedgerStep | undefined => standing(steps).at(-1)

/** When a mark was last set or taken away. */
export const markedOn = (steps: readonly LedgerStep[], mark: string): string => standing(steps).findLast((s) => s.mark === mark)?.on ?? ''

/** The earliest day a next step may bear. */
export const notBefore = (d: LedgerDetail): string => lastStep(d.steps)?.on ?? d.listed
