/** What a cell shows: by what it is judged, so is it led. */
import type { Cell, Measure } from '@/api/types'
import { percent, points, rate, signed } from '@/lib/number'
import { amount, amountWithUnit, shownUnit, shownValue, unitName } from '@/lib/unit'

export interface Lead {
  text: string
  /** The figure is in percent. */
  rate: boolean
  /** Length of the bar, 0 to 100 and beyond; null where none is drawn. */
  bar: number | null
  mark: number | null
}

/** The figure that leads: completion for a plan, growth for a growth target, the value itself for a threshold. */
export function leadFigure(cell: Cell, m: Measure): Lead {
  if ((m.judge === 'completion' || m.judge === 'rate') && cell.completion !== null) {
    return { text: rate(cell.completion), rate: true, bar: cell.completion, mark: cell.calendar }
  }
  if (m.judge === 'growth') return { text: rate(cell.growth), rate: true, bar: null, mark: null }
  const inPercent = shownUnit(m) === 'percent'
  return {
    text: amount(cell.value, m),
    rate: inPercent,
    bar: inPercent ? cell.value : null,
    mark: inPercent ? cell.plan : null,
  }
}

/** Message key that says why there is no figure; empty where there is one. */
export function reasonKey(cell: Cell, m: Measure): string {
  if (cell.state !== 'figure') return `ui.cell.${cell.state}`
  return leadFigure(cell, m).text === '—' ? 'ui.cell.na' : ''
}

type Say = (key: string, named?: Record<string, unknown>) => string

/** The whole cell in words, for hover and for those who listen to the page. */
export function cellWords(cell: Cell, m: Measure, language: string, t: Say): string {
  const parts: string[] = []
  const reason = reasonKey(cell, m)
  if (cell.state !== 'figure') return t(reason)
  if (cell.value !== null) parts.push(`${t('ui.cell.value')} ${amountWithUnit(cell.value, m, language)}`)
  const fraction = fractionOf(cell)
  if (fraction) parts.push(fraction)
  if (cell.plan !== null) parts.push(`${t('ui.cell.plan')} ${planText(cell, m, language)}`)
  if (cell.completion !== null) parts.push(`${t('ui.cell.completion')} ${percent(cell.completion)}`)
  if (cell.calendar !== null && cell.completion !== null) parts.push(`${t('ui.cell.calendar')} ${percent(cell.calendar)}`)
  if (cell.gap !== null) parts.push(`${t('ui.cell.gap')} ${gapWords(cell, m, language)}`)
  if (cell.growth !== null) parts.push(`${t('ui.cell.growth')} ${percent(cell.growth)}`)
  if (cell.grade !== 'none') parts.push(t(`ui.grade.${cell.grade}`))
  if (reason) parts.push(t(reason))
  return parts.join(language === 'zh' ? '，' : ', ')
}

/** A threshold on anything but a rate is missed by so many of its own unit, all else by percentage points. */
const inOwnUnit = (m: Measure): boolean => m.judge === 'threshold' && shownUnit(m) !== 'percent'

/** The gap with its sign, without its unit. */
export function gapText(cell: Cell, m: Measure): string {
  if (cell.gap === null) return '—'
  return inOwnUnit(m) ? signed(shownValue(cell.gap, m), m.decimals) : signed(cell.gap)
}

/** The unit of the gap, for the head of a column. */
export const gapUnit = (m: Measure, language: string): string =>
  inOwnUnit(m) ? unitName(shownUnit(m), language) : language === 'zh' ? '百分点' : 'pp'

/** The gap with its unit, for sentences. */
export function gapWords(cell: Cell, m: Measure, language: string): string {
  return inOwnUnit(m) ? `${gapText(cell, m)} ${gapUnit(m, language)}`.trim() : points(cell.gap, language)
}

/** The plan in the unit that its judgement gives it: a growth or rate target is in percent, whatever the indicator. */
export function planText(cell: Cell, m: Measure, language: string): string {
  return m.judge === 'growth' || m.judge === 'rate' ? percent(cell.plan) : amountWithUnit(cell.plan, m, language)
}

/** 124/150: a rate shows its fraction. */
export function fractionOf(cell: Cell): string {
  if (cell.numerator === null || cell.denominator === null) return ''
  const plain = (v: number): string => v.toLocaleString('en-US', { maximumFractionDigits: 2 })
  return `${plain(cell.numerator)}/${plain(cell.denominator)}`
}
