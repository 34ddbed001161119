/** What was found beside what was done about it, round by round: a matter that is reopened begins another round. */
import type { MatterFile } from '@/api/matter'

export interface Pair {
  before: MatterFile | null
  after: MatterFile | null
}

export interface Round {
  /** 0 is the first; n after the nth reopening. */
  round: number
  pairs: Pair[]
  /** What was found in an earlier round stands on the left, since this one has nothing of its own. */
  earlier: boolean
}

const BEFORE = ['before', 'recheck']
const AFTER = ['after', 'control']

/** The rounds from the latest to the first; each has at least one pair, with a hole where a side is absent. */
export function rounds(files: readonly MatterFile[], reopened: number): Round[] {
  const out: Round[] = []
  let found: MatterFile[] = []
  for (let round = 0; round <= reopened; round++) {
    const of = (roles: string[]): MatterFile[] => files.filter((f) => f.round === round && roles.includes(f.role))
    const own = of(BEFORE)
    const earlier = !own.length && found.length > 0
    if (own.length) found = own
    const after = of(AFTER)
    const pairs = Array.from({ length: Math.max(found.length, after.length, 1) }, (_, i): Pair => ({ before: found[i] ?? null, after: after[i] ?? null }))
    out.push({ round, pairs, earlier })
  }
  return out.reverse()
}

/** Answers in writing and papers, which show neither state. */
export const papers = (files: readonly MatterFile[]): MatterFile[] => files.filter((f) => !BEFORE.includes(f.role) && !AFTER.includes(f.role))
