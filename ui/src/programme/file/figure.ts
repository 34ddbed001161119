/** Figures of a return as they are kept: every decimal, thousands separated. */
import type { ReturnRow } from '@/api/filing'
import type { Num, Text } from '@/api/types'
import { number, points, signed } from '@/lib/number'
import { isRatio, raw } from './entry'

export function figureText(value: Num): string {
  return number(value, (raw(value).split('.')[1] ?? '').length)
}

/** The last period's figure: a fraction for a ratio, the option's name for a stage. */
export function lastText(r: ReturnRow, say: (text: Text) => string): string {
  if (isRatio(r.indicator)) return r.last === null && r.last_denominator === null ? figureText(null) : `${figureText(r.last)}/${figureText(r.last_denominator)}`
  const option = r.indicator.options?.find((o) => o.value === r.last)
  return option ? say(option.name) : figureText(r.last)
}

/** This period's figure, for those who only read. */
export function nowText(r: ReturnRow, say: (text: Text) => string, blank: (kind: string) => string): string {
  if (r.blank) return blank(r.blank)
  return lastText({ ...r, last: r.value, last_denominator: r.denominator }, say)
}

/** What a line is more or less than last period: in percent of it, a rate in percentage points; nothing for a stage. */
export function changeText(r: ReturnRow, language: string): string {
  const ratio = isRatio(r.indicator)
  const now = ratio ? rate(r.value, r.denominator) : r.value
  const last = ratio ? rate(r.last, r.last_denominator) : r.last
  if (now === null || last === null || r.indicator.options?.length) return ''
  if (ratio || r.indicator.unit === 'percent') return points(now - last, language)
  return last ? `${signed(((now - last) / Math.abs(last)) * 100)}%` : ''
}

const rate = (value: Num, base: Num): Num => (value === null || !base ? null : (value / base) * 100)
