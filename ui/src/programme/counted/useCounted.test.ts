import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { get } from '@/lib/client'
import { listen } from '@/lib/events'
import { useCounted } from './useCounted'

vi.mock('@/lib/client', async (original) => ({ ...(await original<typeof import('@/lib/client')>()), get: vi.fn() }))
vi.mock('@/lib/events', async (original) => ({ ...(await original<typeof import('@/lib/events')>()), listen: vi.fn(() => () => undefined) }))
beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('counts again for entries and not for returns, and once for many', async () => {
  vi.mocked(get).mockResolvedValue({ day: '2026-05-31', rows: [] })
  const scope = effectScope()
  scope.run(() => useCounted(() => ({ division: '330602', period: '2026-05', form: 'f' })))
  expect(listen).toHaveBeenCalledTimes(1)
  const [names, told] = vi.mocked(listen).mock.calls[0] ?? []
  expect(names).toEqual(['ledger.changed', 'matter.changed', 'inspection.changed'])
  const read = (): number => vi.mocked(get).mock.calls.length
  expect(read()).toBe(1)
  for (let i = 0; i < 10; i++) {
    told?.(null)
    await vi.advanceTimersByTimeAsync(190)
  }
  expect(read()).toBe(1)
  await vi.advanceTimersByTimeAsync(100)
  expect(read()).toBe(2)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read()).toBe(2)
  told?.(null)
  scope.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read()).toBe(2)
})
