import { describe, expect, it } from 'vitest'
import { checkSplit, proportional, scaleCurve } from './split'

describe('checkSplit', () => {
  it.each<[string, number | null, (number | null)[], [string, number | null, number | null]]>([
    ['equal without binary dust', 0.3, [0.1, 0.2], ['equal', 0, 0]],
    ['more than asked', 100, [60, 50], ['over', 10, 10]],
    ['less than asked', 100, [60, 30], ['short', -10, -10]],
    ['not all set', 100, [60, null], ['partial', -40, -40]],
    ['more though not all set', 100, [120, null], ['over', 20, 20]],
    ['nothing set', 100, [null, null], ['unset', null, null]],
    ['no whole', null, [1, 2], ['unset', null, null]],
    ['a whole of nothing', 0, [1], ['over', 1, null]],
  ])('%s', (_, parent, children, want) => {
    const got = checkSplit(parent, children)
    expect([got.state, got.difference, got.percent]).toEqual(want)
  })
})

describe('proportional', () => {
  it('adds up to the whole', () => {
    expect(proportional(100, [1, 1, 1], 0)).toEqual([34, 33, 33])
    expect(proportional(10, [3, 2, 1], 2)).toEqual([5, 3.33, 1.67])
  })

  it('leaves alone who has nothing to go by', () => expect(proportional(9, [2, null, 1], 0)).toEqual([6, null, 3]))

  it('keeps the decimals of a finer whole', () => {
    const parts = proportional(10.55, [1, 1], 0) ?? []
    expect(parts.reduce<number>((a, b) => a + (b ?? 0), 0)).toBeCloseTo(10.55, 6)
  })

  it('splits nothing by nothing', () => expect(proportional(9, [null, 0], 0)).toBeNull())
})

describe('scaleCurve', () => {
  const curve = Array.from({ length: 12 }, (_, i) => (i + 1) * 10)
  it('keeps the shape and ends on the amount', () => expect(scaleCurve(curve, 60)).toEqual(curve.map((c) => c / 2)))
  it('has nothing to scale', () => expect([scaleCurve([], 60), scaleCurve(curve, null)]).toEqual([[], []]))
})
