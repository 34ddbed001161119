import { describe, expect, it } from 'vitest'
import { limitAt } from '../read'
import { BadLine, readElements, readPeriods, writeElements } from './desk'

describe('elements of a policy', () => {
  it('are read a line each, and written back', () => {
    const list = readElements('39 level 12.5\n\n ff01  storage\n')
    expect(list).toEqual([{ element: '39', quantity: 'level', base: 12.5 }, { element: 'FF01', quantity: 'storage', base: null }])
    expect(writeElements(list)).toBe('39 level 12.5\nFF01 storage')
  })
  it('say which line is wrong', () => expect(() => readElements('39 level\nlevel 39')).toThrow(new BadLine(2)))
})

describe('periods of a flood limit', () => {
  it('are read a line each', () => expect(readPeriods('0415 0715 98.5 梅汛期')).toEqual([{ begin: '0415', end: '0715', level: 98.5, name: { zh: '梅汛期', en: '' } }]))
  it('say which line is wrong', () => expect(() => readPeriods('415 0715 98.5')).toThrow(new BadLine(1)))
  const periods = [{ begin: '0415', end: '0715', level: 1 }, { begin: '0716', end: '1015', level: 2 }, { begin: '1016', end: '0414', level: 3 }].map((p) => ({ ...p, name: { zh: '', en: '' } }))
  it('hold on their days, also over the new year', () => {
    expect(['0608', '0716', '1231', '0101'].map((d) => limitAt({ level: null, periods }, d))).toEqual([1, 2, 3, 3])
    expect(limitAt({ level: null, periods: periods.slice(0, 1) }, '0801')).toBeNull()
    expect(limitAt({ level: 9.5 }, '0801')).toBe(9.5)
  })
})
