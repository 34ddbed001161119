import { words } from '@/lib/words'

export default words({
  zh: {
    counted: {
      title: '台账核对', is: '台账数 {n}', same: '一致', differs: '与填报不一致', take: '采用', takeAll: '采用台账数（{n} 项未填）', filed: '填报', counted: '台账', indicator: '指标', source: '来源', search: '搜索指标',
      room: { ledger: '由台账逐项统计', supervision: '由监督检查统计', register: '由对象登记册统计' },
      only: '只看不一致', state: '{n} 个填报数与台账不一致', fine: '填报数与台账一致', day: '台账截至 {day}', notFiled: '未报', notCounted: '未计', none: '没有由台账统计的指标', noneHint: '在指标包中为指标写明台账来源（counted）后，台账数列在这里。',
      noDiffer: '没有不一致的数', division: '地区', cell: '{name}：填报 {filed}，台账 {counted}',
    },
  },
  en: {
    counted: {
      title: 'Ledger check', is: 'counted {n}', same: 'the same', differs: 'not what was typed', take: 'take it', takeAll: 'Take what is counted ({n} empty)', filed: 'filed', counted: 'counted', indicator: 'Indicator', source: 'Source', search: 'Search indicators',
      room: { ledger: 'Counted from a ledger, entry by entry', supervision: 'Counted from supervision', register: 'Counted from the register of objects' },
      only: 'Differing only', state: '{n} filed figures differ from what is counted', fine: 'What was filed is what is counted', day: 'counted as of {day}', notFiled: 'not filed', notCounted: 'not counted', none: 'No indicator is counted', noneHint: 'Give an indicator of a pack a source (counted), and its counts stand here.',
      noDiffer: 'No figure differs', division: 'Division', cell: '{name}: filed {filed}, counted {counted}',
    },
  },
})
