import { expect, test } from 'vitest'
import type { MatterFile } from '@/api/matter'
import { papers, rounds } from './evidence'

const file = (id: string, role: string, round = 0): MatterFile => ({ id, role, round }) as MatterFile
const told = (files: MatterFile[], reopened: number): unknown => rounds(files, reopened).map((r) => [r.round, r.earlier, r.pairs.map((p) => [p.before?.id ?? null, p.after?.id ?? null])])

test('nothing is a pair of two holes', () => {
  expect(told([], 0)).toEqual([[0, false, [[null, null]]]])
})

test('files stand in pairs, and the longer side has holes beside it', () => {
  expect(told([file('b1', 'before'), file('b2', 'before'), file('a1', 'after')], 0)).toEqual([[0, false, [['b1', 'a1'], ['b2', null]]]])
  expect(told([file('b1', 'before'), file('a1', 'after'), file('c1', 'control')], 0)).toEqual([[0, false, [['b1', 'a1'], [null, 'c1']]]])
})

test('each round of rectification has its own files, the latest first', () => {
  const files = [file('b', 'before'), file('a', 'after'), file('r', 'recheck', 2), file('x', 'after', 2)]
  expect(told(files, 2)).toEqual([
    [2, false, [['r', 'x']]],
    [1, true, [['b', null]]],
    [0, false, [['b', 'a']]],
  ])
})

test('papers stand apart', () => {
  expect(papers([file('b', 'before'), file('p', 'basis'), file('w', 'reply')]).map((f) => f.id)).toEqual(['p', 'w'])
})
