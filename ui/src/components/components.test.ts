import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { i18n } from '@/lib/i18n'
import DataTable, { type Column } from './DataTable.vue'
import DeadlineTag from './DeadlineTag.vue'
import GradeTag from './GradeTag.vue'
import MatrixTable from './MatrixTable.vue'
import ProgressBar from './ProgressBar.vue'
import TrendSpark from './TrendSpark.vue'
import { classes } from './shade'

const global = { plugins: [i18n] }

describe('ProgressBar', () => {
  it('ends at 100 and keeps the mark inside', () => {
    const bar = mount(ProgressBar, { props: { value: 146, calendar: 100 } })
    expect(bar.find('.fill').attributes('width')).toBe('100')
    expect(Number(bar.find('.mark').attributes('x1'))).toBeLessThan(100)
  })
  it('draws no mark without a calendar', () => expect(mount(ProgressBar, { props: { value: 5 } }).find('.mark').exists()).toBe(false))
})

it('TrendSpark leaves a gap for a missing month', () => {
  const path = mount(TrendSpark, { props: { values: [1, 2, null, 4] } }).find('path').attributes('d') ?? ''
  expect(path.match(/M/g)).toHaveLength(2)
})

it('GradeTag gives colour only with a shape, and a word for those who hear', () => {
  expect(mount(GradeTag, { props: { grade: 'lag', bare: true }, global }).find('rect').exists()).toBe(true)
  expect(mount(GradeTag, { props: { grade: 'serious', bare: true }, global }).text()).toBe('严重滞后')
  expect(mount(GradeTag, { props: { grade: 'on_track', bare: true }, global }).text()).toBe('')
})

it('DeadlineTag counts days on both sides', () => {
  const words = (daysLeft: number, met = false) => mount(DeadlineTag, { props: { due: '2026-06-30', daysLeft, met }, global }).text()
  expect(words(3)).toContain('还有 3 天')
  expect(words(-5)).toContain('逾期 5 天')
  expect(words(0)).toContain('今天到期')
  expect(words(-5, true)).toContain('已完成')
})

interface Item { id: string; n: number | null }
const columns: Column<Item>[] = [
  { key: 'id', label: '名', text: (r) => r.id },
  { key: 'n', label: '数', text: (r) => String(r.n ?? '—'), value: (r) => r.n, sort: true, align: 'right' },
]

describe('DataTable', () => {
  const rows: Item[] = [{ id: 'a', n: 2 }, { id: 'b', n: null }, { id: 'c', n: 10 }]
  const table = () => mount(DataTable<Item>, { props: { title: 'T', columns, rows, rowKey: (r: Item) => r.id }, global })
  const order = (w: ReturnType<typeof table>) => w.findAll('tbody tr').map((r) => r.findAll('td')[0]?.text())
  it('sorts by figures with the absent last either way', async () => {
    const w = table()
    await w.find('.sort').trigger('click')
    expect(order(w)).toEqual(['a', 'c', 'b'])
    await w.find('.sort').trigger('click')
    expect(order(w)).toEqual(['c', 'a', 'b'])
    expect(w.find('th[aria-sort]').attributes('aria-sort')).toBe('descending')
  })
  it('draws three thousand rows a page at a time', async () => {
    const many: Item[] = Array.from({ length: 3000 }, (_, n) => ({ id: `r${n}`, n }))
    const w = mount(DataTable<Item>, { props: { title: 'T', columns, rows: many, rowKey: (r: Item) => r.id }, global })
    expect(w.findAll('tbody tr')).toHaveLength(200)
    await w.find('.more button').trigger('click')
    expect(w.findAll('tbody tr')).toHaveLength(400)
    expect(w.emitted('more')).toBeUndefined()
    await w.find('.sort').trigger('click')
    expect(w.findAll('tbody tr')).toHaveLength(200)
  })
  it('opens a row with Enter', async () => {
    const w = table()
    await w.find('tbody tr').trigger('keydown', { key: 'Enter' })
    expect(w.emitted('open')?.[0]).toEqual([rows[0]])
  })
  it('offers to clear a filter that leaves nothing', async () => {
    const w = mount(DataTable<Item>, { props: { title: 'T', columns, rows: [], rowKey: (r: Item) => r.id, filtered: true }, global })
    expect(w.text()).toContain('没有符合筛选条件的记录')
  })
})

it('MatrixTable moves by arrows and opens with Enter', async () => {
  const w = mount(MatrixTable, {
    props: { label: 'm', corner: 'c', groups: [{ key: 'g', title: 'G', rows: [{ key: 'r1' }, { key: 'r2' }] }], columns: [{ key: 'x', label: 'X' }, { key: 'y', label: 'Y' }] },
    attachTo: document.body,
  })
  const cells = w.findAll('td')
  await cells[0]?.trigger('keydown', { key: 'ArrowDown' })
  await cells[2]?.trigger('keydown', { key: 'ArrowRight' })
  expect(w.findAll('td').map((c) => c.attributes('tabindex'))).toEqual(['-1', '-1', '-1', '0'])
  await w.findAll('td')[3]?.trigger('keydown', { key: 'Enter' })
  expect(w.emitted('open')?.[0]).toEqual([{ key: 'r2' }, { key: 'y', label: 'Y' }])
  w.unmount()
})

describe('classes of a map', () => {
  const item = (value: number | null) => ({ code: '', name: '', value, text: '', grade: 'none' as const })
  it('are at most five and hold the least and the greatest', () => {
    const list = classes([19.5, 52, 33, null].map(item))
    expect(list.length).toBeLessThanOrEqual(5)
    expect(list[0]?.from).toBeLessThanOrEqual(19.5)
    expect(list.at(-1)?.from).toBeLessThanOrEqual(52)
  })
  it('are none without figures and one for one figure', () => {
    expect(classes([item(null)])).toEqual([])
    expect(classes([item(5), item(5)])).toHaveLength(1)
  })
})
