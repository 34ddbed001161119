import { describe, expect, it } from 'vitest'
import { BadLine } from '../desk/desk'
import { readPoints, wayOf, writePoints } from './curve'

describe('a level–storage curve', () => {
  it('is pasted of a sheet', () => expect(readPoints('40\t0\n\n45,2.5\n50 10 ')).toEqual([{ level_m: 40, storage_1e6m3: 0 }, { level_m: 45, storage_1e6m3: 2.5 }, { level_m: 50, storage_1e6m3: 10 }]))
  it('names the line that cannot be read', () => {
    for (const text of ['40 0\n45', '40 0\nx 1', '40 0\n45 1 2']) {
      try {
        readPoints(text)
        expect.unreachable(text)
      } catch (thrown) {
        expect((thrown as BadLine).line, text).toBe(2)
      }
    }
  })
  it('is written as it is read', () => expect(readPoints(writePoints(readPoints('40 0\n45 2.5')))).toHaveLength(2))
  it('is drawn from its lowest point', () => expect(wayOf(readPoints('40 0\n50 10'), 100, 50)).toBe('M0.0 50.0L100.0 0.0'))
})
