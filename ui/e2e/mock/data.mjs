// Invented figures in the shapes of the API. They are nobody's.
const T = (zh, en) => ({ zh, en })
const D = (code, zh, en, short, level, more = {}) => ({ code, name: T(zh, en), short, level, functional: false, ...more })
export const city = D('330600', '绍兴市', 'Shaoxing', '绍兴', 'city', { parent: '330000' })
const counties = [
  D('330602', '越城区', 'Yuecheng', '越城', 'county'),
  D('330603', '柯桥区', 'Keqiao', '柯桥', 'county'),
  D('330604', '上虞区', 'Shangyu', '上虞', 'county'),
  D('330624', '新昌县', 'Xinchang', '新昌', 'county'),
  D('330681', '诸暨市', 'Zhuji', '诸暨', 'county'),
  D('330683', '嵊州市', 'Shengzhou', '嵊州', 'county'),
  D('3306F1', '滨海新城', 'Binhai New Area', '滨海新城', 'county', { functional: true }),
]
export const divisions = [D('330000', '浙江省', 'Zhejiang', '浙江', 'province'), city, ...counties.map((c) => ({ ...c, parent: '330600' }))]
const perms = ['own', 'division.read', 'registry.write', 'people.read', 'account.read', 'account.write', 'audit.read', 'pack.read', 'pack.write', 'figure.read', 'target.read', 'target.write', 'return.read', 'return.write', 'return.review', 'import.write', 'export', 'system']
export const me = {
  account: { id: '1', login: 'guihua', name: '规划计划处', division: '330600', must_change: false },
  permissions: perms.map((permission) => ({ permission, line: '*', division: '330600' })),
  roles: ['planner'],
  server: { version: '0.1.0', demo: true, now: '2026-06-09T00:40:00Z', today: '2026-06-09', map_note: { zh: '示意图，非行政区域界线画法依据；审图号：待补', en: 'Schematic; review number to come' }, city: '330600', flood_season: true },
}
const unit = (code, zh, en, dimension, factor) => ({ code, name: T(zh, en), dimension, factor })
const units = [
  unit('wan_yuan', '万元', 'CNY 10k', 'money', 10000), unit('yi_yuan', '亿元', 'CNY 100m', 'money', 100000000), unit('percent', '%', '%', 'percentage', 1),
  unit('wan_person', '万人', '10k people', 'people', 10000), unit('km', '公里', 'km', 'length', 1000), unit('reservoir', '座', 'structures', 'count', 1), unit('item', '项', 'items', 'count', 1), unit('one', '', '', 'pure', 1),
]
const M = (indicator, target, pack, zh, en, aimZh, aimEn, judge, u, show, decimals, ratio, due) => ({ indicator, target, pack, line: pack, name: T(zh, en), aim: T(aimZh, aimEn), judge, unit: u, show, decimals, ratio, kind: 'cumulative', better: 'more', due })
const groups = [
  ['investment', '水利投资', 'Water investment', [
    M('inv.construction', 'inv.construction.year', 'investment', '水利建设投资', 'Water construction investment', '年度投资计划', 'Annual investment plan', 'completion', 'wan_yuan', 'yi_yuan', 2, false, '2026-12-31'),
    M('inv.mgmt', 'inv.double', 'investment', '水利管理业投资', 'Investment in water management', '双增长', 'Double growth', 'growth', 'wan_yuan', 'yi_yuan', 2, false, '2026-12-31'),
    M('inv.coverage', '', 'investment', '应统尽统率', 'Projects entered in the statistics', '', '', '', 'percent', '', 1, true, null)]],
  ['rural', '农村饮用水达标提标', 'Rural drinking water', [
    M('rdw.pop_done', 'rdw.province', 'rural', '完成提标人口', 'People with improved supply', '省级任务', 'Task of the province', 'completion', 'wan_person', '', 2, false, '2026-06-30'),
    M('rdw.pop_done', 'rdw.city', 'rural', '完成提标人口', 'People with improved supply', '市级任务', 'Task of the city', 'completion', 'wan_person', '', 2, false, '2026-09-30'),
    M('rdw.collected_rate', 'rdw.fee', 'rural', '千人以上工程水费实收率', 'Fees collected, works above 1,000 people', '6 月底前收缴率达标', 'Collected rate by end of June', 'threshold', 'percent', '', 1, true, '2026-06-30')]],
  ['rivers', '美丽河湖', 'Rivers and lakes', [
    M('river.hard_km', 'river.km', 'rivers', '完成硬件指标河道', 'River length with hardware finished', '年度公里数', 'Kilometres of the year', 'completion', 'km', '', 1, false, '2026-11-30'),
    M('res.reinforce', 'res.year', 'rivers', '水库除险加固', 'Reservoirs reinforced', '年度任务', 'Task of the year', 'completion', 'reservoir', '', 0, false, '2026-12-31')]],
  ['supervision', '强监管', 'Supervision', [
    M('insp.rectify_rate', 'insp.all', 'supervision', '问题整改完成率', 'Problems mended', '全部销号', 'All closed', 'threshold', 'percent', '', 1, true, '2026-09-30')]],
]
let seed = 7
const rnd = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648)
const empty = { value: null, numerator: null, denominator: null, cumulated: null, plan: null, completion: null, calendar: null, gap: null, growth: null, grade: 'none', reported: 0, expected: 1, pending: 0 }
function cell(m, code, i) {
  if (i === 5 && m.pack === 'rural') return { ...empty, division: code, state: 'unreported' }
  if (i === 6 && m.pack === 'rivers') return { ...empty, division: code, state: 'blank', reported: 1 }
  if (m.ratio) {
    const den = 60 + Math.round(rnd() * 90)
    const num = Math.round(den * (0.7 + rnd() * 0.3))
    const value = (num / den) * 100
    const plan = m.target ? 95 : null
    return { ...empty, division: code, state: 'figure', value, numerator: num, denominator: den, plan, grade: plan && value >= plan ? 'done' : plan ? 'open' : 'none', reported: 1, trend: trend() }
  }
  const plan = m.judge === 'growth' ? 10 : Math.round(20000 + rnd() * 200000) / (m.unit === 'wan_yuan' ? 1 : 1000)
  const completion = 18 + rnd() * 55
  const calendar = m.target === 'rdw.province' ? 83.3 : m.target === 'rdw.city' ? 55.6 : 41.7
  const gap = completion - calendar
  const growth = rnd() * 40 - 10
  if (m.judge === 'growth') return { ...empty, division: code, state: 'figure', value: 43210, plan, growth, grade: growth >= 10 ? 'done' : 'open', reported: 1, trend: trend() }
  return { ...empty, division: code, state: 'figure', value: (plan * completion) / 100, cumulated: (plan * completion) / 100, plan, completion, calendar, gap, growth, grade: gap < -10 ? 'serious' : gap < 0 ? 'lag' : 'on_track', reported: 1, pending: i % 3 === 0 ? 1 : 0, trend: trend() }
}
const trend = () => { let v = 5; return Array.from({ length: 12 }, (_, i) => (i === 3 ? null : (v += rnd() * 6))) }
const standing = (q) => ({ scope: divisions.find((d) => d.code === q.scope) ?? city, period: q.period || '2026-05', as_of: '2026-06-09T00:40:00Z', past: Boolean(q.as_of) })
const rows = groups.map(([pack, zh, en, list]) => ({
  pack, title: T(zh, en), line: pack,
  rows: list.map((m) => {
    const cells = counties.map((c, i) => cell(m, c.code, i))
    return { ...m, total: { ...cell(m, '330600', 0), reported: m.pack === 'rural' ? 6 : 7, expected: 7 }, cells }
  }),
}))
const due = (id, zh, en, date, left, state, met) => ({
  id, title: T(zh, en), pack: 'rural', line: 'rural', due: date, days_left: left, state, met_count: met, count: 7,
  items: [{ measure: rows[1].rows[0], total: rows[1].rows[0].total, state, cells: rows[1].rows[0].cells, states: counties.map((_, i) => (i < met ? 'met' : state === 'met' ? 'met' : i === 5 ? 'unknown' : state)) }],
})
const allDue = [
  due('hydro.appraise', '小型水库安全鉴定一季度清零', 'Small reservoirs appraised, first quarter', '2026-03-31', -70, 'met', 7),
  due('fund.source', '上半年项目资金落实', 'Funds of the first half secured', '2026-05-31', -9, 'missed', 5),
  due('rdw.june', '省级提标任务完成，千人以上工程全部收费', 'Task of the province done; works above 1,000 people all charge', '2026-06-30', 21, 'open', 2),
  due('rdw.well', '古井普查完成', 'Old wells surveyed', '2026-06-30', 21, 'open', 4),
  due('plan.july', '超标准洪水防御预案编制、报批、演练', 'Plans for floods above standard: written, approved, drilled', '2026-07-31', 52, 'unknown', 0),
  due('hydro.rectify', '小水电清理整改全面完成', 'Small hydropower put right', '2026-09-30', 113, 'open', 1),
  due('river.nov', '美丽河湖建设各项任务完成', 'All tasks of beautiful rivers and lakes done', '2026-11-30', 174, 'open', 0),
  due('inv.dec', '年底双增长', 'Double growth at the end of the year', '2026-12-31', 205, 'open', 0),
]
const lagging = rows.flatMap((g) => g.rows.flatMap((r) => r.cells.map((c, i) => ({ measure: r, division: counties[i], cell: c })))).filter((x) => ['lag', 'serious'].includes(x.cell.grade)).sort((a, b) => a.cell.gap - b.cell.gap)
export const cockpit = (q) => ({
  ...standing(q), divisions: counties, groups: q.line ? rows.filter((g) => g.line === q.line) : rows,
  due: allDue.slice(1, 4), lagging,
  silent: [
    { form: 'rural.month', title: T('农村饮用水月报', 'Rural drinking water, monthly'), line: 'rural', division: counties[5], period: '2026-05', due_at: '2026-06-05T16:00:00Z', days_late: 4, reminders: 1, last_reminder: '2026-06-08T02:00:00Z', state: 'missing' },
    { form: 'rural.month', title: T('农村饮用水月报', 'Rural drinking water, monthly'), line: 'rural', division: counties[5], period: '2026-04', due_at: '2026-05-05T16:00:00Z', days_late: 35, reminders: 3, last_reminder: '2026-06-01T02:00:00Z', state: 'draft', return: 41 },
  ],
  counts: { expected: 49, reported: 47, pending: 6, lagging: 6, due_soon: 2, missed: 1 },
})
export const ranking = (q) => {
  const m = rows.flatMap((g) => g.rows).find((r) => r.target === q.target || r.indicator === q.indicator) ?? rows[0].rows[0]
  const by = q.by || (m.judge === 'completion' ? 'completion' : 'value')
  const sorted = m.cells.map((c, i) => ({ c, d: counties[i] })).sort((a, b) => (b.c[by] ?? -1e9) - (a.c[by] ?? -1e9))
  return {
    ...standing(q), measure: m, by, peers: '', peers_name: T('六县（市、区）及滨海新城', 'Six counties and Binhai'), previous: '2026-04',
    rows: sorted.map(({ c, d }, i) => ({ rank: c.value === null ? null : i === 2 ? 2 : i + 1, previous: i + 1, move: c.value === null ? null : [2, 0, -1, 1, 0, -2, 0][i], tied: i === 1 || i === 2, division: d, cell: c, growth_change: c.value === null ? null : rnd() * 6 - 3 })),
    reported: 7, expected: 7, total: m.total,
  }
}
export const deadlines = (q) => ({ ...standing(q), divisions: counties, rows: allDue })
export const indicator = (q, code) => {
  const all = rows.flatMap((g) => g.rows).filter((r) => r.indicator === code)
  const m = all.find((r) => r.target === q.target) ?? all[0] ?? rows[0].rows[0]
  const scale = m.ratio ? 1 : m.total.plan / 100
  const series = (d, k) => ({ division: d, points: Array.from({ length: 12 }, (_, i) => ({ period: `2026-${String(i + 1).padStart(2, '0')}`, value: i < 5 && !(k === 5 && i > 3) ? (m.ratio ? 80 + i * 2 + k : (i + 1) * (6 + k) * scale) : null, last_year: m.ratio ? 75 + i + k : (i + 1) * 7 * scale, plan: m.target ? (m.ratio ? 95 : (i + 1) * 8.33 * scale) : null, reported: 6, expected: 7, pending: i === 4 })) })
  return {
    ...standing(q), measure: m, definition: { code: m.indicator, name: m.name, unit: m.unit, show: m.show, decimals: m.decimals, ratio: m.ratio ? { numerator: { name: T('已完成', 'Done'), unit: 'item' }, denominator: { name: T('应完成', 'To do'), unit: 'item' } } : null, kind: 'cumulative', better: 'more', rollup: 'sum', level: 'county', cadence: 'month', office: T('项目法人 → 县规计科 → 市规划计划处', 'Legal person → county → city planning office'), reader: T('局领导、省厅', 'Bureau leaders, the province'), definition: T('自年初起所有水利工程建设完成的投资额，按项目逐月填报。', 'All construction spending on water projects since 1 January, filed by project each month.'), headline: true },
    pack_version: 3, targets: all.filter((r) => r.target), total: m.total, series: series(city, 1), divisions: counties.map((d, i) => series(d, i)), cells: m.cells.map((c, i) => ({ division: counties[i], cell: c })),
  }
}
export const history = [
  { revision: 2, value: 51234, denominator: null, accepted: false, from: '2026-06-06T03:20:00Z' },
  { revision: 1, value: 48700, denominator: null, accepted: true, from: '2026-06-04T09:02:00Z', until: '2026-06-06T03:20:00Z' },
]
export const returns = [
  { id: 12, form: 'investment.month', title: T('水利投资月报', 'Water investment, monthly'), pack: 'investment', line: 'investment', division: counties[0], period: '2026-05', version: 1, state: 'submitted', edit: 4, due_at: '2026-06-05T16:00:00Z', days_late: -1, filled: 9, lines: 9, reminders: 0 },
]
export const catalogue = {
  units,
  programmes: groups.map(([id, zh, en, list], i) => ({
    id, version: 1, title: T(zh, en), line: id, basis: T('市水利工作会议讲话', 'Speech at the city meeting on water work'), order: i + 1, peers: [],
    indicators: [...new Map(list.map((m) => [m.indicator, m])).values()].map((m) => ({ ...indicator({}, m.indicator).definition, headline: true })),
    forms: [{ id: `${id}.month`, title: T(`${zh}月报`, `${en}, monthly`), level: 'county', cadence: 'month', due_day: 5, review_days: 3, lines: list.map((m) => m.indicator) }],
    targets: list.filter((m) => m.target).map((m) => ({ id: m.target, name: m.aim, indicator: m.indicator, issuer: 'city', judge: m.judge, due: '12-31', curve: 'linear', split: true, tolerance: 0, serious: 10, headline: true })),
    deadlines: i === 1 ? allDue.map((d) => ({ id: d.id, title: d.title, due: d.due.slice(5), targets: [] })) : [],
  })),
}
// Seven rectangles in the rough places of the counties; no outline of anything.
const box = (d, x, y, w, h) => ({ type: 'Feature', properties: { code: d.code, name: d.name }, geometry: { type: 'Polygon', coordinates: [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]] } })
export const boundaries = {
  type: 'FeatureCollection', note: '示意图，轮廓经高度概括，非行政区域界线画法依据；审图号：待补',
  features: [box(counties[0], 120.5, 29.85, 0.25, 0.25), box(counties[1], 120.25, 29.8, 0.25, 0.35), box(counties[2], 120.75, 29.75, 0.3, 0.3), box(counties[3], 120.8, 29.2, 0.35, 0.25), box(counties[4], 120.0, 29.4, 0.35, 0.4), box(counties[5], 120.4, 29.4, 0.4, 0.35), box(counties[6], 120.6, 30.1, 0.3, 0.1)],
}
