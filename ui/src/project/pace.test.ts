import { describe, expect, it } from 'vitest'
import type { LagMeasure } from '@/api/project'
import { queryOf } from './filter'
import { arrivalOf, exceeding, paymentOf, widths } from './money/fall'
import { calendarOf, isTrap, rankOf } from './pace'
import { amountFrom, changed, rebased, shapeFrom, shapeText } from './form/shape'

const measure = (m: Partial<LagMeasure>): LagMeasure => ({ pace: 'on_schedule', through: null, expected: null, planned: null, done: null, year: null, rate: null, gap: null, missing: 0, ...m })

describe('pace', () => {
  it('tells a part in service beside the lag, and neither alone', () => {
    expect(isTrap({ pace: 'lagging', commissioned: 1, parts: 2 })).toBe(true)
    expect(isTrap({ pace: 'on_schedule', commissioned: 1, parts: 2 })).toBe(false)
    expect(isTrap({ pace: 'severe', commissioned: 0, parts: 2 })).toBe(false)
  })
  it('puts the mark where the year should stand, and none where no plan is known', () => {
    expect(calendarOf(measure({ rate: 30, gap: -12 }))).toBe(42)
    expect(calendarOf(measure({ planned: 50, year: 200 }))).toBe(25)
    expect(calendarOf(measure({ planned: 0, year: 0 }))).toBeNull()
    expect(calendarOf(measure({}))).toBeNull()
  })
  it('ranks the worse higher', () => expect(rankOf('severe')).toBeGreaterThan(rankOf('lagging')))
})

describe('the filter', () => {
  it('lets the county stand for the scope and sends flags only where they hold', () => {
    const held: Record<string, string> = { county: '330602', assessed: 'true' }
    const q = queryOf((k) => held[k] ?? '', '330600', '')
    expect([q.division, q.assessed, q.gap]).toEqual(['330602', true, false])
    expect(queryOf(() => '', '330600', '').division).toBe('330600')
  })
})

describe('money', () => {
  const sums = [{ step: 'assigned', amount_wan_yuan: 200, rate: 100 }, { step: 'arrived', amount_wan_yuan: 150, rate: 75 }, { step: 'paid', amount_wan_yuan: null, rate: null }]
  it('gives no rate for what is unknown', () => {
    expect(arrivalOf(sums)).toBe(75)
    expect(paymentOf(sums)).toBeNull()
    expect(arrivalOf([{ step: 'assigned', amount_wan_yuan: 0, rate: null }, { step: 'arrived', amount_wan_yuan: 0, rate: null }])).toBeNull()
  })
  it('draws bars against the greatest, and nothing for a minus', () => {
    const width = widths([sums])
    expect([width(200), width(100), width(null), width(-5)]).toEqual([100, 50, 0, 0])
    expect(widths([])(3)).toBe(0)
  })
  it('knows which step of which source exceeds the one before', () => {
    const text = { zh: '', en: '' }
    expect([...exceeding({ exceeds: [{ source: 'local', step: 'paid', before: 'allocated', amount_wan_yuan: 2, limit_wan_yuan: 1, text }] })]).toEqual(['local/paid'])
  })
})

describe('what is typed', () => {
  it('is a point, a line, nothing, or no place at all', () => {
    expect(shapeFrom('120.58，30.01')).toEqual({ kind: 'point', points: [[120.58, 30.01]] })
    expect(shapeFrom('120,30 120.1,30.1')).toEqual({ kind: 'line', points: [[120, 30], [120.1, 30.1]] })
    expect(shapeFrom('  ')).toBeNull()
    for (const bad of ['120', '120,95', 'a,b', '1,2,3']) expect(shapeFrom(bad)).toBeUndefined()
    expect(shapeText(shapeFrom('120,30 121,31'))).toBe('120,30 121,31')
  })
  it('is a number, nothing, or no number', () => {
    expect([amountFrom('１,200.5'), amountFrom(' '), amountFrom('x')]).toEqual([1200.5, null, undefined])
  })
  it('stays over what somebody else changed, and takes theirs elsewhere', () => {
    const was = { a: 1, b: ['x'] }
    expect(changed({ a: 1, b: ['x', 'y'] }, was)).toEqual({ b: ['x', 'y'] })
    expect(rebased({ a: 1, b: ['x', 'y'] }, was, { a: 2, b: ['z'] })).toEqual({ a: 2, b: ['x', 'y'] })
  })
})
