import { describe, expect, it } from 'vitest'
import { columnName, monthOf, periodTo, withRole } from './shapes'

describe('columns', () => {
  it.each([[0, 'A'], [25, 'Z'], [26, 'AA'], [701, 'ZZ'], [702, 'AAA']])('%i is %s', (i, want) => expect(columnName(i)).toBe(want))

  it('lose what belonged to the old meaning', () => {
    const c = { column: 1, head: 'x', role: 'plan', indicator: 'i', target: 't', over: -1, under: -1, confidence: 1, reason: { zh: '', en: '' } }
    expect(withRole(c, 'value')).toMatchObject({ role: 'value', indicator: 'i' })
    expect(withRole(c, 'value').target).toBeUndefined()
    expect(withRole(c, 'remark').indicator).toBeUndefined()
  })
})

describe('periods', () => {
  it('are named by their last month', () => expect(monthOf({ year: 2026, from: 1, to: 5 })).toBe('2026-05'))
  it('without a month have no name', () => expect(monthOf({ year: 2026, from: 1, to: 12, year_only: true })).toBe(''))
  it('are made of a month', () => expect(periodTo('2026-05', undefined)).toEqual({ year: 2026, from: 5, to: 5 }))
  it('keep their start where the month stays', () => expect(periodTo('2027-05', { year: 2026, from: 1, to: 5 })).toEqual({ year: 2027, from: 1, to: 5 }))
})
