/** Two people at one return: what each changed since both saw the same, and where they differ. */
import type { LineChange, ReturnRow } from '@/api/filing'

export const lineOf = (row: ReturnRow): LineChange => ({
  indicator: row.indicator.code,
  value: row.value,
  denominator: row.denominator,
  blank: row.blank,
  note: row.note,
})

export const same = (a: LineChange, b: LineChange): boolean =>
  a.value === b.value && a.denominator === b.denominator && a.blank === b.blank && a.note === b.note

export interface Difference {
  indicator: string
  mine: LineChange
  theirs: LineChange
}

export interface Merged {
  /** Lines of mine that still have to be sent; nobody else touched them. */
  keep: string[]
  /** Lines of mine that somebody else changed to the same. */
  agreed: string[]
  /** Lines that both changed, each in another way. */
  differing: Difference[]
}

/** Holds my unsent lines against the return as it stands now; before is the return that I began from. */
export function merge(before: readonly ReturnRow[], mine: readonly LineChange[], now: readonly ReturnRow[]): Merged {
  const was = new Map(before.map((r) => [r.indicator.code, lineOf(r)]))
  const is = new Map(now.map((r) => [r.indicator.code, lineOf(r)]))
  const out: Merged = { keep: [], agreed: [], differing: [] }
  for (const line of mine) {
    const theirs = is.get(line.indicator)
    const start = was.get(line.indicator)
    if (!theirs) continue
    if (same(line, theirs)) out.agreed.push(line.indicator)
    else if (start && same(start, theirs)) out.keep.push(line.indicator)
    else out.differing.push({ indicator: line.indicator, mine: line, theirs })
  }
  return out
}
