/** What a line of work is called; "*" is all of them. */
import { say } from '@/lib/i18n'
import { lines } from '@/programme/catalogue'

export function lineName(code: string, t: (key: string) => string): string {
  if (code === '*') return t('meeting.allLines')
  return say(lines.value.find((l) => l.code === code)?.name) || code
}
