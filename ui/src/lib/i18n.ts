/** Messages of every domain, gathered from its folder. Chinese first, English complete. */
import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Text } from '@/api/types'
import { language } from './settings'
import { gather, type Tree } from './words'

const found = import.meta.glob<{ default: { zh: Tree; en: Tree } }>('../**/messages.ts', { eager: true })

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
