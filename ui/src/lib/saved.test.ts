import { expect, test } from 'vitest'
import { pack, unpack } from './saved'

const keys = ['q', 'state', 'overdue']

test('a filter is the same text whatever the order in the URL', () => {
  const held: Record<string, string> = { overdue: 'true', q: '裂缝 & 渗水', scope: '330600' }
  expect(pack((k) => held[k] ?? '', keys)).toBe('q=%E8%A3%82%E7%BC%9D+%26+%E6%B8%97%E6%B0%B4&overdue=true')
  expect(pack(() => '', keys)).toBe('')
})

test('using a filter takes away what it does not hold, and knows no other keys', () => {
  expect(unpack('q=%E8%A3%82%E7%BC%9D+%26+%E6%B8%97%E6%B0%B4&gone=1', keys)).toEqual({ q: '裂缝 & 渗水', state: '', overdue: '' })
})
