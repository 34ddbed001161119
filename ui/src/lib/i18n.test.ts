import { describe, expect, it } from 'vitest'
import { gather, type Tree } from './words'

const modules = import.meta.glob<{ default: { zh: Tree; en: Tree } }>('../**/messages.ts', { eager: true })

function flat(tree: Tree, at = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${at}${key}`, value] as [string, string]] : flat(value, `${at}${key}.`),
  )
}

const names = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ''))].sort()

describe('messages', () => {
  const zh = flat(gather(Object.values(modules).map((m) => m.default.zh)))
  const en = new Map(flat(gather(Object.values(modules).map((m) => m.default.en))))
  it('has every key in English, with the same figures in it', () => {
    for (const [key, text] of zh) {
      expect(en.get(key), key).toBeTruthy()
      expect(names(en.get(key) ?? ''), key).toEqual(names(text))
    }
    expect(en.size).toBe(zh.length)
  })
  it('has no Chinese in the English', () => {
    for (const [key, text] of en) if (key !== 'shell.language') expect(text, key).not.toMatch(/[\u4e00-\u9fff]/)
  })
  it('refuses a key that two domains use', () => expect(() => gather([{ a: 'x' }, { a: 'y' }])).toThrow(/a/))
})

describe('keys that the code asks for', () => {
  const sources = import.meta.glob<string>(['../**/*.vue', '../**/*.ts', '!../**/*.test.ts'], { eager: true, query: '?raw', import: 'default' })
  const known = new Set(flat(gather(Object.values(modules).map((m) => m.default.zh))).map(([key]) => key))
  it('are all there', () => {
    for (const [file, text] of Object.entries(sources)) {
      for (const m of text.matchAll(/\bt\('([\w.]+)'/g)) expect(known.has(m[1] ?? ''), `${file}: ${m[1]}`).toBe(true)
      for (const m of text.matchAll(/title: '([a-z]+\.[\w.]+)'/g)) expect(known.has(m[1] ?? ''), `${file}: ${m[1]}`).toBe(true)
    }
  })
})
