/** A list read a page at a time: the first comes by itself, the next ones are asked for and stand behind it. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { Resource } from './resource'

export interface PageOf<T> {
  items: T[]
  next?: string | number
}

export interface Pages<T> {
  rows: ComputedRef<T[]>
  /** Cursor of the next page; empty where there is none. */
  next: Ref<string>
  more: () => Promise<void>
  /** Every row, for an export. */
  all: () => Promise<T[]>
}

/** Whenever the first page is read anew, what stood behind it goes. `read` asks for the page behind a cursor. */
export function usePages<T>(first: Resource<PageOf<T>>, read: (cursor: string, limit?: number) => Promise<PageOf<T>>, most = 500): Pages<T> {
  const later = shallowRef<T[]>([])
  const next = ref('')
  const cursorOf = (page: PageOf<T> | null | undefined): string => (page?.next ? String(page.next) : '')
  watch(first.data, (page) => {
    later.value = []
    next.value = cursorOf(page)
  })
  return {
    rows: computed(() => [...(first.data.value?.items ?? []), ...later.value]),
    next,
    async more() {
      const page = await read(next.value)
      later.value = [...later.value, ...page.items]
      next.value = cursorOf(page)
    },
    async all() {
      const out: T[] = []
      for (let cursor = ''; ; ) {
        const page = await read(cursor, most)
        out.push(...page.items)
        cursor = cursorOf(page)
        if (!cursor) return out
      }
    },
  }
}
