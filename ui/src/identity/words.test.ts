import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { i18n } from '@/lib/i18n'
import { permissionName } from './permission'

const root = join(import.meta.dirname, '../../../internal')
const server = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.go') && !f.endsWith('_test.go')).map((f) => readFileSync(join(root, f), 'utf8')).join('\n')
const moves = readFileSync(join(root, 'matter/moves.go'), 'utf8')
const bulletin = readFileSync(join(root, 'bulletin/bulletin.go'), 'utf8')
const all = (pattern: RegExp, before = '', text = server): string[] => [...new Set([...text.matchAll(pattern)].map((m) => before + (m[1] ?? '')))]

it('every permission of the server has a name', () => {
  const codes = all(/Permission += "([a-z]+\.[a-z]+|[a-z]+)"/g)
  expect(codes).toContain('inspection.record')
  for (const code of codes) expect(permissionName(code), code).not.toBe(code)
})

it('every act that the server writes down has a name', () => {
  const codes = [
    ...all(/\bAction: +"([a-z_]+\.[a-z_]+)",/g), ...all(/\b(?:note|noteStep|put|mark)\(ctx, tx, [^\n]*?"([a-z_]+\.[a-z_]+)"/g),
    ...all(/\bMove = "(\w+)"/g, 'matter.', moves), ...all(/\bMove += "(\w+)"/g, 'bulletin.', bulletin), ...all(/\btouch\(ctx, tx, [^"\n]*"(\w+)"/g, 'matter.'), ...all(/\bAct = "(\w+)"/g, 'reading.'),
  ]
  expect(codes).toEqual(expect.arrayContaining(['rulebook.load', 'team.save', 'matter.close', 'matter.attach', 'ledger.undo', 'inspection.done', 'object.duty_phone', 'reading.reject']))
  expect(codes.filter((code) => !i18n.global.te(`identity.audit.actions.${code.replace('.', '_')}`))).toEqual([])
})
