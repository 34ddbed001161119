/** What a person types in one line of a return, as text, and what it says. */
import type { Blank, LineChange, ReturnRow } from '@/api/filing'
import type { Indicator, Num } from '@/api/types'
import { parseNumber } from '@/lib/number'

export type Slot = 'value' | 'base' | 'note'

export interface Entry {
  value: string
  base: string
  note: string
}

export type Problem = '' | 'number' | 'decimals' | 'both' | 'option' | 'size'

export interface Reading {
  line: LineChange
  problem: Problem
}

const blanks: Record<string, Blank> = {
  无: 'none', none: 'none', '/': 'none', '-': 'none', '—': 'none', '－': 'none', '——': 'none', 不适用: 'not_applicable', 'n/a': 'not_applicable', na: 'not_applicable',
}

/** Whole numbers beyond this would lose their last decimals on the way. */
const LARGEST = 9e9

const blankOf = (text: string): Blank => blanks[text.trim().toLowerCase()] ?? ''

export const isRatio = (i: Indicator): boolean => Boolean(i.ratio)

/** A formed line is computed from others and is not typed. */
export const isFormed = (i: Indicator): boolean => Boolean(i.formula)

/** The figure as it is kept, every decimal of it. */
export const raw = (value: Num): string => (value === null ? '' : plain(value))

function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(6).replace(/\.?0+$/, '') : text
}

export interface BlankWords {
  none: string
  not_applicable: string
}

export function entryOf(row: ReturnRow, words: BlankWords): Entry {
  return { value: row.blank ? words[row.blank] : raw(row.value), base: row.blank ? '' : raw(row.denominator), note: row.note }
}

function figure(text: string, percent: boolean): { value: Num; problem: Problem } {
  const trimmed = text.trim()
  if (trimmed === '') return { value: null, problem: '' }
  const bare = percent ? trimmed.replace(/[%％]$/, '') : trimmed
  const value = parseNumber(bare)
  if (value === null) return { value: null, problem: 'number' }
  if (Math.abs(value) > LARGEST) return { value: null, problem: 'size' }
  const decimals = bare.replace('．', '.').split('.')[1] ?? ''
  return decimals.trim().length > 6 ? { value: null, problem: 'decimals' } : { value, problem: '' }
}

/** Reads a line; with a problem its figures must not be sent. */
export function read(entry: Entry, indicator: Indicator): Reading {
  const line: LineChange = { indicator: indicator.code, value: null, denominator: null, blank: '', note: entry.note.trim() }
  const blank = blankOf(entry.value) || (entry.value.trim() === '' ? blankOf(entry.base) : '')
  if (blank) {
    const other = blankOf(entry.value) ? entry.base : ''
    return { line: { ...line, blank }, problem: other.trim() && !blankOf(other) ? 'both' : '' }
  }
  const value = figure(entry.value, indicator.unit === 'percent')
  const base = isRatio(indicator) ? figure(entry.base, false) : { value: null, problem: '' as Problem }
  const options = indicator.options ?? []
  const strange = options.length > 0 && value.value !== null && !options.some((o) => o.value === value.value)
  return { line: { ...line, value: value.value, denominator: base.value }, problem: value.problem || base.problem || (strange ? 'option' : '') }
}

/** The option that a pasted cell means, by its number or by its name in either language. */
export function optionOf(text: string, indicator: Indicator): string | null {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return ''
  const hit = (indicator.options ?? []).find((o) => String(o.value) === wanted || o.name.zh.toLowerCase() === wanted || o.name.en.toLowerCase() === wanted)
  return hit ? String(hit.value) : null
}

/** The rate of a ratio as it stands while typed. */
export function rateOf(line: LineChange): Num {
  return line.value === null || !line.denominator ? null : (line.value / line.denominator) * 100
}
