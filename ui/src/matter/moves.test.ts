import { expect, test } from 'vitest'
import type { Legal } from '@/api/matter'
import { demands, into, leading } from './moves'

const legal = (move: Legal['move'], to: string, more: Partial<Legal> = {}): Legal => ({ move, from: [], to, side: 'answers', name: { zh: move, en: move }, reason: false, evidence: false, owner: false, due: false, measures: false, way: false, another: false, only: [], ...more }) as Legal
const moves = [legal('confirm', 'confirmed'), legal('uphold', 'confirmed', { reason: true }), legal('dismiss', 'dismissed', { reason: true }), legal('note', ''), legal('assign', 'assigned', { owner: true })]

test('only what leads to another state is offered', () => {
  expect(leading(moves, 'disputed').map((m) => m.move)).toEqual(['confirm', 'uphold', 'dismiss', 'assign'])
  expect(leading(moves, 'assigned').map((m) => m.move)).toEqual(['confirm', 'uphold', 'dismiss'])
})

test('two moves may lead into one state, and none into others', () => {
  expect(into(moves, 'disputed', 'confirmed').map((m) => m.move)).toEqual(['confirm', 'uphold'])
  expect(into(moves, 'disputed', 'closed')).toEqual([])
})

test('what needs words, files, a day or a person opens a form', () => {
  expect(moves.map(demands)).toEqual([false, true, true, false, true])
  expect(demands(legal('close', 'closed', { evidence: true }))).toBe(true)
})
