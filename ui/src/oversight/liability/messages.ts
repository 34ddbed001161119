import { words } from '@/lib/words'

export default words({
  zh: {
    liable: {
      title: '责任追究', by: '列出方式', byUnit: '按单位', byObject: '按对象', from: '发现日期自', to: '至', anyMeasure: '全部措施', atLeast: '{name}及以上', ofUnit: '仅限：{name}',
      unit: '责任单位', object: '对象', noObject: '未涉及具体对象', county: '地区', objects: '对象数', findings: '问题', ungraded: '未定级', disputed: '有异议', grounds: '所达档次', measure: '对单位', direct: '直接责任人', leading: '领导责任人',
      score: '{n} 分（{band}）', band: '{n} 分起', worstBand: '低于各档', tier: '{severity}及以上 ≥ {n} 项', noGrounds: '未达到任何档次', grades: { s1: '一般', s2: '较重', s3: '严重', s4: '特别严重' }, silent: '规则未作规定', nobody: '未登记人员',
      measures: { none: '不追究', order: '责令整改', talk: '约谈', circular: '情况通报', stop: '停工整改', sanction: '建议处分' },
      reached: '{n} 个单位达到追究档次', none: '没有单位达到追究档次', heaviest: '最重：{unit} · {measure}', waits: '{n} 项有异议，未计入', all: '{n} 项问题，{m} 个对象', first: '只列最重的 {n} 个对象，共 {m} 个',
      empty: '没有可追究的问题', emptyHint: '这一期间没有发现问题，或问题均被撤销、异议未决。',
      sample: '示例', sampleHint: '追究档次为示例，待替换为正式办法', basis: '依据：{text}',
      noteRule: '按规则计算，供决定时参考；是否追究由有权机关决定。', noteWorst: '同一对象按各检查表分别计分，取最重的结果；单位取其各对象中最重的结果。', noteDisputed: '撤销的问题不计；异议未决的单列，不计入。', notePerson: '直接责任人为问题记录的责任人，领导责任人为单位首位职务的在任者。',
    },
  },
  en: {
    liable: {
      title: 'Liability', by: 'Listed', byUnit: 'By unit', byObject: 'By object', from: 'Found from', to: 'to', anyMeasure: 'Every measure', atLeast: '{name} or heavier', ofUnit: 'Only: {name}',
      unit: 'Unit', object: 'Object', noObject: 'at no object', county: 'County', objects: 'Objects', findings: 'Problems', ungraded: 'Not graded', disputed: 'Disputed', grounds: 'Reached', measure: 'For the unit', direct: 'Direct person', leading: 'Leading person',
      score: '{n} ({band})', band: 'band from {n}', worstBand: 'below every band', tier: '≥ {n} {severity} or heavier', noGrounds: 'reaches nothing', grades: { s1: 'General', s2: 'Heavier', s3: 'Serious', s4: 'Grave' }, silent: 'the rules say nothing', nobody: 'nobody on record',
      measures: { none: 'none', order: 'order to mend', talk: 'formal talk', circular: 'circular', stop: 'work stopped', sanction: 'sanction proposed' },
      reached: '{n} unit reaches a measure | {n} units reach a measure', none: 'no unit reaches a measure', heaviest: 'heaviest: {unit} · {measure}', waits: '{n} disputed, not counted', all: 'problems: {n}, objects: {m}', first: 'only the {n} heaviest objects of {m}',
      empty: 'No problem to answer for', emptyHint: 'Nothing was found in this period, or it was dismissed or is disputed.',
      sample: 'sample', sampleHint: 'The bands are a sample and wait for the real ones', basis: 'Basis: {text}',
      noteRule: 'Worked out by the rules, for whoever decides; a person with the power to do so decides.', noteWorst: 'Each checklist scores an object on its own and the worst result counts; a unit has the heaviest result of its objects.', noteDisputed: 'What was dismissed does not count; what is disputed stands apart and is not counted yet.', notePerson: 'The direct person is named by the problem, the leading person holds the first post of the unit.',
    },
  },
})
