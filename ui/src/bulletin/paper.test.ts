import { describe, expect, it } from 'vitest'
import type { BulletinPiece } from '@/api/bulletin'
import { keysOf, numbered, numeral, strange } from './paper'

const piece = (kind: BulletinPiece['kind'], level?: number, more: Partial<BulletinPiece> = {}): BulletinPiece => ({
  id: 'b', kind, ...(level ? { level } : {}), runs: [], composed: '', changed: false, removed: false, added: false, at: null, flags: [], table: null, chart: null, ...more,
})

describe('the numbers of headings', () => {
  it('count anew under each higher one and in each enclosure, past what is struck out', () => {
    const pieces = [piece('heading', 1), piece('heading', 2), piece('heading', 2, { removed: true }), piece('heading', 2), piece('heading', 1), piece('paragraph'), piece('annex'), piece('heading', 1), piece('annex')]
    expect(numbered(pieces).map((n) => n.number)).toEqual(['一、', '（一）', '', '（二）', '二、', '', '附件1', '一、', '附件2'])
    expect(numbered([piece('annex')])[0]?.number).toBe('附件')
  })
  it('are Chinese numerals', () => {
    expect([1, 9, 10, 11, 20, 42].map(numeral)).toEqual(['一', '九', '十', '十一', '二十', '四十二'])
  })
})

describe('figures', () => {
  it('are those of text, table and chart', () => {
    const p = piece('table', undefined, { runs: [{ text: '1', figure: 'a' }, { text: '。' }], table: { caption: '', columns: [], rows: [[{ text: '越城区' }, { text: '2', figure: 'b' }]] }, chart: { caption: '', alt: '', unit: '', decimals: 0, bars: [{ name: '', value: 1, figure: 'c' }] } })
    expect(keysOf(p)).toEqual(['a', 'b', 'c'])
  })
  it('are missed where a text has other numbers', () => {
    const composed = '截至5月底，完成投资36.27亿元，占45.6%，共1,204处。'
    expect(strange(composed, composed)).toEqual([])
    expect(strange('截至５月底，完成投资３６．２７亿元，占46.5%，共1204处、3处。', composed)).toEqual(['46.5', '3'])
  })
})
