import { beforeEach, expect, it, vi } from 'vitest'
import { post } from '@/lib/client'
import { faultOf } from '@/lib/fault'
import { uploadPhoto } from '@/lib/upload'
import { useStep } from './useStep'

vi.mock('@/lib/client', async (original) => ({ ...(await original<typeof import('@/lib/client')>()), post: vi.fn() }))
vi.mock('@/lib/upload', () => ({ uploadPhoto: vi.fn() }))

const lost = (): void => void vi.mocked(post).mockRejectedValueOnce(faultOf('unavailable'))
const ids = (): unknown[] => vi.mocked(post).mock.calls.map((c) => (c[1] as { client_id: string }).client_id)
beforeEach(() => {
  vi.mocked(post).mockReset().mockResolvedValue({})
  vi.mocked(uploadPhoto).mockReset().mockImplementation((_, name) => Promise.resolve(`hash of ${name}`))
})

it('the same step sent again is the same step, whatever was read meanwhile', async () => {
  const { send } = useStep()
  lost()
  expect(await send(1, { edit: 1, mark: 'task', holds: true })).toBe(false)
  expect(await send(1, { edit: 2, mark: 'task', holds: true })).toBe(true)
  const [a, b] = ids()
  expect(a).toMatch(/^[0-9a-f]{32}$/)
  expect(b).toBe(a)
})

it('another step after a lost answer is another step', async () => {
  const { send } = useStep()
  for (const step of [{ mark: 'task', holds: true }, { mark: 'platform', holds: true }, { mark: 'platform', holds: false }]) {
    lost()
    await send(1, { edit: 1, ...step })
  }
  await send(2, { edit: 1, mark: 'platform', holds: false })
  expect(new Set(ids()).size).toBe(4)
})

it('a step that went through is over, and so is one with other files', async () => {
  const { send } = useStep()
  const step = { edit: 1, state: 'built' }
  const file = new File(['a'], 'a.jpg')
  await send(1, step)
  lost()
  await send(1, step, [file])
  lost()
  await send(1, step, [file])
  await send(1, step, [file, new File(['b'], 'b.jpg')])
  const [a, b, c, d] = ids()
  expect(c).toBe(b)
  expect(new Set([a, b, d]).size).toBe(3)
  expect(uploadPhoto).toHaveBeenCalledTimes(2)
})
