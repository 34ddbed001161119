import { expect, it } from 'vitest'
import { ATONCE, replayAll } from './held'

it('replays the oldest first, a portion at a time, and tells why each was not taken', async () => {
  const sent: number[][] = []
  const ids = Array.from({ length: ATONCE + 1 }, (_, i) => ATONCE + 1 - i)
  const became = await replayAll(ids, async (some) => {
    sent.push(some)
    return { items: some.map((id) => (id === 2 ? { id, error: { zh: '无', en: 'none' } } : { id })) } as never
  })
  expect(sent.map((s) => [s.length, s[0]])).toEqual([[ATONCE, 1], [1, ATONCE + 1]])
  expect([became.get(2)?.en, became.get(1), became.size]).toEqual(['none', undefined, ATONCE + 1])
})
