import { describe, expect, it } from 'vitest'
import { countsOf, countText, placeOf, standing, type CountedView } from './counted'

const division = { code: '330602', name: { zh: '越城区', en: 'Yuecheng' }, short: '越城', level: 'county', functional: false } as const
const view: CountedView = {
  scope: division, period: '2026-05', day: '2026-05-31',
  rows: [
    { indicator: 'a', name: { zh: '甲', en: 'A' }, pack: 'p', line: 'l', unit: 'percent', ratio: true, source: 'ledger/x/done', trouble: { zh: '', en: '' }, differing: 0, cells: [{ division, counted: 3, counted_denominator: 5, filed: null, filed_denominator: null, differs: false }] },
    { indicator: 'b', name: { zh: '乙', en: 'B' }, pack: 'p', line: 'l', unit: 'piece', ratio: false, source: 'ledger/y/left', trouble: { zh: '', en: '' }, differing: 0, cells: [{ division, counted: null, counted_denominator: null, filed: 1, filed_denominator: null, differs: false }] },
  ],
}

describe('counted figures', () => {
  it('knows only what was counted', () => {
    expect(countsOf(view, '330602')).toEqual({ a: { value: 3, base: 5, source: 'ledger/x/done', day: '2026-05-31' } })
    expect(countsOf(view, '330603')).toEqual({})
    expect(countsOf(null, '330602')).toEqual({})
  })
  it('tells the same, another and nothing typed', () => {
    const count = { value: 3, base: 5, source: '', day: '' }
    expect(standing(count, 3, 5)).toBe('same')
    expect(standing(count, 3, 6)).toBe('differs')
    expect(standing(count, 3, null)).toBe('differs')
    expect(standing(count, null, null)).toBe('empty')
    expect(standing({ ...count, base: null }, 3, null)).toBe('same')
    expect(standing({ ...count, value: 0, base: null }, null, null)).toBe('empty')
  })
  it('leads to where it was counted', () => {
    const f = (source: string) => placeOf(source, '330602', '2026-05-31')
    const county = { scope: '330602', as_of: '2026-05-31' }
    expect(f('ledger/rural-charging/left/large')).toEqual({ path: '/ledgers/rural-charging', query: { ...county, track: 'large', standing: 'left' } })
    expect(f('ledger/rural-charging/listed')).toEqual({ path: '/ledgers/rural-charging', query: county })
    expect(f('ledger/x/state.built').query).toEqual({ ...county, state: 'built', standing: 'to_do' })
    expect(f('ledger/x/mark.task').query).toEqual({ ...county, lacks: 'task', standing: 'to_do' })
    expect(f('supervision/problems')).toEqual({ path: '/oversight/statistics', query: county })
    expect(f('register/stations')).toEqual({ path: '/objects', query: { division: '330602' } })
    expect(countText(3, 5)).toBe('3/5')
    expect(countText(3, null)).toBe('3')
  })
})
