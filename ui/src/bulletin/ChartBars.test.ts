import { mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { expect, it } from 'vitest'
import ChartBars from './ChartBars.vue'

const i18n = createI18n({ legacy: false, locale: 'zh', messages: { zh: { bulletin: { figure: { absent: { unreported: '未报' } } } } } })

function bars(values: (number | null)[], absent?: string): string[] {
  const chart = { caption: '', alt: '', unit: 'm', decimals: 2, bars: values.map((value, i) => ({ name: '平水江水库', value, figure: String(i), absent })) }
  const w = mount(ChartBars, { props: { chart, chosen: '' }, global: { plugins: [i18n] } })
  return w.findAll('li').map((li) => `${li.find('.bar').exists() ? li.find('.bar').attributes('style') : ''}|${li.find('.value').text()}`)
}

it('draws what is below zero to the left of it', () => {
  expect(bars([0.5, -0.5])).toEqual(['left: 50%; width: 50%;|0.50', 'left: 0%; width: 50%;|−0.50'])
  expect(bars([-1, -4])).toEqual(['left: 75%; width: 25%;|−1.00', 'left: 0%; width: 100%;|−4.00'])
})

it('tells why there is no bar', () => {
  expect(bars([null], '—')).toEqual(['|—'])
  expect(bars([null])).toEqual(['|未报'])
})
