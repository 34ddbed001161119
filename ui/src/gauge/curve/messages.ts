import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeCurve: {
      title: '库容曲线', none: '未设库容曲线：不能由水位推算蓄水量', level: '水位', storage: '库容', normal: '正常蓄水位', dead: '死水位', total: '总库容', surveyed: '测绘说明', points: '每行一点：水位（m） 库容（10⁶ m³），由低到高', set: '设定', edit: '修改', remove: '删除', save: '保存', badLine: '第 {n} 行有误', sure: '删除后，不再由水位推算此站的蓄水量。', count: '{n} 点', table: '各点',
    },
  },
  en: {
    gaugeCurve: {
      title: 'Level–storage curve', none: 'No curve: its level says nothing of the storage', level: 'Level', storage: 'Storage', normal: 'Normal level', dead: 'Dead level', total: 'Total storage', surveyed: 'Survey', points: 'A point a line: level (m), storage (10⁶ m³), from low to high', set: 'Set', edit: 'Change', remove: 'Remove', save: 'Save', badLine: 'Line {n} cannot be read', sure: 'Without it the storage is no longer told by the level of this station.', count: '{n} points', table: 'Points',
    },
  },
})
