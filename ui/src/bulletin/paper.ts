/** A bulletin as it is printed: the numbers before its headings, its enclosures, the figures that it names. */
import type { BulletinPiece, BulletinRun } from '@/api/bulletin'

/** Words of the printed document, which is Chinese whatever language the screen speaks. */
export const printed = { annexes: '附件：', copyTo: '抄送：', by: '印发', draft: '（待签发）' }

/** 2026-05-08 as a document writes it: 2026年5月8日. */
export function day(date: string | null | undefined): string {
  const m = /^(\d+)-(\d+)-(\d+)$/.exec(date ?? '')
  return m ? `${Number(m[1])}年${Number(m[2])}月${Number(m[3])}日` : ''
}

/** What a piece says now, without its links. */
export const plain = (p: { runs: readonly BulletinRun[] }): string => p.runs.map((r) => r.text).join('')

const digits = '零一二三四五六七八九'

/** 1 to 99 in Chinese numerals. */
export function numeral(n: number): string {
  if (n < 10) return digits[n] ?? ''
  const tens = Math.floor(n / 10)
  return `${tens > 1 ? digits[tens] : ''}十${n % 10 ? digits[n % 10] : ''}`
}

export interface Numbered {
  piece: BulletinPiece
  /** 一、 or （一） before a heading, 附件1 over an enclosure. */
  number: string
}

/** Pieces with the numbers that the printed document gives them; what is struck out counts for nothing. */
export function numbered(pieces: readonly BulletinPiece[]): Numbered[] {
  const enclosures = pieces.filter((p) => p.kind === 'annex' && !p.removed).length
  let [first, second, annex] = [0, 0, 0]
  return pieces.map((piece) => {
    let number = ''
    if (piece.removed) return { piece, number }
    if (piece.kind === 'annex') {
      ;[first, second] = [0, 0]
      number = enclosures > 1 ? `附件${++annex}` : '附件'
    } else if (piece.kind === 'heading' && (piece.level ?? 1) === 1) {
      second = 0
      number = `${numeral(++first)}、`
    } else if (piece.kind === 'heading') {
      number = `（${numeral(++second)}）`
    }
    return { piece, number }
  })
}

/** The keys of the figures that a piece names, in their order. */
export function keysOf(p: BulletinPiece): string[] {
  const runs = [...p.runs, ...(p.table?.rows.flatMap((row) => row ?? []) ?? [])].map((r) => r.figure)
  return [...runs, ...(p.chart?.bars.map((b) => b.figure) ?? [])].filter((k): k is string => !!k)
}

/** Numbers as the server looks for them: a sign, thousands, decimals; full-width digits count. */
const pattern = /[-−－]?[0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?/g
const narrow = (s: string): string => s.replace(/[０-９．％]/g, (c) => (c === '％' ? '%' : String.fromCharCode(c.charCodeAt(0) - 0xfee0)))
const numbersOf = (s: string): string[] => narrow(s).match(pattern) ?? []

/** The numbers of a text that a piece did not say as it was composed: what the server will flag when it is saved. */
export function strange(text: string, composed: string): string[] {
  const left = numbersOf(composed).map((n) => n.replace(/[,，]/g, ''))
  return numbersOf(text).filter((n) => {
    const at = left.indexOf(n.replace(/[,，]/g, ''))
    if (at < 0) return true
    left.splice(at, 1)
    return false
  })
}
