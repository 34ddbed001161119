/** The statistics as workbooks: measures with their two sides, and the problems by who found them. */
import type { SupervisionRow, SupervisionStatistics } from '@/api/work'
import type { ExportTable } from '@/lib/export'
import { say } from '@/lib/i18n'
import { decimalsOf, fraction } from './figures'

type Say = (key: string, named?: Record<string, unknown>) => string

const subtitle = (d: SupervisionStatistics, t: Say): string =>
  [say(d.scope.name), d.from ? `${t('weigh.from')} ${d.from}` : '', `${t('weigh.asOf')} ${d.as_of}`].filter(Boolean).join(' · ')

export function measuresOut(d: SupervisionStatistics, t: Say): ExportTable {
  const comparison = d.comparison as SupervisionStatistics['comparison'] | null
  const scored = new Map((comparison?.scores ?? []).map((s) => [s.division.code, s]))
  const sample = comparison?.sample ? ` (${t('weigh.sample')})` : ''
  const row = (r: SupervisionRow, name: string, total: boolean): (string | number | null)[] => {
    const s = total ? undefined : scored.get(r.division.code)
    const scores = comparison ? [s?.rank ?? null, s?.total ?? null, ...comparison.parts.map((_, i) => s?.parts[i] ?? null)] : []
    return [name, ...scores, ...d.measures.flatMap((m, i) => (m.sides ? [r.values[i]?.value ?? null, fraction(r, i)] : [r.values[i]?.value ?? null]))]
  }
  return {
    title: t('weigh.title'),
    subtitle: subtitle(d, t),
    notes: ['noteRate', 'noteControlled'].map((k) => t(`weigh.${k}`)),
    columns: [
      { head: [t('weigh.county')] },
      ...(comparison ? [{ head: [t('weigh.rank')] }, { head: [`${t('weigh.total')}${sample}`], decimals: 1 }, ...comparison.parts.map((p) => ({ head: [`${say(p.name)}${sample}`], decimals: 1 }))] : []),
      ...d.measures.flatMap((m) => {
        const value = { head: [say(m.name)], unit: m.unit === 'percent' ? '%' : '', decimals: decimalsOf(m) }
        return m.sides ? [value, { head: [t('weigh.fraction', { name: say(m.name) })] }] : [value]
      }),
    ],
    rows: [...d.rows.map((r) => row(r, say(r.division.name), false)), row(d.total, t('weigh.all'), true)],
  }
}

export function originsOut(d: SupervisionStatistics, t: Say): ExportTable {
  const of = (r: SupervisionRow, name: string): (string | number | null)[][] => r.origins.map((o) => [name, t(`weigh.levels.${o.origin}`), o.found, o.closed, o.controlled, o.open, o.rate])
  return {
    title: `${t('weigh.title')} ${t('weigh.origins')}`,
    subtitle: subtitle(d, t),
    notes: [t('weigh.noteControlled')],
    columns: [...['county', 'origin', 'found', 'closed', 'controlled', 'open'].map((k) => ({ head: [t(`weigh.${k}`)] })), { head: [t('weigh.rate')], unit: '%', decimals: 1 }],
    rows: [...d.rows.flatMap((r) => of(r, say(r.division.name))), ...of(d.total, t('weigh.all'))],
  }
}
