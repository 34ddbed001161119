/**
 * A score form while it is filled in: what has been earned, what can still be reached, what is missing. The server judges what
 * is saved; this foretells it, by the same rules.
 */
import type { Answers, Judged, ScoreItem, ScoreTree } from '@/api/ledger'
import { parseNumber } from '@/lib/number'

/** What stands in the fields of one item. */
export interface Given {
  points: string
  skip: boolean
  reason: string
}

export interface Draft {
  items: Record<string, Given>
  prerequisites: Record<string, boolean>
}

export interface Running {
  points: number
  /** Full points of what applies. */
  of: number
  /** Of 100; null while anything is missing. */
  score: number | null
  reachable: number | null
  verdict: 'open' | 'passed' | 'failed'
  vetoes: string[]
  missing: string[]
  /** Points deducted, or an item left out, without a reason. */
  unexplained: string[]
  /** Not a number between nothing and the item's weight. */
  wrong: string[]
  dimensions: { id: string; points: number; of: number; missing: number }[]
}

/** Points have four decimals at most; sums are formed of whole parts. */
const PARTS = 10_000

const blank = (): Given => ({ points: '', skip: false, reason: '' })

export const itemsOf = (tree: ScoreTree): ScoreItem[] => tree.dimensions.flatMap((d) => d.items)

/** An empty form, or one filled in as somebody scored before. Items that the tree no longer has are dropped. */
export function draftOf(tree: ScoreTree, before?: Judged | null): Draft {
  const items: Record<string, Given> = {}
  for (const i of itemsOf(tree)) {
    const was = before?.answers.items[i.code]
    const holds = was && !(was.skip && !i.may_skip) && was.points <= i.weight
    items[i.code] = holds ? { points: was.skip ? '' : String(was.points), skip: Boolean(was.skip), reason: was.reason ?? '' } : blank()
  }
  const known = new Set(tree.prerequisites.map((p) => p.code))
  return { items, prerequisites: Object.fromEntries(Object.entries(before?.answers.prerequisites ?? {}).filter(([code]) => known.has(code))) }
}

/** The points in a field; null where there is nothing, NaN where they cannot be. */
export function pointsIn(item: ScoreItem, given: Given): number | null {
  if (given.points.trim() === '') return null
  const n = parseNumber(given.points)
  return n === null || n < 0 || n > item.weight || !Number.isInteger(Math.round(n * PARTS * 1e4) / 1e4) ? NaN : n
}

/** What is sent: only what was answered. */
export function answersOf(tree: ScoreTree, draft: Draft): Answers {
  const items: Answers['items'] = {}
  for (const i of itemsOf(tree)) {
    const given = draft.items[i.code] ?? blank()
    const points = pointsIn(i, given)
    const reason = given.reason.trim()
    if (given.skip) items[i.code] = { points: 0, skip: true, ...(reason ? { reason } : {}) }
    else if (points !== null && !Number.isNaN(points)) items[i.code] = { points, ...(reason && points < i.weight ? { reason } : {}) }
  }
  return { items, prerequisites: { ...draft.prerequisites } }
}

const percent = (n: number, of: number): number | null => (of ? (n * 100) / of : null)

export function running(tree: ScoreTree, draft: Draft): Running {
  const out: Running = { points: 0, of: 0, score: null, reachable: null, verdict: 'open', vetoes: [], missing: [], unexplained: [], wrong: [], dimensions: [] }
  for (const p of tree.prerequisites) {
    const holds = draft.prerequisites[p.code]
    if (holds === undefined) out.missing.push(p.code)
    else if (!holds) out.vetoes.push(p.code)
  }
  let answered = 0
  for (const d of tree.dimensions) {
    const part = { id: d.id, points: 0, of: 0, missing: 0 }
    for (const i of d.items) {
      const given = draft.items[i.code] ?? blank()
      if (given.skip) {
        if (!given.reason.trim()) out.unexplained.push(i.code)
        continue
      }
      const points = pointsIn(i, given)
      const weight = Math.round(i.weight * PARTS)
      part.of += weight
      if (points === null || Number.isNaN(points)) {
        part.missing++
        out.missing.push(i.code)
        if (points !== null) out.wrong.push(i.code)
        continue
      }
      part.points += Math.round(points * PARTS)
      answered += weight
      if (points < i.weight && !given.reason.trim()) out.unexplained.push(i.code)
    }
    out.points += part.points
    out.of += part.of
    out.dimensions.push({ ...part, points: part.points / PARTS, of: part.of / PARTS })
  }
  const open = out.dimensions.some((d) => d.missing)
  out.score = open ? null : percent(out.points, out.of)
  out.reachable = percent(out.points + out.of - answered, out.of)
  if (out.vetoes.length) out.verdict = 'failed'
  else if (!out.missing.length && !out.unexplained.length && out.of) out.verdict = out.points * 100 >= tree.threshold * out.of ? 'passed' : 'failed'
  out.points /= PARTS
  out.of /= PARTS
  return out
}
