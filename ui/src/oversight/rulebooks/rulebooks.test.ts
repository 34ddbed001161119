import { mount } from '@vue/test-utils'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { RulebookCheck } from '@/api/oversight'
import { i18n } from '@/lib/i18n'
import CheckDialog from './CheckDialog.vue'

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = vi.fn()
})

const sound: RulebookCheck = {
  ok: true, fields: [], kind: 'checklist', id: 'duty', version: 2, base: 1, title: { zh: '值班抽查', en: 'Duty' },
  changes: [
    { place: 'days', what: 'changed', before: '{"general":3}', after: '{"general":5}', breaking: false, text: { zh: '', en: '' } },
    { place: 'sections.post.clauses.du.post.01', what: 'removed', breaking: true, text: { zh: '', en: '' } } as RulebookCheck['changes'][number],
  ],
}
const dialog = (check: RulebookCheck) => mount(CheckDialog, { props: { name: 'duty.yaml', check, busy: false, fault: null }, global: { plugins: [i18n] } })
const act = (check: RulebookCheck) => dialog(check).find('button[type=submit]').attributes('disabled')

describe('a file that is checked', () => {
  it('tells what it changes, and marks what breaks', () => {
    const words = dialog(sound).find('[data-changes]').text()
    for (const part of ['2 处改动', 'days', '{"general":3}', '{"general":5}', 'du.post.01', '影响比较', '删除']) expect(words).toContain(part)
    expect(dialog(sound).text()).toContain('第 2 版，将取代第 1 版')
    expect(act(sound)).toBeUndefined()
  })
  it('tells place and reason of a mistake and takes no effect', () => {
    const wrong = { ...sound, ok: false, fields: [{ place: 'duty.yaml days (line 15)', zh: '应为键值对', en: 'keys with values are expected' }] }
    expect(dialog(wrong).find('[data-wrong]').text()).toContain('duty.yaml days (line 15)应为键值对')
    expect(act(wrong)).toBeDefined()
  })
  it('has nothing to do where the version is kept already', () => {
    const same = { ...sound, version: 1, changes: [] }
    expect(dialog(same).text()).toContain('一字不差')
    expect(act(same)).toBeDefined()
  })
})
