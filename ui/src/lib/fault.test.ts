import { describe, expect, it } from 'vitest'
import { asFault, Fault, faultFrom } from './fault'
import { withQuery } from './client'

describe('faultFrom', () => {
  it('keeps kind, both languages, places, and what the server holds now', () => {
    const fault = faultFrom(409, {
      kind: 'conflict', code: 'return.stale', message: { zh: '已被修改', en: 'changed' },
      fields: [{ place: 'lines[3].value', zh: '太大', en: 'too large' }, { nonsense: 1 }], current: { edit: 5 }, request: 'r1',
    })
    expect(fault.kind).toBe('conflict')
    expect(fault.text.zh).toBe('已被修改')
    expect(fault.fields).toEqual([{ place: 'lines[3].value', zh: '太大', en: 'too large' }])
    expect(fault.current).toEqual({ edit: 5 })
    expect(fault.request).toBe('r1')
  })
  it('has words for a body that says nothing', () => {
    expect(faultFrom(503, null).kind).toBe('unavailable')
    expect(faultFrom(418, 'tea').text.zh).toBe('程序出错')
  })
})

it('asFault turns any thrown thing into words', () => {
  expect(asFault(new TypeError('fetch')).kind).toBe('offline')
  expect(asFault('x')).toBeInstanceOf(Fault)
})

it('withQuery leaves out what is empty', () => {
  expect(withQuery('/api/cockpit', { scope: '330600', period: '', as_of: null, n: 0 })).toBe('/api/cockpit?scope=330600&n=0')
})
