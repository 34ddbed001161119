import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { LedgerDetail } from '@/api/ledger'
import { patch } from '@/lib/client'
import { faultFrom } from '@/lib/fault'
import { i18n } from '@/lib/i18n'
import { contested, rebased, touched } from './change'
import ChangeDialog from './ChangeDialog.vue'

vi.mock('@/lib/client', async (original) => ({ ...(await original<typeof import('@/lib/client')>()), patch: vi.fn() }))
const read = { due: '2026-07-31', track: 'large', note: 'old', withdrawn: false }

describe('what a change says', () => {
  it('is what was touched, and a day is not taken away', () => {
    expect(touched({ ...read, note: ' old ' }, read)).toEqual({})
    expect(touched({ ...read, due: '' }, read)).toEqual({})
    expect(touched({ ...read, due: '2026-08-31', note: '', withdrawn: true }, read)).toEqual({ due: '2026-08-31', note: '', withdrawn: true })
  })
  it('keeps what was typed over a change of somebody else, and takes the rest from it', () => {
    const typed = { ...read, note: 'mine' }
    const now = { ...read, due: '2026-09-30', note: 'theirs' }
    expect(rebased(typed, read, now)).toEqual({ ...read, due: '2026-09-30', note: 'mine' })
    expect(contested(typed, read, now)).toEqual(['note'])
    expect(contested(typed, read, { ...read, note: 'mine' })).toEqual([])
  })
})

describe('ChangeDialog', () => {
  HTMLDialogElement.prototype.showModal = () => undefined
  const entry = (more: Partial<LedgerDetail>): LedgerDetail => ({ id: 7, edit: 1, due: '2026-07-31', note: 'old', steps: [], rules: { tracks: [] }, ...more }) as unknown as LedgerDetail
  const open = (e: LedgerDetail) => mount(ChangeDialog, { props: { entry: e }, global: { plugins: [i18n] } })
  const sent = (): unknown[] => vi.mocked(patch).mock.calls.map((c) => c[1])
  beforeEach(() => vi.mocked(patch).mockReset().mockResolvedValue({}))

  it('changes the entry that was read, wipes nothing of another, and says what that is', async () => {
    const dialog = open(entry({}))
    const [note, reason] = dialog.findAll('textarea')
    await note?.setValue('mine')
    await reason?.setValue('why')
    await dialog.setProps({ entry: entry({ edit: 2, due: '2026-09-30', note: 'theirs' }) })
    vi.mocked(patch).mockRejectedValueOnce(faultFrom(409, { code: 'ledger.edit', kind: 'conflict', message: { zh: '已更新', en: 'changed' } }))
    await dialog.find('form').trigger('submit')
    await flushPromises()
    expect(dialog.emitted('stale')).toHaveLength(1)
    expect(note?.element.value).toBe('mine')
    expect(dialog.find<HTMLInputElement>('input[type=date]').element.value).toBe('2026-09-30')
    expect(dialog.text()).toContain('他人已改为：theirs')
    await dialog.find('form').trigger('submit')
    await flushPromises()
    expect(sent()).toEqual([{ note: 'mine', edit: 1, reason: 'why' }, { note: 'mine', edit: 2, reason: 'why' }])
    expect(dialog.emitted('done')).toHaveLength(1)
  })
})
