import { expect, it } from 'vitest'
import type { Judged, LedgerDetail, LedgerNext, LedgerStep } from '@/api/ledger'
import { judgedLast, judgedNow, lacking, lastStep, markedOn, notBefore } from './step'

const today = '2026-07-15'
const next = (...needs: string[]): LedgerNext => ({ state: 'closed', needs, may: true }) as unknown as LedgerNext
const judged = (verdict: string): Judged => ({ result: { verdict } }) as unknown as Judged
const step = (more: Partial<LedgerStep>): LedgerStep => ({ id: 1, on: '2026-07-01', files: [], judged: null, undone_at: null, ...more }) as unknown as LedgerStep
const given = { on: today, document: '', note: '', files: 0 }

it('asks exactly what the step needs', () => {
  expect(lacking(next(), given, null, today)).toEqual([])
  expect(lacking(next('document', 'evidence'), given, null, today)).toEqual(['document', 'evidence'])
  expect(lacking(next('document'), { ...given, document: ' 越水〔2026〕9号 ' }, null, today)).toEqual([])
  expect(lacking(next('note'), { ...given, note: '  ' }, null, today)).toEqual(['note'])
})

it('a day is wanted and none to come', () => {
  expect(lacking(next(), { ...given, on: '' }, null, today)).toEqual(['day'])
  expect(lacking(next(), { ...given, on: '2026-07-16' }, null, today)).toEqual(['future'])
})

it('only a pass speaks for a step that needs a score', () => {
  expect(lacking(next('score'), given, null, today)).toEqual(['score'])
  expect(lacking(next('score'), given, judged('failed'), today)).toEqual(['score'])
  expect(lacking(next('score'), given, judged('passed'), today)).toEqual([])
})

it('a score counts until the entry moves on, and one taken back never', () => {
  const passed = judged('passed')
  expect(judgedNow([step({ state: 'self' }), step({ judged: passed })])).toBe(passed)
  expect(judgedNow([step({ judged: passed }), step({ state: 'county' })])).toBeNull()
  expect(judgedNow([step({ state: 'self' }), step({ judged: passed, undone_at: '2026-07-02T00:00:00Z' })])).toBeNull()
  expect(judgedLast([step({ id: 7, judged: passed }), step({ state: 'county' })])?.id).toBe(7)
})

it('the last step that stands, and the day a mark was turned', () => {
  const steps = [step({ id: 1, mark: 'task', on: '2026-06-01' }), step({ id: 2, mark: 'task', on: '2026-06-05' }), step({ id: 3, mark: 'task', on: '2026-06-09', undone_at: '2026-06-10T00:00:00Z' })]
  expect(lastStep(steps)?.id).toBe(2)
  expect(markedOn(steps, 'task')).toBe('2026-06-05')
  expect(markedOn(steps, 'other')).toBe('')
  expect(notBefore({ steps: [], listed: '2026-01-10' } as unknown as LedgerDetail)).toBe('2026-01-10')
})
