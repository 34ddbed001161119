/** The shapes of imports, and what their mappings may say. */
import type { ImportView, TableColumn } from '@/api/types'

export type Sheet = ImportView['sheets'][number]
export type Mapping = Sheet['mapping']

export const MOST_MIB = 20

export const roles = ['ignore', 'division', 'period', 'month', 'measure', 'unit', 'value', 'numerator', 'denominator', 'plan', 'rate', 'growth', 'item', 'remark'] as const

const figures: readonly string[] = ['value', 'numerator', 'denominator', 'plan']

/** Whether a column of this meaning files figures. */
export const takesFigures = (role: string): boolean => figures.includes(role)

/** Whether a column of this meaning holds percentages that are written in one of two ways. */
export const isChecked = (role: string): boolean => role === 'rate' || role === 'growth'

/** A, B, … Z, AA as spreadsheets name their columns, from 0. */
export function columnName(index: number): string {
  let name = ''
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name
  return name
}

/** A column with another meaning loses what belonged to the old one. */
export function withRole(c: TableColumn, role: string): TableColumn {
  const { indicator, target, ...rest } = c
  const out: TableColumn = { ...rest, role }
  if (indicator && (takesFigures(role) || isChecked(role))) out.indicator = indicator
  if (target && role === 'plan') out.target = target
  return out
}

/** "2026-05" of a period that ends there. */
export const monthOf = (p: Mapping['period']): string => (p && p.year > 0 && !p.year_only ? `${p.year}-${String(p.to).padStart(2, '0')}` : '')

/** The period from January to a month, as cumulated tables mean it, or none. */
export function periodTo(month: string, before: Mapping['period']): Mapping['period'] {
  const m = /^(\d{4})-(\d{2})$/.exec(month)
  if (!m) return undefined
  const to = Number(m[2])
  return { year: Number(m[1]), from: before && before.from <= to && before.to === to ? before.from : to, to }
}
