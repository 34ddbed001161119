/** The indicator page's lines and workbook from the server's answer. */
import type { IndicatorPage, Measure, Series, Text } from '@/api/types'
import type { ChartSeries } from '@/components/Chart.vue'
import type { ExportTable } from '@/lib/export'
import { month } from '@/lib/time'
import { shownUnit, shownValue, unitName } from '@/lib/unit'

/** This year, last year, and the plan curve; a line without any figure is left out. */
export function chartSeries(s: Series, m: Measure, names: { now: string; last: string; plan: string }): ChartSeries[] {
  const all: ChartSeries[] = [
    { name: names.now, role: 'now', values: s.points.map((p) => shownValue(p.value, m)) },
    { name: names.last, role: 'last', values: s.points.map((p) => shownValue(p.last_year, m)) },
    { name: names.plan, role: 'plan', values: s.points.map((p) => shownValue(p.plan, m)) },
  ]
  return all.filter((line) => line.role === 'now' || line.values.some((v) => v !== null))
}

type Say = (key: string, named?: Record<string, unknown>) => string

export function indicatorTable(p: IndicatorPage, t: Say, say: (text: Text) => string, language: string): ExportTable {
  const m = p.measure
  const unit = unitName(shownUnit(m), language)
  const rows = [{ division: p.scope, cell: p.total }, ...p.cells]
  const all = [p.series, ...p.divisions]
  return {
    title: `${say(m.name)} ${month(p.period, language)}`,
    subtitle: `${t('view.indicator.pack')} ${m.pack} ${t('view.indicator.version', { n: p.pack_version })}`,
    columns: [
      { head: [t('view.indicator.division')] },
      { head: [t('ui.cell.value')], unit, decimals: m.decimals },
      { head: [t('ui.cell.completion')], unit: '%', decimals: 1 },
      { head: [t('ui.cell.gap')], unit: t('ui.pp'), decimals: 1 },
      { head: [t('ui.cell.growth')], unit: '%', decimals: 1 },
      ...p.series.points.map((point) => ({ head: [t('view.indicator.series'), month(point.period, language)], unit, decimals: m.decimals })),
    ],
    rows: rows.map(({ division, cell }) => [
      say(division.name),
      cell.state === 'figure' ? shownValue(cell.value, m) : t(`ui.cell.${cell.state}`),
      cell.completion,
      cell.gap,
      cell.growth,
      ...(all.find((s) => s.division.code === division.code)?.points ?? p.series.points.map(() => null)).map((point) =>
        point ? shownValue(point.value, m) : null,
      ),
    ]),
  }
}
