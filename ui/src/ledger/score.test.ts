import { expect, it } from 'vitest'
import type { Judged, ScoreTree } from '@/api/ledger'
import { answersOf, draftOf, pointsIn, running, type Draft } from './score'

const text = { zh: '项', en: 'item' }
const item = (code: string, weight: number, may_skip = false) => ({ code, text, weight, may_skip, evidence: text })
const tree = {
  threshold: 85,
  prerequisites: [{ code: 'flood', text }],
  dimensions: [
    { id: 'safe', name: text, items: [item('a', 40), item('b', 20, true)] },
    { id: 'clear', name: text, items: [item('c', 40)] },
  ],
} as unknown as ScoreTree

const filled = (points: Record<string, string>, more: Partial<Draft> = {}): Draft => {
  const draft = draftOf(tree)
  for (const [code, p] of Object.entries(points)) draft.items[code] = { points: p, skip: false, reason: '扣' }
  return { ...draft, prerequisites: { flood: true }, ...more }
}

it('what is not answered is missing and never zero', () => {
  const sum = running(tree, draftOf(tree))
  expect(sum).toMatchObject({ points: 0, score: null, reachable: 100, verdict: 'open', missing: ['flood', 'a', 'b', 'c'] })
  expect(running(tree, filled({ a: '30' }))).toMatchObject({ points: 30, score: null, reachable: 90, verdict: 'open', missing: ['b', 'c'] })
  expect(answersOf(tree, draftOf(tree))).toEqual({ items: {}, prerequisites: {} })
})

it('holds the threshold against exact points', () => {
  expect(running(tree, filled({ a: '35', b: '20', c: '30' }))).toMatchObject({ score: 85, verdict: 'passed' })
  expect(running(tree, filled({ a: '35', b: '19.99', c: '30' })).verdict).toBe('failed')
})

it('an item left out scales the rest to a hundred', () => {
  const draft = filled({ a: '38', c: '34' })
  draft.items.b = { points: '', skip: true, reason: '无此设施' }
  expect(running(tree, draft)).toMatchObject({ points: 72, of: 80, score: 90, verdict: 'passed' })
  draft.items.b = { points: '', skip: true, reason: ' ' }
  expect(running(tree, draft)).toMatchObject({ verdict: 'open', unexplained: ['b'] })
})

it('a deduction wants its reason, full points do not', () => {
  const draft = filled({ a: '40', b: '20', c: '30' })
  draft.items.a = { points: '40', skip: false, reason: '' }
  draft.items.c = { points: '30', skip: false, reason: '' }
  expect(running(tree, draft)).toMatchObject({ unexplained: ['c'], verdict: 'open' })
})

it('a prerequisite that does not hold fails whatever the score', () => {
  expect(running(tree, filled({ a: '40', b: '20', c: '40' }, { prerequisites: { flood: false } }))).toMatchObject({ vetoes: ['flood'], verdict: 'failed', score: 100 })
})

it('takes full-width digits, and refuses what the item cannot give', () => {
  const a = item('a', 40)
  const of = (points: string) => pointsIn(a as never, { points, skip: false, reason: '' })
  expect(of('３８．５')).toBe(38.5)
  expect(of('')).toBeNull()
  expect(of('0.1234')).toBe(0.1234)
  for (const bad of ['41', '-1', 'viel', '0.12345']) expect(of(bad)).toBeNaN()
  expect(running(tree, filled({ a: '41' }))).toMatchObject({ wrong: ['a'], missing: ['a', 'b', 'c'] })
})

it('starts from an earlier score, without what the tree no longer has', () => {
  const before = { answers: { items: { a: { points: 30, reason: '旧' }, b: { points: 0, skip: true, reason: '无' }, gone: { points: 5 } }, prerequisites: { flood: true, old: false } } } as unknown as Judged
  const draft = draftOf(tree, before)
  expect(draft.items.a).toEqual({ points: '30', skip: false, reason: '旧' })
  expect(draft.prerequisites).toEqual({ flood: true })
  expect(answersOf(tree, draft)).toEqual({ items: { a: { points: 30, reason: '旧' }, b: { points: 0, skip: true, reason: '无' } }, prerequisites: { flood: true } })
})
