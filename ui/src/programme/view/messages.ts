import { words } from '@/lib/words'

export default words({
  zh: {
    view: {
      cockpit: {
        title: '驾驶舱', reported: '{n}/{m} 份报表已报', silent: '{n} 份报表到期未报', lagging: '{n} 个地区有滞后', lagRows: '{n} 项滞后', missed: '{n} 项时限已过',
        dueSoon: '30 天内到期 {n} 项', pending: '{n} 份待审', allFine: '没有滞后，没有未报', nothingDue: '本期尚无应报的报表',
        due: '临期与逾期', silentList: '到期未报', lagList: '滞后排序', matrix: '各项工作 × 各地', line: '业务线', allLines: '全部业务线',
        noDue: '30 天内没有到期事项', noDueHint: '时限由指标包规定，见“时限日历”。', noSilent: '应报的都已报送', noSilentHint: '到期未报的报表会列在这里。',
        noLag: '没有滞后', noLagHint: '完成率低于序时进度的地区会列在这里，差距大的在前。',
        noRows: '还没有指标', noRowsHint: '管理员装载指标包后，这里列出各项工作的进度。',
        measure: '工作 · 目标', total: '合计', trend: '近 12 月', more: '全部 {n} 项', less: '收起',
        late: '迟 {n} 天', reminded: '已催 {n} 次', notReminded: '未催', metOf: '{n}/{m} 地区完成', legend: '竖线为序时进度；百分数为完成率，其后为与序时的差（百分点）',
        openReturn: '看这份报表', openReturns: '看本期报表', openIndicator: '看这项指标', openRanking: '看排名', history: '数据沿革', by: '截止 {day}',
      },
      figures: {
        revision: '修订', value: '数值', status: '状态', from: '自', until: '至', inForce: '现行', accepted: '已接收', pending: '待审核',
        none: '还没有报送过这个数', noneHint: '报表提交后，每一次修改都留在这里。', denominator: '分母', numerator: '分子',
        cumulated: '自起始累计', reportedOf: '下级报送', corrected: '更正后', amount: '目标值', returns: '本期报表',
      },
      ranking: {
        title: '排名', measure: '指标与目标', by: '按', completion: '完成率', value: '数值', growth: '同比', gap: '序时差', peers: '排名范围',
        allCounties: '全部地区', state: '{peers}：{n}/{m} 已报', first: '第一：{name}', last: '末位：{name}', lagging: '{n} 个滞后', unreported: '未报：{names}',
        against: '升降与{period}相比', map: '各地对比', none: '没有可排名的地区', noneHint: '本级之下有地区报送此指标后，这里给出名次。',
      },
      indicator: {
        title: '指标', plan: '目标进度', thisYear: '本年', lastYear: '去年同期', series: '逐月进展', small: '各地逐月', table: '各地数据', map: '各地对比',
        definition: '指标说明', formula: '计算式', source: '填报单位', reader: '使用单位', cadence: '填报周期', kind: '数据性质', pack: '指标包', version: '第 {n} 版',
        unit: '计量单位', basis: '依据', code: '代码', target: '目标', ratio: '分子 / 分母', better: '方向', aliases: '常见表头', history: '数据沿革', historyOf: '数据沿革 · {name}',
        stateNone: '{period}没有数据', state: '{period} {value}', noAim: '未设目标', fill: '目标值待录入', division: '地区', rank: '看排名',
      },
      kind: { cumulative: '年初累计', period: '当期', stock: '时点' },
      better: { more: '越大越好', less: '越小越好', neither: '不论大小' },
      cadence: { month: '月报', quarter: '季报', half: '半年报', year: '年报' },
      level: { province: '省', city: '市', county: '县' },
      deadlines: {
        title: '时限日历', missed: '{n} 项已过期未完成', soon: '30 天内到期 {n} 项', met: '{n} 项已完成', open: '{n} 项未到期', unknown: '{n} 项无法判断',
        none: '本年没有时限', noneHint: '时限由指标包规定，按年度展开。', state: '状态', deadline: '事项', due: '时限', metOf: '完成地区',
        states: { met: '完成', open: '未到期', missed: '逾期', unknown: '无数据' }, strip: '全年分布', count: '{n} 项', detail: '分项目标', whole: '全部状态', why: '无目标值或无数据，不能判断',
      },
      catalogue: {
        title: '指标目录', state: '{p} 个指标包，{i} 项指标，{t} 项目标，{d} 项时限', programme: '工作', indicator: '指标', unit: '单位', kind: '性质', office: '填报单位',
        targets: '目标', cadence: '周期', form: '由', formula: '计算得出', ratio: '率', filed: '填报', allProgrammes: '全部工作', headline: '主要指标', level: '层级',
      },
    },
  },
  en: {
    view: {
      cockpit: {
        title: 'Cockpit', reported: '{n} of {m} returns filed', silent: '{n} return due and not filed | {n} returns due and not filed', lagging: '{n} division lags | {n} divisions lag', lagRows: '{n} measure lags | {n} measures lag', missed: '{n} deadline missed | {n} deadlines missed',
        dueSoon: '{n} due within 30 days', pending: '{n} awaits review | {n} await review', allFine: 'nothing lags, nobody is silent', nothingDue: 'no return is due for this period yet',
        due: 'Due and missed', silentList: 'Due and not filed', lagList: 'Behind the calendar', matrix: 'Programmes × divisions', line: 'Line of work', allLines: 'All lines of work',
        noDue: 'Nothing is due within 30 days', noDueHint: 'Deadlines are stated by the packs; see the deadline calendar.', noSilent: 'All that is due has been filed', noSilentHint: 'Returns that are due and not filed stand here.',
        noLag: 'Nothing lags', noLagHint: 'Divisions behind the calendar stand here, the widest gap first.',
        noRows: 'No indicators yet', noRowsHint: 'Once an administrator has loaded a pack, the progress of its programme stands here.',
        measure: 'Work · target', total: 'Total', trend: '12 months', more: 'All {n}', less: 'Fewer',
        late: '{n} d late', reminded: 'reminded {n}×', notReminded: 'not reminded', metOf: '{n}/{m} met', legend: 'The upright mark is the calendar; completion in percent, then the gap to the calendar in percentage points',
        openReturn: 'See the return', openReturns: 'Returns of this period', openIndicator: 'See the indicator', openRanking: 'See the ranking', history: 'History of the figure', by: 'by {day}',
      },
      figures: {
        revision: 'Revision', value: 'Value', status: 'Status', from: 'From', until: 'Until', inForce: 'in force', accepted: 'accepted', pending: 'awaits review',
        none: 'This figure was never filed', noneHint: 'Once a return is submitted, every change stays here.', denominator: 'Denominator', numerator: 'Numerator',
        cumulated: 'Cumulated since the start', reportedOf: 'Reported below', corrected: 'corrected', amount: 'Target amount', returns: 'Returns of the period',
      },
      ranking: {
        title: 'Ranking', measure: 'Indicator and target', by: 'By', completion: 'Completion', value: 'Value', growth: 'On last year', gap: 'Gap', peers: 'Peers',
        allCounties: 'All divisions', state: '{peers}: {n} of {m} reported', first: 'first: {name}', last: 'last: {name}', lagging: '{n} lags | {n} lag', unreported: 'not reported: {names}',
        against: 'movement against {period}', map: 'Divisions compared', none: 'No divisions to rank', noneHint: 'Once divisions below file this indicator, their ranks stand here.',
      },
      indicator: {
        title: 'Indicator', plan: 'Target curve', thisYear: 'This year', lastYear: 'Last year', series: 'Month by month', small: 'Each division by month', table: 'Figures by division', map: 'Divisions compared',
        definition: 'Definition', formula: 'Formula', source: 'Source office', reader: 'Read by', cadence: 'Cadence', kind: 'Kind', pack: 'Pack', version: 'version {n}',
        unit: 'Unit', basis: 'Basis', code: 'Code', target: 'Target', ratio: 'Numerator / denominator', better: 'Direction', aliases: 'Usual headings', history: 'History of the figure', historyOf: 'History of the figure · {name}',
        stateNone: 'no figure for {period}', state: '{period} {value}', noAim: 'no target', fill: 'target amount not entered yet', division: 'Division', rank: 'See the ranking',
      },
      kind: { cumulative: 'since January', period: 'of the period', stock: 'at the date' },
      better: { more: 'more is better', less: 'less is better', neither: 'neither' },
      cadence: { month: 'monthly', quarter: 'quarterly', half: 'half-yearly', year: 'yearly' },
      level: { province: 'province', city: 'city', county: 'county' },
      deadlines: {
        title: 'Deadlines', missed: '{n} missed', soon: '{n} due within 30 days', met: '{n} met', open: '{n} not due yet', unknown: '{n} cannot be told',
        none: 'No deadlines this year', noneHint: 'Deadlines are stated by the packs and laid out for each year.', state: 'State', deadline: 'Deadline', due: 'Due', metOf: 'Met by',
        states: { met: 'met', open: 'open', missed: 'missed', unknown: 'unknown' }, strip: 'The year', count: '{n} deadline | {n} deadlines', detail: 'Targets', whole: 'All states', why: 'No target amount or no figure: cannot be told',
      },
      catalogue: {
        title: 'Indicators', state: '{p} packs, {i} indicators, {t} targets, {d} deadlines', programme: 'Programme', indicator: 'Indicator', unit: 'Unit', kind: 'Kind', office: 'Source office',
        targets: 'Targets', cadence: 'Cadence', form: 'Formed', formula: 'computed', ratio: 'rate', filed: 'filed', allProgrammes: 'All programmes', headline: 'headline', level: 'Level',
      },
    },
  },
})
