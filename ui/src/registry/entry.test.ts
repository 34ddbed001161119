import { effectScope, nextTick, ref } from 'vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { Fault } from '@/lib/fault'
import { useEntry, type Entry } from './entry'

const sent = vi.hoisted(() => ({ patch: vi.fn() }))
vi.mock('@/lib/client', () => ({ patch: sent.patch }))
beforeEach(() => void sent.patch.mockReset())

interface Row {
  id: string
  name: string
  edit: number
}

function open(first: Row | null) {
  const row = ref<Row | null>(first)
  const changed = vi.fn()
  const entry = effectScope().run(() =>
    useEntry<Row, { name: string }>({
      row: () => row.value,
      idOf: (r) => r.id,
      list: '/api/rows',
      formOf: (r) => ({ name: r?.name ?? '' }),
      body: (f) => ({ name: f.name.trim() }),
      create: async () => 'new-id',
      changed,
    }),
  ) as Entry<Row, { name: string }>
  return { row, entry, changed }
}

it('sends what was typed with the edit that was seen, and makes a new row', async () => {
  const { entry, changed } = open({ id: 'a b', name: 'x', edit: 3 })
  expect(entry.unchanged.value).toBe(true)
  entry.form.value.name = ' y '
  expect(entry.unchanged.value).toBe(false)
  await entry.save()
  expect(sent.patch).toHaveBeenCalledWith('/api/rows/a%20b', { name: 'y', edit: 3 })
  expect(changed).toHaveBeenCalledWith('a b')
  const fresh = open(null)
  await fresh.entry.save()
  expect(fresh.changed).toHaveBeenCalledWith('new-id')
})

it('shows both where somebody was faster, and either can be kept', async () => {
  const { row, entry, changed } = open({ id: 'a', name: 'x', edit: 1 })
  entry.form.value.name = 'mine'
  const theirs = { id: 'a', name: 'theirs', edit: 2 }
  sent.patch.mockRejectedValueOnce(new Fault('conflict', { zh: '', en: '' }, 'registry.stale', [], theirs))
  await entry.save()
  expect([entry.theirs.value, entry.form.value.name]).toEqual([theirs, 'mine'])
  entry.keepMine()
  await nextTick()
  expect(sent.patch).toHaveBeenLastCalledWith('/api/rows/a', { name: 'mine', edit: 2 })
  sent.patch.mockRejectedValueOnce(new Fault('conflict', { zh: '', en: '' }, 'registry.stale', [], theirs))
  await entry.save()
  entry.takeTheirs()
  expect([entry.theirs.value, entry.form.value.name]).toEqual([null, 'theirs'])
  expect(changed).toHaveBeenCalled()
  row.value = { id: 'a', name: 'later', edit: 4 }
  await nextTick()
  expect(entry.form.value.name).toBe('later')
})
