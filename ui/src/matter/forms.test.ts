import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { createMemoryHistory, createRouter } from 'vue-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MatterDetail } from '@/api/matter'
import { get, post } from '@/lib/client'
import { renew } from '@/lib/events'
import { i18n } from '@/lib/i18n'
import LadderBox from './LadderBox.vue'
import MatterPage from './MatterPage.vue'
import MattersPage from './MattersPage.vue'
import MoveBar from './MoveBar.vue'

vi.mock('@/lib/client', async (original) => ({ ...(await original<typeof import('@/lib/client')>()), get: vi.fn(), post: vi.fn() }))
vi.mock('@/identity/session', async (original) => {
  const { ref } = await import('vue')
  return { ...(await original<typeof import('@/identity/session')>()), can: () => true, home: ref('330600') }
})
beforeEach(() => {
  vi.useFakeTimers()
  vi.mocked(post).mockReset().mockResolvedValue({})
  vi.mocked(get).mockReset()
})
enableAutoUnmount(afterEach)
afterEach(() => vi.useRealTimers())

const text = (s: string) => ({ zh: s, en: s })
const place = (code: string) => ({ code, name: text(code) })
const plan = { move: 'plan', name: text('报整改措施'), measures: true, reason: true, owner: false, due: false, evidence: false, way: false }

function matter(id: number, more: Partial<MatterDetail> = {}): MatterDetail {
  return {
    id, edit: 3, number: `2026-00000${id}`, title: text(`事项${id}`), kind: 'sweep', state: 'rectifying', live: true, severity: 0, origin: 'city', line: 'reservoir', division: place('330602'), keeper: place('330600'), detail: '',
    unit: { id: 'u', name: text('水利局') }, measures: `措施${id}`, found: '2026-06-01T00:00:00Z', opened: '2026-06-01T00:00:00Z', due: '2026-06-30', days_left: 5, item: '', basis: '', place: { words: '' }, step: '', reopened: 0, recurs: 0,
    events: [], evidence: [], links: [], escalations: [], defects: [], moves: [plan], may_attach: ['after'], needs_file: true, may_escalate: true,
    parts: [{ object: 9, name: text('水库九'), answer: '', note: '' }],
    ...more,
  } as unknown as MatterDetail
}

async function app(path: string, component: typeof MatterPage | typeof MattersPage) {
  const routes = [{ path: '/matters', component: MattersPage }, { path: '/matters/:id', component: MatterPage }, { path: '/:rest(.*)', component: { template: '<i />' } }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(path)
  const page = mount(component, { global: { plugins: [i18n, router] } })
  await flushPromises()
  return { page, router }
}

describe('the forms of a matter', () => {
  it('let go of what was typed when another matter comes', async () => {
    const bar = mount(MoveBar, { props: { matter: matter(1) }, global: { plugins: [i18n] } })
    await bar.find('.acts button').trigger('click')
    await bar.findAll('textarea')[1]?.setValue('只关乎事项一')
    await bar.setProps({ matter: matter(2) })
    expect(bar.find('form').exists()).toBe(false)
    await bar.find('.acts button').trigger('click')
    expect(bar.findAll('textarea').map((a) => a.element.value)).toEqual(['措施2', ''])
    await bar.find('form').trigger('submit')
    expect(vi.mocked(post).mock.calls[0]?.[0]).toBe('/api/matters/2/moves')
  })

  it('keep the words and the reading they rest on when somebody else moves the same matter', async () => {
    const bar = mount(MoveBar, { props: { matter: matter(1) }, global: { plugins: [i18n] } })
    await bar.find('.acts button').trigger('click')
    await bar.findAll('textarea')[1]?.setValue('写到一半')
    await bar.setProps({ matter: matter(1, { edit: 4, measures: '他人的措施' }) })
    expect(bar.findAll('textarea').map((a) => a.element.value)).toEqual(['措施1', '写到一半'])
    await bar.find('form').trigger('submit')
    expect(post).toHaveBeenCalledWith('/api/matters/1/moves', { move: 'plan', edit: 3, reason: '写到一半', measures: '措施1' })
  })

  it('are sent after a file or an answer was added beneath them, which changes nothing that they rest on', async () => {
    const bar = mount(MoveBar, { props: { matter: matter(1) }, global: { plugins: [i18n] } })
    await bar.find('.acts button').trigger('click')
    await bar.findAll('textarea')[1]?.setValue('写到一半')
    await bar.setProps({ matter: matter(1, { edit: 5, parts: [] }) })
    await bar.find('form').trigger('submit')
    expect(post).toHaveBeenCalledWith('/api/matters/1/moves', { move: 'plan', edit: 5, reason: '写到一半', measures: '措施1' })
  })

  it('of the whole page go with the matter: answers of a sweep and a proposal', async () => {
    vi.mocked(get).mockImplementation(async (path: string) => matter(Number(path.split('/').pop())))
    const { page, router } = await app('/matters/1', MatterPage)
    const note = () => page.find<HTMLInputElement>('.answer input')
    const why = () => page.find<HTMLInputElement>('.grow')
    await note().setValue('一号的情况')
    await why().setValue('一号的理由')
    renew() // somebody else's move: the page is read again, and what is typed stays
    await vi.advanceTimersByTimeAsync(500)
    expect([note().element.value, why().element.value]).toEqual(['一号的情况', '一号的理由'])
    await router.push('/matters/2')
    await flushPromises()
    expect(page.text()).toContain('事项2')
    expect([note().element.value, why().element.value]).toEqual(['', ''])
  })
})

it('proposes the step after the furthest one, and none while one waits for its decision', async () => {
  const escalation = (state: string) => ({ id: state, edit: 1, state, step: 'remind', unit_name: text('水利局'), reason: 'r', proposed_at: '2026-06-01T00:00:00Z', proposed_by: 'a', reply_due: '2026-06-10T16:00:00Z', matters: [1] })
  const box = mount(LadderBox, { props: { matter: matter(1, { step: 'notice', escalations: [escalation('replied')] } as unknown as Partial<MatterDetail>) }, global: { plugins: [i18n] } })
  expect(box.find('select').element.value).toBe('talk')
  await box.setProps({ matter: matter(1, { step: 'notice', escalations: [escalation('proposed')] } as unknown as Partial<MatterDetail>) })
  expect(box.find('form').exists()).toBe(false)
})

it('ticks in the list stay when somebody else moves a matter, and go with another question', async () => {
  let reads = 0
  vi.mocked(get).mockImplementation(async (path: string) => {
    if (path.endsWith('/groups')) return { groups: [], total: { keys: [], count: 2, live: 2, overdue: 0, closed: 0 } }
    reads++
    return { items: [matter(1, { edit: 3 + reads }), matter(2)], total: 2 }
  })
  const { page, router } = await app('/matters', MattersPage)
  const ticks = () => page.findAll<HTMLInputElement>('tbody input[type=checkbox]').map((b) => b.element.checked)
  await page.findAll('tbody input[type=checkbox]')[1]?.trigger('change')
  expect(ticks()).toEqual([false, true])
  const before = reads
  renew()
  await vi.advanceTimersByTimeAsync(500)
  expect(reads).toBeGreaterThan(before)
  expect(ticks()).toEqual([false, true])
  await router.push('/matters?state=rectifying')
  await flushPromises()
  expect(ticks()).toEqual([false, false])
})
