import { expect, test } from 'vitest'
import type { SupervisionMeasure, SupervisionRow } from '@/api/work'
import { behind, behindAll, figure, fraction, listOf, reason } from './figures'

const measure = (code: string, unit: 'one' | 'percent', sides: boolean): SupervisionMeasure => ({ code, name: { zh: code, en: code }, unit, sides, better: 'more' })
const measures = [measure('problems', 'one', false), measure('rectification_rate', 'percent', true), measure('median_days', 'one', false)]
const row = (problems: number, rate: [number, number] | null, days: number | null): SupervisionRow => ({
  division: { code: '330624', name: { zh: '新昌县', en: 'Xinchang County' }, short: '新昌', level: 'county', functional: false },
  values: [
    { value: problems, numerator: null, denominator: null },
    { value: rate && rate[1] ? (100 * rate[0]) / rate[1] : null, numerator: rate?.[0] ?? null, denominator: rate?.[1] ?? null },
    { value: days, numerator: null, denominator: null },
  ],
  origins: [],
  severities: {},
})

test('a rate stands with its two sides, a count is whole', () => {
  const r = row(5, [2, 3], 12)
  expect(figure(r, measures, 0)).toBe('5')
  expect(figure(r, measures, 1)).toBe('66.7')
  expect(fraction(r, 1)).toBe('2/3')
  expect(fraction(r, 0)).toBe('')
})

test('what is absent is a dash and says why', () => {
  const none = row(0, [0, 0], null)
  expect(figure(none, measures, 1)).toBe('—')
  expect(reason(none, measures, 1)).toBe('none')
  expect(reason(row(2, [0, 2], null), measures, 2)).toBe('closed')
  expect(reason(row(2, [0, 0], 1), measures, 1)).toBe('zero')
  expect(reason(row(2, [0, 2], 1), measures, 1)).toBe(null)
})

test('a figure leads to the matters that it counts', () => {
  const cut = { scope: '330624', line: 'rivers', from: '', asOf: '2026-06-30' }
  const stands = 'found,disputed,confirmed,assigned,rectifying,returned,submitted,controlled,closed'
  const all = { scope: '330624', kind: 'finding,hazard', line: 'rivers', found_to: '2026-06-30', state: stands }
  expect(behind(cut, 'overdue')).toEqual({ path: '/matters', query: { ...all, overdue_first: 'true', sort: 'original' } })
  expect(behind(cut, 'problems')).toEqual({ path: '/matters', query: all })
  expect(behind(cut, 'trips')).toEqual({ path: '/inspections/all', query: { scope: '330624', state: 'done', line: 'rivers', done_to: '2026-06-30' } })
  expect(listOf({ ...cut, asOf: '' }, { origin: 'city' })).toEqual({ scope: '330624', kind: 'finding,hazard', line: 'rivers', state: stands, origin: 'city' })
})

test('a rate leads to both of its sides', () => {
  const cut = { scope: '330624', line: '', from: '', asOf: '' }
  const query = (code: string): Record<string, string> | undefined => behindAll(cut, code, '2026-06-08')?.query
  expect(behind(cut, 'rectification_rate').query['state']).toBe('closed')
  expect(query('rectification_rate')).toEqual(behind(cut, 'problems').query)
  expect(query('upheld_rate')?.['state']).toBeUndefined()
  expect(query('on_time_rate')?.['original_to']).toBe('2026-06-07')
  expect(behindAll({ ...cut, asOf: '2026-03-31' }, 'overdue_rate', '2026-06-08')?.query['original_to']).toBe('2026-03-31')
  expect(behindAll(cut, 'problems_per_object', '2026-06-08')?.path).toBe('/inspections/all')
  expect(behindAll(cut, 'on_time_extended_rate', '2026-06-08')).toBe(null)
})
