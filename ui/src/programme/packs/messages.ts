import { words } from '@/lib/words'

export default words({
  zh: {
    packs: {
      title: '指标包', tabs: '指标包的各部分', code: '代码', name: '名称', state: '状态', version: '版本', versionN: '第 {n} 版', versions: '历次版本', at: '生效时间', by: '维护人', checksum: '校验值', inForce: '现行', item: '对象', field: '项目', before: '原', after: '现', changes: '改动',
      zh: '中文', en: '英文', true: '是', false: '否', more: '更多', every: '全部', changedOnly: '有改动的', wrongOnly: '有误的', source: 'YAML 文本', sourceHint: '与各表同步；注释不保留', fromFile: '读入文件', toFile: '存为文件',
      parts: { indicators: '指标', forms: '报表', targets: '目标', deadlines: '时限', peers: '排名范围', head: '基本信息', source: 'YAML', versions: '版本' },
      new: { indicators: '新增指标', forms: '新增报表', targets: '新增目标', deadlines: '新增时限', peers: '新增排名范围' },
      none: { indicators: '还没有指标', forms: '还没有报表：指标由报表填报', targets: '还没有目标', deadlines: '还没有时限', peers: '还没有排名范围' },
      what: { added: '新增', removed: '删除', changed: '修改' },
      wrongN: '{n} 处有误', changesN: '{n} 处改动', breakingN: '{n} 处影响历史数据', breaking: '影响历史', breakingHint: '有改动会使历史数据无法照原样解读。旧版本仍保留，往期视图按当时的版本；确有必要时，输入包的代码确认。',
      checking: '正在核对…', unsaved: '未保存', standing: '现行第 {n} 版，{by} {at}', draftsN: '{n} 个指标包有未保存的修改', begun: '新指标包 {id} 未保存', countN: '{n} 个指标包现行',
      done: '完成', save: '保存', discard: '放弃修改', saveTitle: '保存为第 {n} 版', saveHint: '保存后即时生效：填报、检查、汇总与驾驶舱按新版本。以前的版本保留，可再取用。', putIntoForce: '生效', noChanges: '没有改动',
      stale: '{by} 已于 {at} 保存了第 {n} 版，您的修改尚未保存。', join: '把我的修改合并上去', takeTheirs: '放弃我的修改', clashed: '以下各处双方都改过，暂以您的为准，请核对：',
      mendText: 'YAML 文本有误，改正后才能用表单。', revert: '撤销此条修改', remove: '删除', removeTitle: '删除 {name}', removeIndicator: '删除后不再填报，已报数据保留；引用它的公式、目标会提示有误。保存前可放弃。', removeHint: '引用它的地方会提示有误。保存前可放弃。',
      first: '第一版，没有可比较的。', against: '与第 {n} 版相比', takeUp: '以此版本为草稿', newPack: '新建指标包', begin: '开始编写', takenId: '此代码已有指标包', newLine: '新的业务线（与代码同名）', noPacks: '还没有指标包', noPacksHint: '指标包规定填什么、谁填、何时报、按什么目标评判。',
      unknown: '没有这一项', up: '上移 {code}', down: '下移 {code}', take: '移除 {code}', addTo: '添加：{name}', addStage: '增加阶段', sameUnit: '同计量单位', noForms: '本包还没有报表，请先新增报表。',
      shapes: { value: '填报一个数', ratio: '填报分子分母', formula: '公式计算', stage: '选择阶段' },
      choices: {
        rollup: { sum: '合计', none: '不汇总', max: '取最大', min: '取最小' }, judge: { completion: '完成率（累计 / 目标）', threshold: '达到数值', growth: '同比增幅', rate: '完成率达到比例' },
        curve: { linear: '按月均匀（序时）', month: '按月计划', at_due: '到期一次' },
      },
      fields: {
        code: '代码', id: '代码', name: '名称', title: '标题', line: '业务线', basis: '依据', order: '顺序', shape: '取数方式', unit: '计量单位', show: '显示单位', decimals: '小数位', kind: '数据性质', better: '方向', rollup: '汇总方式', level: '填报层级', cadence: '周期',
        forms: '由哪些报表填报', definition: '指标说明', office: '填报单位', reader: '使用单位', counted: '台账来源', headline: '主要指标（驾驶舱首列）', min: '合理下限', max: '合理上限', jump: '突变阈值（%）', parts: '分项指标', aliases: '来表常见表头', covers: '对应文件条目',
        due_day: '次月截止日', review_days: '审核天数', lines: '填报指标', indicator: '指标', issuer: '下达层级', judge: '评判方式', of: '所依目标', due: '期限', curve: '进度要求', split: '分解到下级', tolerance: '容许落后（个百分点）', serious: '严重滞后（个百分点）',
        fixed: '规则写明的数值', since: '累计起算（前推年数）', targets: '目标', remind: '提前提醒（天）', functional: '含功能区', except: '不参加的地区', numerator: '分子', denominator: '分母', countedIn: '分子分母的单位', may_exceed: '可超过 100%', formula: '公式',
        stageValue: '阶段值', stage: '阶段 {n}', ratio: '分子分母', options: '阶段', targets_headline: '驾驶舱显示此目标', peers_level: '层级', targets_aliases: '来表目标列表头',
      },
      hints: {
        code: '小写字母、数字、下划线，以点分隔，如 river.km；保存后不再改，历史数据以它为准', formula: '如 numerator(a.b) / denominator(a.b) * 100；语法见 docs/formulas.md', min: '超出时提示核对', jump: '较上期变动超过此比例须说明', due: '月-日，如 06-30；次年写 +1 06-30', lines: '首个列出指标的报表为其数据来源，其余为核对副本',
        serious: '0 表示按 10 个百分点', fixed: '目标值一般按年度、地区录入；仅当规则本身写明时填此处', since: '三年行动填 2', aliases: '每行一个', covers: '每行一个', remind: '如 30, 7, 1', packId: '小写字母、数字和连字符，如 rural-water', unit: '数据以此单位保存',
      },
    },
  },
  en: {
    packs: {
      title: 'Packs', tabs: 'The parts of a pack', code: 'Code', name: 'Name', state: 'State', version: 'Version', versionN: 'Version {n}', versions: 'Versions', at: 'In force since', by: 'Saved by', checksum: 'Checksum', inForce: 'in force', item: 'Item', field: 'Field', before: 'Before', after: 'After', changes: 'Changes',
      zh: 'Chinese', en: 'English', true: 'yes', false: 'no', more: 'More', every: 'All', changedOnly: 'Changed', wrongOnly: 'With mistakes', source: 'YAML', sourceHint: 'The same as the lists; comments are not kept', fromFile: 'From a file', toFile: 'To a file',
      parts: { indicators: 'Indicators', forms: 'Returns', targets: 'Targets', deadlines: 'Deadlines', peers: 'Peer sets', head: 'About', source: 'YAML', versions: 'Versions' },
      new: { indicators: 'New indicator', forms: 'New return', targets: 'New target', deadlines: 'New deadline', peers: 'New peer set' },
      none: { indicators: 'No indicators yet', forms: 'No returns yet: indicators are filed in returns', targets: 'No targets yet', deadlines: 'No deadlines yet', peers: 'No peer sets yet' },
      what: { added: 'added', removed: 'removed', changed: 'changed' },
      wrongN: '{n} mistake | {n} mistakes', changesN: '{n} change | {n} changes', breakingN: '{n} touches past figures | {n} touch past figures', breaking: 'past figures', breakingHint: 'Past figures could no longer be read as they were. Old versions stay, and a view of a past day uses the version of that day; if it must be, type the pack’s code to confirm.',
      checking: 'Checking…', unsaved: 'not saved', standing: 'Version {n} in force, {by} {at}', draftsN: '{n} pack has changes that are not saved | {n} packs have changes that are not saved', begun: 'The new pack {id} is not saved', countN: '{n} packs in force',
      done: 'Done', save: 'Save', discard: 'Discard', saveTitle: 'Save as version {n}', saveHint: 'It takes effect at once: filing, checks, sums and cockpit follow the new version. Earlier versions stay and can be taken up again.', putIntoForce: 'Put into force', noChanges: 'Nothing changes',
      stale: '{by} saved version {n} on {at}; your changes are not saved yet.', join: 'Put my changes upon it', takeTheirs: 'Discard my changes', clashed: 'Both of you changed these; yours stand for now, please look at them:',
      mendText: 'The YAML cannot be read; once it can, the forms open again.', revert: 'Undo the changes here', remove: 'Remove', removeTitle: 'Remove {name}', removeIndicator: 'It is filed no more and its figures stay; formulas and targets that name it are then marked. Until you save it can be undone.', removeHint: 'What names it is then marked. Until you save it can be undone.',
      first: 'The first version; there is nothing to compare it with.', against: 'Against version {n}', takeUp: 'Take up as a draft', newPack: 'New pack', begin: 'Begin', takenId: 'There is a pack of this code', newLine: 'a new line of work, named like the code', noPacks: 'No packs yet', noPacksHint: 'A pack says what is filed, by whom, until when, and by which targets it is judged.',
      unknown: 'there is no such item', up: 'Move {code} up', down: 'Move {code} down', take: 'Take {code} away', addTo: 'Add: {name}', addStage: 'Add a stage', sameUnit: 'as kept', noForms: 'The pack has no returns yet; add one first.',
      shapes: { value: 'one value', ratio: 'two amounts', formula: 'computed', stage: 'a stage' },
      choices: {
        rollup: { sum: 'sum', none: 'not rolled up', max: 'largest', min: 'smallest' }, judge: { completion: 'completion (figure over target)', threshold: 'reaches the amount', growth: 'growth on last year', rate: 'completion reaches a rate' },
        curve: { linear: 'even over the months', month: 'monthly plan', at_due: 'all at the due date' },
      },
      fields: {
        code: 'Code', id: 'Code', name: 'Name', title: 'Title', line: 'Line of work', basis: 'Basis', order: 'Order', shape: 'Comes from', unit: 'Unit', show: 'Shown in', decimals: 'Decimals', kind: 'Kind', better: 'Better', rollup: 'Rolled up by', level: 'Filed by', cadence: 'Cadence',
        forms: 'Filed in', definition: 'Definition', office: 'Source office', reader: 'Reader', counted: 'Counted by', headline: 'Headline (first in the cockpit)', min: 'Plausible from', max: 'Plausible to', jump: 'Jump (%)', parts: 'Parts', aliases: 'Headings it is sent under', covers: 'Rows of the document',
        due_day: 'Due on day', review_days: 'Days to review', lines: 'Indicators', indicator: 'Indicator', issuer: 'Set by', judge: 'Judged by', of: 'Of target', due: 'Due', curve: 'Calendar', split: 'Split to the divisions below', tolerance: 'Tolerance (pp)', serious: 'Serious lag (pp)',
        fixed: 'Amount stated by the rule', since: 'Years cumulated before', targets: 'Targets', remind: 'Remind before (days)', functional: 'With functional areas', except: 'Left out', numerator: 'Numerator', denominator: 'Denominator', countedIn: 'Unit of both', may_exceed: 'May exceed 100 %', formula: 'Formula',
        stageValue: 'Value of the stage', stage: 'Stage {n}', ratio: 'Ratio', options: 'Stages', targets_headline: 'Shown in the cockpit', peers_level: 'Level', targets_aliases: 'Headings of the target column',
      },
      hints: {
        code: 'lower case letters, digits and underscores with dots between, such as river.km; it stays once saved, since past figures are kept under it', formula: 'such as numerator(a.b) / denominator(a.b) * 100; see docs/formulas.md', min: 'beyond it the filer is asked', jump: 'a change above this against the last period asks for a note', due: 'month-day such as 06-30; +1 06-30 for the next year', lines: 'the first return to list an indicator owns its figure, others hold check copies',
        serious: '0 stands for 10 points', fixed: 'amounts are entered per year and division; only where the rule itself states one does it stand here', since: '2 for a three-year action', aliases: 'one a line', covers: 'one a line', remind: 'such as 30, 7, 1', packId: 'lower case letters, digits and hyphens, such as rural-water', unit: 'figures are kept in it',
      },
    },
  },
})
