import { describe, expect, it } from 'vitest'
import { isBlock, land, parseBlock } from './paste'

describe('parseBlock', () => {
  it.each<[string, string, string[][]]>([
    ['one column', '1\n2\n3\n', [['1'], ['2'], ['3']]],
    ['windows newlines', '1\t2\r\n3\t4\r\n', [['1', '2'], ['3', '4']]],
    ['an empty cell inside', '1\t\t3', [['1', '', '3']]],
    ['an empty row inside', '1\n\n3\n', [['1'], [''], ['3']]],
    ['a quoted cell over two lines', '1\t"因雨\n停工"\n2\t', [['1', '因雨\n停工'], ['2', '']]],
    ['quotes in quotes', '"说""停""了\t"\t5', [['说"停"了', '5']]],
    ['a lone inch sign', '5"\t"6', [['5"', '"6']]],
    ['one cell', ' 12,345.6 ', [['12,345.6']]],
    ['nothing', '', [['']]],
  ])('%s', (_, text, want) => expect(parseBlock(text)).toEqual(want))
})

describe('isBlock', () => {
  it.each([['12', false], ['12\r\n', false], ['1\t2', true], ['1\n2', true], ['因雨 停工', false]])('%j', (text, want) => expect(isBlock(text)).toBe(want))
})

describe('land', () => {
  const columns = ['value', 'base', 'note'] as const

  it('starts at the focused cell and goes down and to the right', () => {
    const at = land([['1', '2'], ['3', '4']], 1, 'value', 5, columns)
    expect(at.cells.map((c) => [c.row, c.column, c.text])).toEqual([[1, 'value', '1'], [1, 'base', '2'], [2, 'value', '3'], [2, 'base', '4']])
    expect([at.rowsOver, at.columnsOver]).toEqual([0, 0])
  })

  it('counts what falls past the end instead of taking it', () => {
    const at = land([['1', '2', '3'], ['4', '5', '6'], ['7', '8', '9']], 3, 'base', 5, columns)
    expect(at.cells).toHaveLength(4)
    expect([at.rowsOver, at.columnsOver]).toEqual([1, 1])
  })

  it('does not count empty cells past the end', () => {
    expect(land([['x', '', '']], 0, 'note', 1, columns).columnsOver).toBe(0)
  })
})
