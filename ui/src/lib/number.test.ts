import { describe, expect, it } from 'vitest'
import { number, parseNumber, percent, points, rate, round, signed } from './number'

describe('number', () => {
  it.each([
    [1.005, 2, '1.01'],
    [-1.005, 2, '−1.01'],
    [2.5, 0, '3'],
    [-2.5, 0, '−3'],
    [1234567.891, 2, '1,234,567.89'],
    [999.9, 0, '1,000'],
    [-0.04, 1, '0.0'],
    [0.000001, 6, '0.000001'],
    [9007199254.74, 2, '9,007,199,254.74'],
  ])('%d with %d decimals is %s', (value, decimals, want) => expect(number(value, decimals)).toBe(want))

  it('writes the absent as a dash and never as zero', () => {
    expect(number(null)).toBe('—')
    expect(number(undefined, 2)).toBe('—')
    expect(rate(null)).toBe('—')
    expect(percent(null)).toBe('—')
    expect(number(0)).toBe('0')
  })

  it('rounds half away from zero', () => {
    expect(round(62.45, 1)).toBe(62.5)
    expect(round(-62.45, 1)).toBe(-62.5)
    expect(round(0.0000005, 6)).toBe(0.000001)
  })

  it('writes the sign of a difference', () => {
    expect(signed(8.14)).toBe('+8.1')
    expect(signed(-8.14)).toBe('−8.1')
    expect(signed(0.01)).toBe('0.0')
    expect(points(-8.1, 'zh')).toBe('−8.1 个百分点')
    expect(points(8.1, 'en')).toBe('+8.1 pp')
  })
})

describe('parseNumber', () => {
  it.each([
    ['12.5', 12.5],
    ['１２．５', 12.5],
    ['1,234', 1234],
    ['１，２３４', 1234],
    ['−3', -3],
    [' 7 ', 7],
    ['.5', 0.5],
  ])('reads %s', (text, want) => expect(parseNumber(text)).toBe(want))
  it.each(['', '12a', '1e5', '12%', '1.2.3', '—'])('refuses %s', (text) => expect(parseNumber(text)).toBeNull())
})
