/** Figures in the unit they are shown in. The factors come from the server's catalogue; nothing else converts. */
import { shallowReactive } from 'vue'
import type { Text, Unit } from '@/api/types'
import { DASH, number, percent, type Figure } from './number'

const units = shallowReactive(new Map<string, Unit>())

export function learnUnits(list: readonly Unit[]): void {
  for (const unit of list) units.set(unit.code, unit)
}

/** What says how a figure is shown; every measure and indicator does. */
export interface Shown {
  unit: string
  show?: string
  decimals: number
  ratio?: unknown
}

/** The code of the unit that a figure is shown in. */
export const shownUnit = (m: Shown): string => (isRatio(m) ? 'percent' : m.show || m.unit)

const isRatio = (m: Shown): boolean => Boolean(m.ratio)

export function unitName(code: string, language: string): string {
  const name = units.get(code)?.name
  return name ? pick(name, language) : code === 'percent' ? '%' : code
}

/** The units that a figure in one of them can be written in. */
export function unitsLike(code: string): Unit[] {
  const of = units.get(code)
  return of ? [...units.values()].filter((u) => u.dimension === of.dimension && (of.dimension !== 'count' || u.code === code)) : []
}

const pick = (text: Text, language: string): string => (language === 'zh' ? text.zh : text.en)

/** Turns a figure from the unit it is kept in into another; the same figure where they cannot be converted. */
export function convert(value: number, from: string, to: string): number {
  const a = units.get(from)
  const b = units.get(to)
  if (!a || !b || from === to || a.dimension !== b.dimension) return value
  // 万元 in 亿元: multiply and divide by whole factors, so that no binary dust is seen.
  const ratio = a.factor / b.factor
  return ratio >= 1 ? value * ratio : value / (b.factor / a.factor)
}

/** The figure as a number in its shown unit, for charts. */
export function shownValue(value: Figure, m: Shown): number | null {
  if (value === null || value === undefined) return null
  return isRatio(m) ? value : convert(value, m.unit, m.show || m.unit)
}

/** The figure as text in its shown unit, without the unit. */
export function amount(value: Figure, m: Shown): string {
  const shown = shownValue(value, m)
  return shown === null ? DASH : number(shown, isRatio(m) ? Math.max(1, m.decimals) : m.decimals)
}

/** The figure as text with its unit, for sentences. */
export function amountWithUnit(value: Figure, m: Shown, language: string): string {
  if (value === null || value === undefined) return DASH
  if (shownUnit(m) === 'percent') return percent(value)
  return `${amount(value, m)} ${unitName(shownUnit(m), language)}`.trim()
}

/** Every unit there is, in the order of the server's list. */
export const allUnits = (): Unit[] => [...units.values()]
