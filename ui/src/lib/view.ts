/** The view is in the URL: whose figures, for which period, known when, and what is chosen in the page. */
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

/** The keys that go along from page to page. */
export const carried = ['scope', 'period', 'as_of'] as const

export interface View {
  scope: WritableComputedRef<string>
  period: WritableComputedRef<string>
  asOf: WritableComputedRef<string>
  /** One more key of this page; an empty value leaves the URL. */
  key: (name: string, fallback?: string) => WritableComputedRef<string>
  /** Several at once, as one step of the history. */
  set: (changes: Record<string, string | undefined>) => void
  /** The query that a link to another page takes along. */
  carry: (more?: Record<string, string>) => LocationQueryRaw
}

export function useView(): View {
  const route = useRoute()
  const router = useRouter()

  function read(name: string): string {
    const value = route.query[name]
    return typeof value === 'string' ? value : ''
  }

  function set(changes: Record<string, string | undefined>): void {
    const query: LocationQueryRaw = { ...route.query }
    for (const [name, value] of Object.entries(changes)) {
      if (value) query[name] = value
      else delete query[name]
    }
    void router.push({ query, hash: route.hash })
  }

  const key = (name: string, fallback = ''): WritableComputedRef<string> =>
    computed({
      get: () => read(name) || fallback,
      set: (value) => set({ [name]: value === fallback ? '' : value }),
    })

  function carry(more: Record<string, string> = {}): LocationQueryRaw {
    const query: LocationQueryRaw = {}
    for (const name of carried) if (read(name)) query[name] = read(name)
    return { ...query, ...more }
  }

  return { scope: key('scope'), period: key('period'), asOf: key('as_of'), key, set, carry }
}
