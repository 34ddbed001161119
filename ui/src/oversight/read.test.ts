import { describe, expect, it } from 'vitest'
import type { Checklist, Clause } from '@/api/oversight'
import { placeOf } from './finding'
import { newId } from './id'
import { daysFor, mayBe, pointsFor } from './read'

const clause = (more: Partial<Clause> = {}): Clause =>
  ({ code: 'c', severity: 'heavier', allowed: [], points: null, text: { zh: '', en: '' }, basis: { zh: '', en: '' }, hazard: false, sample: false, ...more }) as unknown as Clause
const list = (more: Partial<Checklist> = {}): Checklist =>
  ({ days: { general: 15, heavier: 30 }, scoring: { start: 100, floor: 0, points: { general: 1, heavier: 5 }, bands: [], sample: false }, ...more }) as unknown as Checklist

describe('what a clause allows', () => {
  it('is its own grade where nothing else is said', () => {
    expect(mayBe(clause())).toEqual(['heavier'])
    expect(mayBe(clause({ allowed: ['general', 'heavier'] }))).toEqual(['general', 'heavier'])
  })

  it('costs its own points, else those of the grade, and none in a list without a score', () => {
    expect(pointsFor(list(), clause(), 'heavier')).toBe(5)
    expect(pointsFor(list(), clause({ points: 8 }), 'heavier')).toBe(8)
    expect(pointsFor(list(), clause({ points: 0 }), 'heavier')).toBe(0)
    expect(pointsFor(list(), clause(), 'grave')).toBeNull()
    const { scoring: _, ...bare } = list()
    expect(pointsFor(bare, clause({ points: 8 }), 'heavier')).toBeNull()
  })

  it('gives its own days, also none at all, else those of the list', () => {
    expect(daysFor(list(), clause(), 'heavier')).toBe(30)
    expect(daysFor(list(), clause({ days: { heavier: 0 } }), 'heavier')).toBe(0)
    expect(daysFor(list(), clause(), 'grave')).toBeNull()
  })
})

describe('a place', () => {
  it('leaves out what is not known', () => {
    expect(placeOf({ words: '  ', lon: null, lat: null })).toEqual({})
    expect(placeOf({ words: ' left bank ', lon: 120.5, lat: null })).toEqual({ words: 'left bank' })
    expect(placeOf({ words: '', lon: 0, lat: 30 })).toEqual({ lon: 0, lat: 30 })
  })
})

it('makes ids that differ', () => {
  expect(new Set(Array.from({ length: 1000 }, newId)).size).toBe(1000)
  expect(newId()).toMatch(/^[0-9a-f]{32}$/)
})
