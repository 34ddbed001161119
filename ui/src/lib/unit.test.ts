import { beforeAll, describe, expect, it } from 'vitest'
import { amount, amountWithUnit, convert, learnUnits, shownUnit } from './unit'

const unit = (code: string, zh: string, en: string, dimension: string, factor: number) => ({ code, name: { zh, en }, dimension, factor })

beforeAll(() =>
  learnUnits([
    unit('wan_yuan', '万元', 'CNY 10k', 'money', 10_000),
    unit('yi_yuan', '亿元', 'CNY 100m', 'money', 100_000_000),
    unit('km', '公里', 'km', 'length', 1000),
    unit('percent', '%', '%', 'percentage', 1),
  ]),
)

const money = { unit: 'wan_yuan', show: 'yi_yuan', decimals: 2, ratio: false }

describe('unit', () => {
  it('shows 万元 as 亿元 without binary dust', () => {
    expect(amount(62_849, money)).toBe('6.28')
    expect(amount(10_050, money)).toBe('1.01')
    expect(amountWithUnit(62_849, money, 'zh')).toBe('6.28 亿元')
  })
  it('leaves a figure alone where units do not convert', () => expect(convert(5, 'km', 'yi_yuan')).toBe(5))
  it('shows a ratio in percent with at least one decimal', () => {
    const rate = { unit: 'percent', show: '', decimals: 0, ratio: true }
    expect(shownUnit(rate)).toBe('percent')
    expect(amount(82.666, rate)).toBe('82.7')
    expect(amountWithUnit(82.666, rate, 'en')).toBe('82.7%')
  })
  it('writes the absent as a dash, without a unit', () => expect(amountWithUnit(null, money, 'zh')).toBe('—'))
})
