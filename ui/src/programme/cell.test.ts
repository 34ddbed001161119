import { beforeAll, describe, expect, it } from 'vitest'
import type { Cell, Measure } from '@/api/types'
import { learnUnits } from '@/lib/unit'
import { cellWords, fractionOf, gapText, gapWords, leadFigure, planText, reasonKey } from './cell'

const cell = (more: Partial<Cell>): Cell => ({
  division: '1', state: 'figure', value: null, numerator: null, denominator: null, cumulated: null, plan: null, completion: null,
  calendar: null, gap: null, growth: null, grade: 'none', reported: 1, expected: 1, pending: 0, ...more,
})
const measure = (more: Partial<Measure>): Measure => ({
  indicator: 'i', target: 't', pack: 'p', line: 'l', name: { zh: '', en: '' }, aim: { zh: '', en: '' }, judge: 'completion',
  unit: 'km', show: '', decimals: 1, ratio: false, kind: 'cumulative', better: 'more', ...more,
})
const t = (key: string): string => key

beforeAll(() => learnUnits([{ code: 'km', name: { zh: '公里', en: 'km' }, dimension: 'length', factor: 1000 }]))

describe('leadFigure', () => {
  it('leads with completion for a plan, beyond 100 too', () =>
    expect(leadFigure(cell({ value: 146, completion: 146, calendar: 100 }), measure({}))).toEqual({ text: '146.0', rate: true, bar: 146, mark: 100 }))
  it('leads with growth for a growth target and draws no bar', () =>
    expect(leadFigure(cell({ value: 9, growth: -3.25 }), measure({ judge: 'growth' }))).toEqual({ text: '−3.3', rate: true, bar: null, mark: null }))
  it('leads with the rate for a threshold and marks the threshold', () =>
    expect(leadFigure(cell({ value: 82.67, plan: 95 }), measure({ judge: 'threshold', ratio: true }))).toEqual({ text: '82.7', rate: true, bar: 82.67, mark: 95 }))
  it('falls back to the value where no plan was entered', () => expect(leadFigure(cell({ value: 12 }), measure({})).text).toBe('12.0'))
})

describe('what is missing', () => {
  it('says why', () => {
    expect(reasonKey(cell({ state: 'unreported' }), measure({}))).toBe('ui.cell.unreported')
    expect(reasonKey(cell({ state: 'blank' }), measure({}))).toBe('ui.cell.blank')
    expect(reasonKey(cell({ value: 1 }), measure({}))).toBe('')
    expect(reasonKey(cell({}), measure({ judge: 'growth' }))).toBe('ui.cell.na')
  })
  it('is said in words too, without figures', () => expect(cellWords(cell({ state: 'unreported' }), measure({}), 'zh', t)).toBe('ui.cell.unreported'))
})

it('shows the fraction of a rate', () => {
  expect(fractionOf(cell({ numerator: 124, denominator: 150 }))).toBe('124/150')
  expect(fractionOf(cell({ numerator: 124 }))).toBe('')
})

it('writes a growth target in percent whatever the indicator is in', () => {
  expect(planText(cell({ plan: 10 }), measure({ judge: 'growth' }), 'zh')).toBe('10.0%')
  expect(planText(cell({ plan: 10 }), measure({}), 'zh')).toBe('10.0 公里')
})

it('counts a missed threshold in its own unit and everything else in points', () => {
  expect(gapWords(cell({ gap: -2 }), measure({ judge: 'threshold', decimals: 0 }), 'zh')).toBe('−2 公里')
  expect(gapWords(cell({ gap: -2 }), measure({ judge: 'threshold', ratio: true }), 'zh')).toBe('−2.0 个百分点')
  expect(gapWords(cell({ gap: -2 }), measure({}), 'en')).toBe('−2.0 pp')
  expect(gapText(cell({}), measure({}))).toBe('—')
})
