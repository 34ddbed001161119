import { words } from '@/lib/words'

export default words({
  zh: {
    weigh: {
      title: '监督统计', line: '业务线', allLines: '全部业务线', from: '发现日期自', asOf: '截至', county: '地区', all: '合计', clear: '清除条件',
      compare: '四比', rank: '名次', total: '总分', sample: '示例', sampleHint: '计分公式为示例，待替换为正式办法', weight: '权重 {n}', basis: '依据：{text}', noRank: '“—”：{n} 个地区有分项无法计分（未检查工程、没有销号的问题等），不参加排名。', noFormula: '没有比较办法', noFormulaHint: '装入比较办法后，此处按“四比”排名。',
      measures: '各县指标', fraction: '{name}（分子/分母）', origins: '按发现层级', of: '地区', origin: '发现层级', found: '发现', closed: '销号', controlled: '管控措施落实', controlledHint: '管控措施落实不计为销号', open: '未销号', rate: '整改率',
      levels: { ministry: '部级', province: '省级', city: '市级', county: '县级', self: '自查' },
      stateOverdue: '{n} 项超过原时限未销号', stateRate: '整改率 {rate}（{n}/{m}）', stateNoRate: '没有可计算整改率的问题', stateFound: '发现问题 {n} 项', stateFirst: '第一：{name}', stateLast: '最后：{name}', statePast: '为 {day} 当日的数据',
      absent: { none: '没有发现问题', works: '没有检查过工程', closed: '还没有销号的问题', zero: '分母为零', part: '所用指标缺失，无法计分', total: '有分项无法计分，不排名' },
      noteRate: '比率为分子之和除以分母之和，不是各县比率的平均。', notePast: '选择以前的日期，显示的是当日已录入的数据；点开的清单按发现日期筛选，状态为目前状态。', noteControlled: '管控措施落实单列，不计为销号。', noteOverdue: '逾期按原时限计，延期不改变原时限；点开的清单用筛选“逾期（原时限）”，与此处同数；“逾期（现时限）”另计延期。', noteAbsent: '“—”为无法计算，鼠标停留可看原因。',
      whole: '分母所含的清单：', none: '没有可统计的地区',
    },
  },
  en: {
    weigh: {
      title: 'Statistics', line: 'Line', allLines: 'All lines', from: 'Found from', asOf: 'As of', county: 'County', all: 'All', clear: 'Clear',
      compare: 'Four comparisons', rank: 'Rank', total: 'Total', sample: 'sample', sampleHint: 'The formulas are a sample and wait for the real ones', weight: 'weight {n}', basis: 'Basis: {text}', noRank: 'A dash: {n} county has a part without a score (no works inspected, nothing closed yet, and the like) and holds no rank. | A dash: {n} counties have a part without a score (no works inspected, nothing closed yet, and the like) and hold no rank.', noFormula: 'No way of comparing', noFormulaHint: 'Once one is loaded, counties are ranked here.',
      measures: 'Measures by county', fraction: '{name} (n/m)', origins: 'By who found', of: 'County', origin: 'Found by', found: 'Found', closed: 'Closed', controlled: 'Under control', controlledHint: 'What is under control is not closed', open: 'Open', rate: 'Rectified',
      levels: { ministry: 'Ministry', province: 'Province', city: 'City', county: 'County', self: 'Self-check' },
      stateOverdue: '{n} past the first deadline', stateRate: '{rate} rectified ({n}/{m})', stateNoRate: 'nothing to form a rate of', stateFound: '{n} problems found', stateFirst: 'first: {name}', stateLast: 'last: {name}', statePast: 'as it stood on {day}',
      absent: { none: 'no problem was found', works: 'no works were inspected', closed: 'nothing was closed yet', zero: 'nothing to divide by', part: 'a measure that it needs is absent', total: 'a part has no score, so there is no rank' },
      noteRate: 'Rates are sums over sums, not means of the rates of counties.', notePast: 'A past day shows the figure as it was known then; the list behind a cell is cut by the day of finding, and shows the states of today.', noteControlled: 'What is under control stands apart and never counts as closed.', noteOverdue: 'Overdue goes by the deadline first given, which an extension leaves alone; the list behind it asks for “Past first deadline” and counts the same; “Overdue” alone counts extensions.', noteAbsent: 'A dash cannot be formed; the reason shows when pointed at.',
      whole: 'What it is a share of:', none: 'No counties to compare',
    },
  },
})
