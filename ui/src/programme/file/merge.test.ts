import { describe, expect, it } from 'vitest'
import type { LineChange, ReturnRow } from '@/api/filing'
import type { Indicator } from '@/api/types'
import { entryOf, optionOf, rateOf, raw, read } from './entry'
import { merge } from './merge'

const text = (s: string) => ({ zh: s, en: s })

const indicator = (code: string, more: Partial<Indicator> = {}): Indicator => ({
  code, name: text(code), unit: 'wan_yuan', decimals: 0, kind: 'cumulative', better: 'more', rollup: 'sum', level: 'county', cadence: 'month',
  office: text(''), reader: text(''), definition: text(''), headline: false, ...more,
})

const row = (code: string, value: number | null, more: Partial<ReturnRow> = {}): ReturnRow => ({
  indicator: indicator(code), copy: false, value, denominator: null, blank: '', note: '', plan: null, last: null, last_denominator: null, last_year: null, ...more,
})

const line = (code: string, value: number | null, note = ''): LineChange => ({ indicator: code, value, denominator: null, blank: '', note })

describe('merge', () => {
  const before = [row('a', 1), row('b', 2), row('c', 3)]

  it('keeps mine where nobody else touched the line', () => {
    expect(merge(before, [line('a', 10)], [row('a', 1), row('b', 20), row('c', 3)])).toEqual({ keep: ['a'], agreed: [], differing: [] })
  })

  it('drops mine where both typed the same', () => {
    expect(merge(before, [line('b', 20)], [row('a', 1), row('b', 20), row('c', 3)])).toEqual({ keep: [], agreed: ['b'], differing: [] })
  })

  it('asks where both changed one line', () => {
    const got = merge(before, [line('a', 10), line('b', 21)], [row('a', 1), row('b', 20), row('c', 3)])
    expect(got.keep).toEqual(['a'])
    expect(got.differing).toEqual([{ indicator: 'b', mine: line('b', 21), theirs: line('b', 20) }])
  })

  it('tells a changed note and a stated blank from the same figure', () => {
    expect(merge(before, [line('c', 3, '停工')], [row('a', 1), row('b', 2), row('c', null, { blank: 'none' })]).differing).toHaveLength(1)
  })

  it('passes over a line that the form no longer has', () => {
    expect(merge(before, [line('c', 4)], [row('a', 1)])).toEqual({ keep: [], agreed: [], differing: [] })
  })
})

describe('read', () => {
  const plain = indicator('x')
  const ratio = indicator('r', { unit: 'percent', ratio: { numerator: { name: text('n'), unit: 'item' }, denominator: { name: text('d'), unit: 'item' }, may_exceed: false } })
  const stage = indicator('s', { options: [{ value: 1, name: text('开工') }, { value: 2, name: text('完工') }] })
  const typed = (value: string, base = '') => ({ value, base, note: ' 因雨 ' })

  it.each([
    ['12,345.60', 12345.6, '', ''], ['１２．５', 12.5, '', ''], ['', null, '', ''], ['无', null, 'none', ''], ['不适用', null, 'not_applicable', ''], ['0', 0, '', ''],
    ['12a', null, '', 'number'], ['1.1234567', null, '', 'decimals'], ['99999999999', null, '', 'size'],
  ])('%j', (value, want, blank, problem) => {
    const got = read(typed(value), plain)
    expect([got.line.value, got.line.blank, got.problem, got.line.note]).toEqual([want, blank, problem, '因雨'])
  })

  it('reads both sides of a ratio and forms its rate', () => {
    const got = read(typed('124', '150'), ratio)
    expect([got.line.value, got.line.denominator, got.problem]).toEqual([124, 150, ''])
    expect(rateOf(got.line)).toBeCloseTo(82.6667, 4)
    expect(rateOf(read(typed('1', '0'), ratio).line)).toBeNull()
  })

  it('does not take a stated blank beside a figure', () => {
    expect(read(typed('无', '150'), ratio).problem).toBe('both')
    expect(read(typed('', '无'), ratio).line.blank).toBe('none')
  })

  it('knows an option by number and by name only', () => {
    expect([optionOf('完工', stage), optionOf('1', stage), optionOf('', stage), optionOf('验收', stage)]).toEqual(['2', '1', '', null])
    expect(read(typed('3'), stage).problem).toBe('option')
  })

  it('shows what it read', () => {
    const words = { none: '无', not_applicable: '不适用' }
    expect(entryOf(row('a', 1234.56), words)).toEqual({ value: '1234.56', base: '', note: '' })
    expect(entryOf(row('a', null, { blank: 'none' }), words).value).toBe('无')
    expect(raw(0.000001)).toBe('0.000001')
  })
})
