/** Messages of every domain, gathered from its folder. Chinese first, English complete. */
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Text } from '@/api/types'
import { language } from './settings'

export interface Tree {
  [key: string]: string | Tree
}

type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** One domain's words. A key that English lacks does not compile. */
export function words<T extends Tree>(both: { zh: T; en: Same<T> }): { zh: Tree; en: Tree } {
  return both as { zh: Tree; en: Tree }
}

const found = import.meta.glob<{ default: { zh: Tree; en: Tree } }>('../**/messages.ts', { eager: true })

/** Merges trees; a key that two domains claim is a mistake and is said so. */
export function gather(parts: readonly Tree[]): Tree {
  const all: Tree = {}
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      if (key in all) throw new Error(`two domains use the message key ${key}`)
      all[key] = value
    }
  }
  return all
}

const modules = Object.values(found)

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh',
  messages: {
    zh: gather(modules.map((m) => m.default.zh)),
    en: gather(modules.map((m) => m.default.en)),
  },
})

watch(language, (value) => (i18n.global.locale.value = value))

/** The side of a bilingual text that the reader wants; the other where it is empty. */
export function say(text: Text | null | undefined): string {
  if (!text) return ''
  return (language.value === 'zh' ? text.zh || text.en : text.en || text.zh) ?? ''
}
