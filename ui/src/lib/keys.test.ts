import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { stroke, typing, useShortcuts } from './keys'

const scopes: ReturnType<typeof effectScope>[] = []
function hold(keys: string, act: () => void): void {
  const scope = effectScope()
  scope.run(() => useShortcuts([{ keys, label: '', act }]))
  scopes.push(scope)
}
afterEach(() => scopes.splice(0).forEach((s) => s.stop()))

describe('shortcuts', () => {
  it('takes one stroke and two', () => {
    const one = vi.fn()
    const two = vi.fn()
    hold('j', one)
    hold('g c', two)
    expect(stroke('j')).toBe(true)
    expect(stroke('g')).toBe(true)
    expect(stroke('c')).toBe(true)
    expect(one).toHaveBeenCalledOnce()
    expect(two).toHaveBeenCalledOnce()
    expect(stroke('c')).toBe(false)
  })
  it('gives way to the newest and comes back when that is gone', () => {
    const old = vi.fn()
    const fresh = vi.fn()
    hold('k', old)
    hold('k', fresh)
    stroke('k')
    scopes.pop()?.stop()
    stroke('k')
    expect([old.mock.calls.length, fresh.mock.calls.length]).toEqual([1, 1])
  })
  it('rests while somebody types', () => {
    expect(typing(document.createElement('input'))).toBe(true)
    expect(typing(document.createElement('div'))).toBe(false)
  })
})
