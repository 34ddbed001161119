import { describe, expect, it } from 'vitest'
import type { Pack } from '@/api/types'
import { askedBy, askIn, changed, itemsOf, merge, placeOf, put, rename, sides, withItems } from './shape'

const text = (zh: string) => ({ zh, en: zh })
const pack = {
  id: 'rivers', version: 1, title: text('河'), line: 'river', basis: text('依据'), order: 1, peers: [],
  indicators: [{ code: 'river.km', name: text('长度') }, { code: 'river.km.two', name: text('另一') }],
  forms: [{ id: 'm', lines: ['river.km'] }, { id: 'q', lines: [] }],
  targets: [{ id: 'river.km.city', indicator: 'river.km' }],
  deadlines: [{ id: 'd', targets: ['river.km.city'] }],
} as unknown as Pack

describe('placeOf', () => {
  const f = (place: string, want: unknown) => expect(placeOf(place, pack)).toEqual(want)
  it('reads what the checks name', () => {
    f('rivers.indicators[1] river.km.two.name', { part: 'indicators', index: 1, field: 'name' })
    f('rivers.indicators[0] river.km', { part: 'indicators', index: 0, field: '' })
    f('rivers.indicators[0] river.km.ratio.numerator.name', { part: 'indicators', index: 0, field: 'ratio' })
    f('pack.yaml indicators[0].unit (line 41)', { part: 'indicators', index: 0, field: 'unit' })
    f('rivers.forms[0].lines[3]', { part: 'forms', index: 0, field: 'lines' })
    f('rivers.title', { part: 'head', index: 0, field: 'title' })
  })
  it('leaves other packs alone', () => f('ponds.indicators[0] p.n', null))
})

describe('changes', () => {
  it('are taken apart', () => {
    expect(changed({ place: 'indicators.river.km.name', what: 'changed' })).toEqual({ part: 'indicators', key: 'river.km', field: 'name' })
    expect(changed({ place: 'indicators.river.km', what: 'added' })).toEqual({ part: 'indicators', key: 'river.km', field: '' })
    expect(changed({ place: 'forms.m.month', what: 'removed' })).toEqual({ part: 'forms', key: 'm.month', field: '' })
    expect(changed({ place: 'title', what: 'changed' })).toEqual({ part: 'head', key: '', field: 'title' })
  })
  it('of lists show what left and what came', () => {
    const change = { place: 'forms.m.lines', what: 'changed', breaking: false, text: text(''), before: '["a","b"]', after: '["b","c"]' } as const
    expect(sides(change)).toEqual({ before: ['a'], after: ['c'] })
    expect(sides({ ...change, after: '["b","a"]' })).toEqual({ before: ['a', 'b'], after: ['b', 'a'] })
    expect(sides({ ...change, before: '3', after: '4' })).toEqual({ before: ['3'], after: ['4'] })
  })
})

describe('forms', () => {
  it('ask for an indicator or no longer', () => {
    const more = askIn(pack, 'river.km', ['q'])
    expect(askedBy(more, 'river.km')).toEqual(['q'])
    expect(askedBy(askIn(more, 'river.km', []), 'river.km')).toEqual([])
  })
  it('follow a new name', () => {
    const other = rename(pack, 'indicators', 'river.km', 'river.len')
    expect([other.forms[0]?.lines, other.targets[0]?.indicator]).toEqual([['river.len'], 'river.len'])
    expect(rename(pack, 'targets', 'river.km.city', 't').deadlines[0]?.targets).toEqual(['t'])
  })
})

describe('merge', () => {
  const edit = (p: Pack, index: number, key: string, value: unknown): Pack => withItems(p, 'indicators', itemsOf(p, 'indicators').map((i, n) => (n === index ? put(i, key, value) : i)))
  it('keeps what both did to different places', () => {
    const mine = askIn({ ...edit(pack, 0, 'unit', 'km'), title: text('河道') }, 'river.km.two', ['m'])
    const theirs = { ...askIn(edit(pack, 0, 'decimals', 2), 'x', ['m']), version: 2 }
    const both = merge(pack, mine, theirs)
    expect(both.clashes).toEqual([])
    expect(both.pack.version).toBe(2)
    expect(both.pack.title.zh).toBe('河道')
    expect(both.pack.indicators[0]).toMatchObject({ unit: 'km', decimals: 2 })
    expect(both.pack.forms[0]?.lines).toEqual(['river.km', 'x', 'river.km.two'])
  })
  it('lets mine stand and tells where they clash', () => {
    const both = merge(pack, edit(pack, 0, 'unit', 'km'), edit(pack, 0, 'unit', 'm'))
    expect([both.pack.indicators[0]?.unit, both.clashes]).toEqual(['km', ['indicators.river.km.unit']])
  })
  it('keeps an item that one removed and the other changed', () => {
    const gone = withItems(pack, 'indicators', itemsOf(pack, 'indicators').slice(1))
    expect(merge(pack, gone, pack).pack.indicators).toHaveLength(1)
    expect(merge(pack, gone, edit(pack, 0, 'unit', 'm')).clashes).toEqual(['indicators.river.km'])
  })
})
