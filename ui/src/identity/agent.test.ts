import { describe, expect, it } from 'vitest'
import { browserName } from './agent'

describe('browserName', () => {
  const f = (agent: string, want: string): void => expect(browserName(agent)).toBe(want)
  it('tells browsers and systems apart', () => {
    f('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Chrome · Windows')
    f('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge · Windows')
    f('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1', 'Safari · iOS')
    f('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0', 'WeChat · Android')
  })
  it('falls back on the first word', () => {
    f('anlan-sync/2 (cron)', 'anlan-sync')
    f('', '')
  })
})
