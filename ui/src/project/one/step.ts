/** How far a part has come, and what its next milestone wants. */
import type { Milestone, ProjectDate, ProjectDetail, ProjectNext, ProjectPart, ProjectStep } from '@/api/project'
import { amountFrom } from '../form/shape'

export interface StepFields {
  on: string
  document: string
  amount: string
  note: string
  files: number
}

export type Lacking = 'day' | 'future' | 'document' | 'amount' | 'badAmount' | 'note' | 'evidence'

/** What a step still lacks before it can be sent. */
export function lacking(needs: readonly string[], fields: StepFields, today: string): Lacking[] {
  const out: Lacking[] = []
  if (!fields.on) out.push('day')
  else if (fields.on > today) out.push('future')
  const amount = amountFrom(fields.amount)
  if (amount === undefined) out.push('badAmount')
  const given: Record<string, boolean> = { document: Boolean(fields.document.trim()), amount: amount !== null, note: Boolean(fields.note.trim()), evidence: fields.files > 0 }
  for (const need of needs) if (given[need] === false) out.push(need as Lacking)
  return out
}

/** One milestone of a part: what was done of it, what is planned, what may be done now. */
export interface Rung {
  milestone: Milestone
  /** Its own steps that stand, the newest first. */
  steps: ProjectStep[]
  /** What was done for a part that holds this one, where it has none itself. */
  above: ProjectStep | null
  /** What was submitted and counts once somebody else has approved it. */
  awaits: ProjectStep | null
  date: ProjectDate | undefined
  next: ProjectNext | undefined
}

const standing = (p: ProjectPart | undefined, id: string): ProjectStep[] => (p?.steps ?? []).filter((s) => s.milestone === id && !s.undone_at && s.approved_at).reverse()

/** The milestones of a part in the order of the rules. What holds for all because it was approved above counts as reached. */
export function ladder(milestones: readonly Milestone[], part: ProjectPart, all: readonly ProjectPart[]): Rung[] {
  return milestones.map((milestone) => {
    const steps = standing(part, milestone.id)
    let above: ProjectStep | null = null
    for (let at = all.find((p) => p.id === part.parent); at && !steps.length && !above; at = all.find((p) => p.id === at?.parent)) above = standing(at, milestone.id)[0] ?? null
    const awaits = part.steps.find((s) => s.milestone === milestone.id && !s.undone_at && !s.approved_at) ?? null
    return { milestone, steps, above, awaits, date: part.schedule.find((d) => d.milestone === milestone.id), next: part.next.find((n) => n.milestone === milestone.id) }
  })
}

/** The first milestone ahead that is planned and not reached, of all parts together, with the day. */
export function nextDue(d: Pick<ProjectDetail, 'parts_list'>): { part: ProjectPart; milestone: string; day: string } | null {
  let best: { part: ProjectPart; milestone: string; day: string } | null = null
  for (const part of d.parts_list) {
    if (part.withdrawn || part.shared) continue
    for (const s of part.schedule) if (s.planned && !s.reached && (!best || s.planned < best.day)) best = { part, milestone: s.milestone, day: s.planned }
  }
  return best
}

/** How deep each part lies in others. */
export function depths(parts: readonly ProjectPart[]): Map<number, number> {
  const out = new Map<number, number>()
  for (const p of parts) out.set(p.id, p.parent ? (out.get(p.parent) ?? 0) + 1 : 0)
  return out
}
