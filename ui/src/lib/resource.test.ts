import { effectScope, nextTick, ref } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { faultOf } from './fault'
import { useResource, type Resource } from './resource'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function make<T>(read: (source: string, signal: AbortSignal) => Promise<T>) {
  const source = ref('a')
  const scope = effectScope()
  const resource = scope.run(() => useResource(() => source.value, read)) as Resource<T>
  return { source, resource, stop: () => scope.stop() }
}
const later = <T>(value: T, ms: number): Promise<T> => new Promise((done) => setTimeout(() => done(value), ms))

describe('useResource', () => {
  it('draws the skeleton only after 200 ms', async () => {
    const { resource } = make((s) => later(s, 500))
    await vi.advanceTimersByTimeAsync(150)
    expect(resource.waiting.value).toBe(false)
    await vi.advanceTimersByTimeAsync(100)
    expect(resource.waiting.value).toBe(true)
    await vi.advanceTimersByTimeAsync(300)
    expect([resource.waiting.value, resource.data.value]).toEqual([false, 'a'])
  })
  it('drops an answer that was overtaken', async () => {
    const { source, resource } = make((s) => later(s, s === 'a' ? 400 : 50))
    source.value = 'b'
    await nextTick()
    await vi.advanceTimersByTimeAsync(1000)
    expect(resource.data.value).toBe('b')
  })
  it('keeps old data when renewing fails and says that it is stale', async () => {
    let fail = false
    const { resource } = make(async (s) => {
      if (fail) throw faultOf('unavailable')
      return s
    })
    await vi.advanceTimersByTimeAsync(10)
    fail = true
    await resource.reload()
    expect([resource.data.value, resource.stale.value]).toEqual(['a', true])
  })
  it('drops data that may no longer be seen', async () => {
    let fail = false
    const { resource } = make(async (s) => {
      if (fail) throw faultOf('forbidden')
      return s
    })
    await vi.advanceTimersByTimeAsync(10)
    fail = true
    await resource.reload()
    expect([resource.data.value, resource.fault.value?.kind]).toEqual([null, 'forbidden'])
  })
})
