import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeEvent: {
      title: '超限与缺测事件', state: '状态', open: '未解除', falling: '回落中', ended: '已解除', retired: '阈值停用', revised: '审核后撤销', silent: '其后无来报', all: '全部', onlyOpen: '只看未解除', onlyEnded: '只看已解除',
      station: '测站', code: '站码', division: '地区', kind: '类别', every: '全部类别', limit: '限值', onset: '开始', peak: '最值', peakAt: '最值时间', clear: '解除', lasting: '历时', unit: '单位', curve: '过程线', from: '自', to: '至',
      kinds: { warning: '超警戒', guarantee: '超保证', flood_limit: '超汛限', rain: '雨量超限', no_data: '缺测' }, rainOf: '{w}雨量超限', minutes: '{n}分钟', hours: '{n}小时',
      standing: '{n} 个未解除', calm: '没有未解除的事件', empty: '还没有事件', emptyHint: '为测站设置阈值后，超限与缺测在此列出。', days: '{d} 天 {h} 小时', hm: '{h} 小时 {m} 分', m: '{m} 分',
    },
  },
  en: {
    gaugeEvent: {
      title: 'Exceedances and silences', state: 'State', open: 'open', falling: 'falling', ended: 'over', retired: 'threshold retired', revised: 'taken back after review', silent: 'nothing came after', all: 'All', onlyOpen: 'Only open', onlyEnded: 'Only over',
      station: 'Station', code: 'Code', division: 'Division', kind: 'Kind', every: 'Every kind', limit: 'Limit', onset: 'Onset', peak: 'Peak', peakAt: 'Peak at', clear: 'Cleared', lasting: 'Lasted', unit: 'Unit', curve: 'Curve', from: 'From', to: 'To',
      kinds: { warning: 'above warning level', guarantee: 'above guaranteed level', flood_limit: 'above flood limit', rain: 'rain above its limit', no_data: 'silent' }, rainOf: 'rain of {w} above its limit', minutes: '{n} min', hours: '{n} h',
      standing: '{n} open', calm: 'no event is open', empty: 'There is no event yet', emptyHint: 'Once a station has thresholds, what exceeds them and who falls silent is listed here.', days: '{d} d {h} h', hm: '{h} h {m} min', m: '{m} min',
    },
  },
})
