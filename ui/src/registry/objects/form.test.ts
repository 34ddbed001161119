import { expect, it } from 'vitest'
import type { WaterObject } from '@/api/types'
import { badNumbers, factsOf, formOf } from './form'

const dam: WaterObject = {
  id: 1, scheme: 'own', code: '1', kind: 'reservoir', name: { zh: '甲', en: '' }, division: '330602', organisation_name: { zh: '', en: '' }, edit: 3,
  storage_wan_m3: 123.456789, dam_height_m: null, place: { lon: 120.5821234, lat: 30 }, appraised_on: '2022-03-04', appraisal_class: 2, affects_county_town: false,
  duties: [], demanded: true, gaps: [],
}

it('gives facts back as they stand, and absent ones not at all', () => {
  expect(factsOf(formOf(dam))).toEqual({ storage_wan_m3: 123.456789, place: { lon: 120.5821234, lat: 30 }, appraised_on: '2022-03-04', appraisal_class: 2, affects_county_town: false })
  expect(factsOf(formOf(null))).toEqual({})
})

it('takes a fact away where its field is emptied, and a zero is a figure', () => {
  const f = { ...formOf(dam), appraised: '', storage: '０', lon: '' }
  expect(factsOf(f)).toEqual({ storage_wan_m3: 0, appraisal_class: 2, affects_county_town: false })
})

it('names fields that hold no number', () => expect(badNumbers({ ...formOf(dam), height: '二十', supply: ' ' })).toEqual(['height']))
