import { expect, test } from 'vitest'
import { statesFor } from './states'

test('what a plan may be taken to', () => {
  const f = (approval: string, state: 'none' | 'drafting' | 'submitted' | 'approved', may_write: boolean, may_approve: boolean) => statesFor({ plan: { approval } }, { state, may_write, may_approve }).join(' ')
  expect(f('city', 'drafting', true, false)).toBe('none submitted')
  expect(f('city', 'submitted', true, false)).toBe('none drafting')
  expect(f('city', 'submitted', false, true)).toBe('none drafting approved')
  expect(f('city', 'approved', true, false)).toBe('')
  expect(f('', 'submitted', true, false)).toBe('none drafting approved')
  expect(f('city', 'submitted', false, false)).toBe('')
})
