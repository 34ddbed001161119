import { expect, it } from 'vitest'
import type { DeadlineItem, DeadlineRow, DeadlineState } from '@/api/types'
import { divisionState } from './deadlines'

const row = (...items: DeadlineState[][]): DeadlineRow =>
  ({ items: items.map((states) => ({ states }) as DeadlineItem) }) as DeadlineRow

it('a division meets a deadline only with every target', () => {
  expect(divisionState(row(['met'], ['met']), 0)).toBe('met')
  expect(divisionState(row(['met'], ['open']), 0)).toBe('open')
  expect(divisionState(row(['met'], ['unknown']), 0)).toBe('unknown')
  expect(divisionState(row(['unknown'], ['missed']), 0)).toBe('missed')
})
it('nothing to meet, or nothing known, is never met', () => {
  expect(divisionState(row(), 0)).toBe('unknown')
  expect(divisionState(row(['met']), 3)).toBe('unknown')
})
