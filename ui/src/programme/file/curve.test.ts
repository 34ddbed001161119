import { describe, expect, it } from 'vitest'
import { amountsOf, cellsOf, curveFaults, curveText, evenCurve, withCell } from './curve'

const even = evenCurve(120)

describe('a monthly plan', () => {
  it('is cumulated and ends on the amount of the year', () => {
    expect(even).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
    expect(evenCurve(100)[11]).toBe(100)
  })

  it('goes to text and back', () => {
    expect(amountsOf(curveText(even))).toEqual(even)
    expect(curveText(null)).toBe('')
    expect(cellsOf('')).toEqual([])
  })

  it('takes one cell at a time, and is gone when the last one is emptied', () => {
    const one = withCell('', 2, '5')
    expect(amountsOf(one)).toEqual([null, null, 5, ...Array(9).fill(null)])
    expect(withCell(one, 2, '')).toBe('')
  })

  it.each<[string, string, number | null, [number, string][]]>([
    ['none', '', 120, []],
    ['sound', curveText(even), 120, []],
    ['without an amount of the year', curveText(even), null, []],
    ['another end', curveText(even), 130, [[11, 'end']]],
    ['one that falls', withCell(curveText(even), 5, '40'), 120, [[5, 'falls']]],
    ['a gap', withCell(curveText(even), 5, 'x'), 120, [[5, 'empty']]],
  ])('%s', (_, text, amount, want) => expect(curveFaults(text, amount).map((f) => [f.month, f.why])).toEqual(want))
})
