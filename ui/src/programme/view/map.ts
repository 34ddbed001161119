/** Divisions as items of a map, by what they are compared on. */
import type { Cell, DivisionRef, Measure, RankBy } from '@/api/types'
import type { MapItem } from '@/components/shade'
import { percent, rate, signed } from '@/lib/number'
import { amount, shownValue } from '@/lib/unit'
import { shortName } from '@/registry/divisions'
import { leadFigure } from '../cell'

export function mapItems(rows: readonly { division: DivisionRef; cell: Cell }[], m: Measure, by: RankBy | 'lead'): MapItem[] {
  return rows.map(({ division, cell }) => {
    const [value, text] = cell.state === 'figure' ? figureBy(cell, m, by) : [null, '—']
    return { code: division.code, name: shortName(division), value, text, grade: cell.grade }
  })
}

function figureBy(cell: Cell, m: Measure, by: RankBy | 'lead'): [number | null, string] {
  if (by === 'gap') return [cell.gap, signed(cell.gap)]
  if (by === 'growth') return [cell.growth, percent(cell.growth)]
  if (by === 'completion') return [cell.completion, percent(cell.completion)]
  if (by === 'value') return [shownValue(cell.value, m), amount(cell.value, m)]
  const lead = leadFigure(cell, m)
  if (!lead.rate) return [shownValue(cell.value, m), lead.text]
  const value = lead.bar ?? cell.growth
  return [value, value === null ? '—' : `${rate(value)}%`]
}
