import { expect, test } from 'vitest'
import type { SupervisionMeasure, SupervisionRow } from '@/api/work'
import { behind, figure, fraction, listOf, reason } from './figures'

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
  expect(behind(cut, 'overdue')).toEqual({ scope: '330624', kind: 'finding,hazard', line: 'rivers', found_to: '2026-06-30', overdue_first: 'true', sort: 'original' })
  expect(behind(cut, 'problems')).toEqual({ scope: '330624', kind: 'finding,hazard', line: 'rivers', found_to: '2026-06-30' })
  expect(behind(cut, 'trips')).toBe(null)
  expect(listOf({ ...cut, asOf: '' }, { origin: 'city' })).toEqual({ scope: '330624', kind: 'finding,hazard', line: 'rivers', origin: 'city' })
})
