import { expect, test } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'
import { usePages, type PageOf } from './pages'
import type { Resource } from './resource'

const pages: Record<string, PageOf<number>> = { '': { items: [1, 2], next: 2 }, 2: { items: [3, 4], next: 4 }, 4: { items: [5] } }

test('pages stand behind each other until the first is read anew, and an export has them all', async () => {
  const data = shallowRef<PageOf<number> | null>(null)
  const asked: string[] = []
  const list = usePages({ data, loading: ref(false) } as unknown as Resource<PageOf<number>>, async (cursor) => {
    asked.push(cursor)
    return pages[cursor] ?? { items: [] }
  })
  data.value = pages[''] ?? null
  await nextTick()
  expect([list.rows.value, list.next.value]).toEqual([[1, 2], '2'])
  await list.more()
  await list.more()
  expect([list.rows.value, list.next.value]).toEqual([[1, 2, 3, 4, 5], ''])
  expect(asked).toEqual(['2', '4'])
  expect(await list.all()).toEqual([1, 2, 3, 4, 5])
  data.value = { items: [9] }
  await nextTick()
  expect([list.rows.value, list.next.value]).toEqual([[9], ''])
})
