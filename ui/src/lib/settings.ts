/** Language and theme: kept in this browser, changed in place. */
import { ref, watch } from 'vue'

export type Language = 'zh' | 'en'
export type Theme = 'light' | 'dark'

function kept<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  try {
    const value = localStorage.getItem(key)
    return allowed.find((a) => a === value) ?? fallback
  } catch {
    return fallback
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing still works.
  }
}

const dark = typeof matchMedia === 'function' && matchMedia('(prefers-color-scheme: dark)').matches

export const language = ref<Language>(kept('anlan.language', ['zh', 'en'], 'zh'))
export const theme = ref<Theme>(kept('anlan.theme', ['light', 'dark'], dark ? 'dark' : 'light'))
export const rail = ref<'wide' | 'narrow' | 'auto'>(kept('anlan.rail', ['wide', 'narrow', 'auto'], 'auto'))

export function applySettings(root: HTMLElement): void {
  watch(
    language,
    (value) => {
      root.lang = value === 'zh' ? 'zh-CN' : 'en'
      keep('anlan.language', value)
    },
    { immediate: true },
  )
  watch(
    theme,
    (value) => {
      root.dataset.theme = value
      root.classList.toggle('dark', value === 'dark')
      keep('anlan.theme', value)
    },
    { immediate: true },
  )
  watch(rail, (value) => keep('anlan.rail', value))
}
