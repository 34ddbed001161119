import { describe, expect, it } from 'vitest'
import { behind, narrowed, ofObjects, ofUnits, ungraded, type Liability } from './liability'

const text = (s: string) => ({ zh: s, en: s })
const nobody = { measure: null, name: text(''), persons: [] }
const named = (id: string, name: string) => ({ id, name: text(name) })
const liability = {
  units: [
    { unit: named('u1', '甲局'), objects: 1, findings: 4, disputed: 1, severities: { serious: 2, general: 1 }, measure: 'talk', measure_name: text('约谈'), direct: { measure: 'talk', name: text('约谈'), persons: [named('p', '王某')] }, leading: nobody },
    { unit: named('u2', '乙局'), objects: 1, findings: 1, disputed: 0, severities: {}, measure: null, measure_name: text(''), direct: nobody, leading: nobody },
  ],
  objects: [
    { unit: named('u1', '甲局'), object: { id: 7, name: text('甲水库') }, division: { name: text('越城') }, findings: 3, disputed: 1, severities: { serious: 2, general: 1 }, score: 65, band: { from: 60, measure: 'talk' }, tier: null, measure: 'talk', measure_name: text('约谈'), direct: nobody, leading: nobody },
    { unit: named('u1', '甲局'), object: null, division: { name: text('越城') }, findings: 1, disputed: 0, severities: {}, score: null, band: null, tier: null, measure: null, measure_name: text(''), direct: nobody, leading: nobody },
  ],
} as unknown as Liability
const cut = { scope: '330600', line: '', from: '2026-01-01', to: '' }

describe('liability', () => {
  it('lists units and objects, problems at no object apart', () => {
    expect(ofUnits(liability).map((r) => [r.key, r.findings, ungraded(r)])).toEqual([['u1', 4, 1], ['u2', 1, 1]])
    expect(ofObjects(liability).map((r) => [r.key, r.object?.id])).toEqual([['u1 7', 7], ['u1 0', undefined]])
  })

  it('is narrowed by a measure or heavier, and by names of units, objects and persons', () => {
    const keys = (sought: string, least: string): string[] => narrowed(ofUnits(liability), sought, least).map((r) => r.key)
    expect(keys('', '')).toEqual(['u1', 'u2'])
    expect(keys('', 'order')).toEqual(['u1'])
    expect(keys('', 'stop')).toEqual([])
    expect(keys('王', '')).toEqual(['u1'])
    expect(narrowed(ofObjects(liability), '甲水', '').map((r) => r.key)).toEqual(['u1 7'])
  })

  it('leads from a count to the matters that it counts, and nowhere where no list has just these', () => {
    const [unit] = ofUnits(liability)
    const [object, loose] = ofObjects(liability)
    if (!unit || !object || !loose) throw new Error('no rows')
    expect(behind(cut, unit, false)?.query).toMatchObject({ unit: 'u1', kind: 'finding,hazard', found_from: '2026-01-01' })
    expect(behind(cut, unit, false)?.query['state']).not.toMatch(/disputed|dismissed/)
    expect(behind(cut, unit, false)?.query['object']).toBeUndefined()
    expect(behind({ ...cut, to: '2026-06-30', line: 'reservoir' }, object, true, { severity: 'serious' })?.query).toMatchObject({ object: '7', severity: '3', found_to: '2026-06-30', line: 'reservoir' })
    expect(behind(cut, object, true, { disputed: true })?.query['state']).toBe('disputed')
    expect(behind(cut, loose, true)).toBeNull()
  })
})
