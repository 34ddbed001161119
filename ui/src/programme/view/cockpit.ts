/** The cockpit's matrix from the server's answer: columns, groups, the chosen cell, the workbook. */
import type { Cell, Cockpit, CockpitRow, DivisionRef, LagRow, Measure, Text } from '@/api/types'
import type { ExportTable } from '@/lib/export'
import { number } from '@/lib/number'
import { month } from '@/lib/time'
import { shownUnit, shownValue, unitName } from '@/lib/unit'

export interface Column {
  key: string
  label: string
  title?: string
  width?: number
  /** Place among the divisions; -1 for the total and the trend. */
  at: number
}

export interface Row {
  key: string
  row: CockpitRow
}

type Read = (text: Text) => string
type Say = (key: string, named?: Record<string, unknown>) => string

export function columnsOf(
  c: Cockpit,
  heads: { total: string; trend: string },
  short: (d: DivisionRef) => string,
  say: Read,
): Column[] {
  return [
    { key: 'total', label: heads.total, title: say(c.scope.name), width: 140, at: -1 },
    { key: 'trend', label: heads.trend, width: 92, at: -1 },
    ...(c.divisions ?? []).map((d, at) => ({ key: d.code, label: short(d), title: say(d.name), at })),
  ]
}

const keyOf = (r: CockpitRow): string => (r.target ? `${r.indicator}@${r.target}` : r.indicator)

export function groupsOf(c: Cockpit, say: Read): { key: string; title: string; rows: Row[] }[] {
  return (c.groups ?? []).map((g) => ({
    key: g.pack,
    title: say(g.title),
    rows: g.rows.map((row) => ({ key: keyOf(row), row })),
  }))
}

/** The cell that `indicator@target|division` names; null where nothing is chosen or it is gone. */
export function cellOf(c: Cockpit, selected: string): { cell: Cell; measure: Measure; division: DivisionRef } | null {
  const [key, column] = selected.split('|')
  const row = (c.groups ?? []).flatMap((g) => g.rows).find((r) => keyOf(r) === key)
  if (!row || !column) return null
  if (column === 'total') return { cell: row.total, measure: row, division: c.scope }
  const at = c.divisions.findIndex((d) => d.code === column)
  const cell = row.cells[at]
  const division = c.divisions[at]
  return cell && division ? { cell, measure: row, division } : null
}

/** What is behind: the divisions below, or the measures of a division that has none below. */
export function lagsOf(c: Cockpit): LagRow[] {
  if (c.divisions.length) return c.lagging
  const weight: Partial<Record<Cell['grade'], number>> = { overdue: 3, serious: 2, lag: 1 }
  return c.groups
    .flatMap((g) => g.rows.map((row) => ({ measure: row, division: c.scope, cell: row.total })))
    .filter((r) => weight[r.cell.grade])
    .sort((a, b) => (weight[b.cell.grade] ?? 0) - (weight[a.cell.grade] ?? 0) || (a.cell.gap ?? 0) - (b.cell.gap ?? 0))
}

/** The trend for those who hear the page: how many months have a figure. */
export function trendWords(row: CockpitRow, t: Say): string {
  const values = row.total.trend ?? []
  const known = values.filter((v) => v !== null).length
  return `${t('view.cockpit.trend')} ${known}/${values.length}`
}

export function cockpitTable(c: Cockpit, t: Say, say: Read, language: string): ExportTable {
  const places: { name: string; cell: (r: CockpitRow) => Cell | undefined }[] = [
    { name: say(c.scope.name), cell: (r) => r.total },
    ...c.divisions.map((d, i) => ({ name: say(d.name), cell: (r: CockpitRow) => r.cells[i] })),
  ]
  const state = (cell: Cell | undefined): string => (cell ? t(`ui.cell.${cell.state}`) : '')
  return {
    title: `${say(c.scope.name)} ${month(c.period, language)} ${t('view.cockpit.title')}`,
    columns: [
      { head: [t('view.catalogue.programme')] },
      { head: [t('view.catalogue.indicator')] },
      { head: [t('view.indicator.target')] },
      { head: [t('view.catalogue.unit')] },
      ...places.flatMap((p) => [
        { head: [p.name, t('ui.cell.value')], decimals: 2 },
        { head: [p.name, t('ui.cell.completion')], unit: '%', decimals: 1 },
        { head: [p.name, t('ui.cell.gap')], unit: t('ui.pp'), decimals: 1 },
      ]),
    ],
    rows: c.groups.flatMap((g) =>
      g.rows.map((r) => [
        say(g.title),
        say(r.name),
        r.target ? say(r.aim) : '',
        unitName(shownUnit(r), language),
        ...places.flatMap((p): (string | number | null)[] => {
          const cell = p.cell(r)
          if (cell?.state !== 'figure') return [state(cell), null, null]
          return [shownValue(cell.value, r), cell.completion, cell.gap]
        }),
      ]),
    ),
    notes: [`${t('shell.asOf')} ${c.as_of}`, `${t('ui.reportedOf', { n: number(c.counts.reported), m: number(c.counts.expected) })}`],
  }
}
