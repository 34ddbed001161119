import { words } from '@/lib/words'

export default words({
  zh: {
    file: {
      returns: {
        title: '报表', form: '报表', division: '地区', period: '报告期', state: '状态', due: '报送时限', late: '迟报', filled: '已填', reminders: '催报', submitted: '提交',
        by: '提交人', version: '版本', allForms: '全部报表', allLines: '全部业务线', line: '业务线', from: '自', to: '至', allStates: '全部',
        lateDays: '迟 {n} 天', leftDays: '还有 {n} 天', dueToday: '今天到期', onTime: '按时', missing: '{n} 份未报', returned: '{n} 份被退回待改', draft: '{n} 份草稿未提交',
        waiting: '{n} 份待审', done: '{n} 份已接收', allFiled: '应报的都已报送', none: '没有应报的报表', noneHint: '报表由指标包规定，按报告期自动列出。',
        chosen: '已选 {n} 份', chooseUnfiled: '选中未报的', unchoose: '取消选择', remind: '催报', pick: '选中 {name} {period}', locked: '锁定本期', opening: '正在打开…',
        lockTitle: '锁定 {period} 的报表', lockHint: '锁定后只能以更正方式修改。已接收的全部锁定，其余保持不变。', lockDone: '已锁定 {n} 份，{m} 份未到锁定条件', lockAct: '锁定',
        onlyUnfiled: '只能催报未报、草稿和被退回的报表。', ofLines: '{n}/{m} 项',
      },
      form: {
        indicator: '指标', unit: '单位', plan: '年度目标', last: '上期', now: '本期', check: '校核', note: '说明', copy: '核对', copyHint: '此数以另一张报表为准，这里只用于核对', formed: '由公式计算',
        facts: '本表', changed: '最后修改', reason: '理由', versions: '各版本', versionN: '第 {n} 版', history: '历史', noHistory: '尚无记录', hoursAfter: '{n} 小时后报送',
        errors: '{n} 处须改正后才能提交', asks: '{n} 处须说明', filled: '已填 {n}/{m} 项', readOnly: '只读', moved: '报表{state}', template: '下载填报模板', denominator: '分母', rate: '比率',
        keys: '回车、方向键移动；可从 Excel 复制一块直接粘贴；Esc 还原；没有此项填“{none}”，不适用填“{na}”，空白（{last}）为尚未填写。',
      },
      moves: {
        open: '开始填报', submit: '提交', withdraw: '撤回', review: '审核通过', accept: '接收', send_back: '退回', lock: '锁定', correct: '更正', why: '理由（必填，记入历史）',
      },
      save: {
        waiting: '尚未保存', saving: '正在保存…', saved: '已保存 {at}', partial: '有误的格未保存，其余已保存', retry: '未保存，将自动重试', now: '立即重试', conflict: '他人已修改，尚未保存', compare: '对照', refused: '未保存',
        leave: '还有内容没有保存。仍要离开吗？',
      },
      conflict: { title: '他人已修改以下内容', act: '按所选保存', hint: '两边的数都在这里，请逐项选定。点列名可全选一边。', mine: '我的', theirs: '对方已保存的' },
      blank: { none: '无', not_applicable: '不适用' },
      severity: { error: '须改正', ask: '须说明', hint: '提示' },
      problem: { number: '不是数', decimals: '最多 6 位小数', both: '既填了数又填了“无”', option: '不在可选项中', size: '数值过大' },
      paste: {
        taken: '已粘贴 {n} 格', undo: '撤销粘贴', noCell: '{name}：此处不填“{text}”', noOption: '{name}：没有“{text}”这一选项', rowsOver: '超出表尾的 {n} 行未粘贴', columnsOver: '超出右侧的 {n} 列未粘贴',
      },
      review: {
        title: '审核', waited: '已等待', days: '天', nothing: '没有待审的报表', hint: '各地提交后，报表列在这里，等得最久的在前。', toReview: '{n} 份待审核', toAccept: '{n} 份待接收', longest: '最长已等 {n} 天',
        moved: '{name}《{form}》{state}', noMove: '您不能审核此表：无权限，或由您本人提交。', clean: '校核无问题', change: '较上期', whole: '打开整表（{n} 项）', next: '下一份', before: '上一份', pass: '审核通过或接收',
      },
      targets: {
        title: '目标分解', target: '目标', year: '年度', lastYear: '上年任务', achieved: '上年完成', amount: '本年任务', growth: '较上年任务', share: '占比', document: '依据文件', setBy: '设定', sum: '各地合计', difference: '与总数相差',
        inside: '已含', insideHint: '其数已计入所在地区，合计时不重复计算', curve: '按月计划', by: '分解依据', byLastYear: '按上年任务', byAchieved: '按上年完成', split: '按比例分解', splitDone: '已按比例分解，尚未保存。',
        noWhole: '请先填写总任务。', noBasis: '上年无数据，无法按比例分解。', noSplit: '此目标不向下分解', unset: '{n} 个地区未定', changed: '{n} 处改动未保存', save: '保存', saved: '目标已保存', discard: '放弃改动',
        none: '没有可分解的目标', noneHint: '目标由指标包规定，装载后在此录入各年任务。',
        check: { unset: '尚未分解', equal: '各地合计与总任务一致', over: '加码：各地合计多出 {n}（{p}）', short: '各地合计还差 {n}（{p}）', partial: '{m} 个地区未定，还差 {n}（{p}）' },
      },
      curve: {
        month: '月份', nth: '{n} 月', cumulated: '累计计划', added: '当月', set: '已定', unset: '按时间', even: '按时间均分', fit: '按原形调整到年度任务', clear: '不设月度计划',
        none: '未设月度计划，按时间进度衡量。可逐月填写累计数，或整列粘贴。', hint: '自年初累计，逐月不减，12 月等于年度任务。',
        empty: '请填数', falls: '小于上月累计', end: '与年度任务不一致',
      },
      remind: {
        title: '催报 {n} 份报表', channel: '方式', text: '内容', act: '记录催报', sent: '已催报 {n} 份', hint: '已报送的自动略过。催报记入该报表的历史。',
        default: '贵单位报表尚未报送，请尽快填报。', more: '另有 {n} 份',
        channels: { in_app: '系统消息', phone: '电话', message: '短信', letter: '书面' },
      },
    },
  },
  en: {
    file: {
      returns: {
        title: 'Returns', form: 'Return', division: 'Division', period: 'Period', state: 'State', due: 'Due', late: 'Late', filled: 'Filled', reminders: 'Reminders', submitted: 'Submitted',
        by: 'Submitted by', version: 'Version', allForms: 'All returns', allLines: 'All lines of work', line: 'Line of work', from: 'from', to: 'to', allStates: 'All',
        lateDays: '{n} d late', leftDays: '{n} d left', dueToday: 'due today', onTime: 'on time', missing: '{n} not reported', returned: '{n} sent back to be mended', draft: '{n} drafts not submitted',
        waiting: '{n} await review', done: '{n} accepted', allFiled: 'all that is due has been filed', none: 'No returns are due', noneHint: 'Returns are stated by the packs and listed for every period by themselves.',
        chosen: '{n} chosen', chooseUnfiled: 'Choose those not filed', unchoose: 'Choose none', remind: 'Remind', pick: 'Choose {name} {period}', locked: 'Lock the period', opening: 'Opening…',
        lockTitle: 'Lock the returns of {period}', lockHint: 'A locked return changes only by a correction. All that are accepted are locked, the others stay as they are.', lockDone: '{n} locked, {m} not ready', lockAct: 'Lock',
        onlyUnfiled: 'Only returns that are missing, in draft or sent back can be reminded of.', ofLines: '{n}/{m}',
      },
      form: {
        indicator: 'Indicator', unit: 'Unit', plan: 'Target', last: 'Last period', now: 'This period', check: 'Check', note: 'Note', copy: 'check copy', copyHint: 'Another return owns this figure; here it is only held against it', formed: 'computed',
        facts: 'This return', changed: 'Last change', reason: 'Reason', versions: 'Versions', versionN: 'version {n}', history: 'History', noHistory: 'Nothing happened yet', hoursAfter: 'filed {n} h later',
        errors: '{n} to be mended before submission', asks: '{n} ask for a note', filled: '{n}/{m} filled', readOnly: 'read only', moved: 'The return is {state}', template: 'Template', denominator: 'Denominator', rate: 'Rate',
        keys: 'Enter and arrows move; a block copied from Excel can be pasted; Esc takes back. Type “{none}” where there is none, “{na}” where it does not apply; empty ({last}) is not filled yet.',
      },
      moves: {
        open: 'Open', submit: 'Submit', withdraw: 'Withdraw', review: 'Pass review', accept: 'Accept', send_back: 'Send back', lock: 'Lock', correct: 'Correct', why: 'Reason (required, kept in the history)',
      },
      save: {
        waiting: 'not saved yet', saving: 'saving…', saved: 'saved {at}', partial: 'saved but for the cells with an error', retry: 'not saved, will retry', now: 'Retry now', conflict: 'somebody changed it, not saved', compare: 'Compare', refused: 'not saved',
        leave: 'Something is not saved. Leave all the same?',
      },
      conflict: { title: 'Somebody else changed this', act: 'Save as chosen', hint: 'Both values are here; choose one for each line. The head of a column chooses it for all.', mine: 'mine', theirs: 'theirs, saved' },
      blank: { none: 'none', not_applicable: 'n/a' },
      severity: { error: 'to be mended', ask: 'asks for a note', hint: 'hint' },
      problem: { number: 'not a number', decimals: 'at most 6 decimals', both: 'a figure and “none” at once', option: 'not one of the options', size: 'too large' },
      paste: {
        taken: '{n} cells pasted', undo: 'Undo the paste', noCell: '{name}: “{text}” has no place here', noOption: '{name}: there is no option “{text}”', rowsOver: '{n} rows past the end were not pasted', columnsOver: '{n} columns past the edge were not pasted',
      },
      review: {
        title: 'Review', waited: 'Waiting', days: 'd', nothing: 'Nothing waits for review', hint: 'What the divisions submit stands here, the longest waiting first.', toReview: '{n} to review', toAccept: '{n} to accept', longest: 'the longest waits {n} d',
        moved: '{name}, {form}: {state}', noMove: 'You cannot review this return: no permission, or you submitted it yourself.', clean: 'The checks find nothing', change: 'On last', whole: 'Open the whole return ({n} lines)', next: 'Next return', before: 'Return before', pass: 'Pass or accept',
      },
      targets: {
        title: 'Targets', target: 'Target', year: 'Year', lastYear: 'Target last year', achieved: 'Achieved last year', amount: 'Target this year', growth: 'On last year', share: 'Share', document: 'Document', setBy: 'Set', sum: 'Sum of divisions', difference: 'against the whole',
        inside: 'counted in', insideHint: 'Another division holds its figures already; the sum does not count them twice', curve: 'by month', by: 'Split by', byLastYear: 'by last year’s targets', byAchieved: 'by last year’s achievement', split: 'Split in proportion', splitDone: 'Split in proportion; not saved yet.',
        noWhole: 'Enter the whole first.', noBasis: 'There are no figures of last year to split by.', noSplit: 'This target is not split to divisions', unset: '{n} divisions have none', changed: '{n} changes not saved', save: 'Save', saved: 'The targets are saved', discard: 'Discard changes',
        none: 'No targets to split', noneHint: 'Targets are stated by the packs; once loaded, their amounts are entered here for each year.',
        check: { unset: 'not split yet', equal: 'the divisions add up to the whole', over: 'more than asked: the divisions add up to {n} ({p}) above the whole', short: 'the divisions are {n} ({p}) short of the whole', partial: '{m} divisions have none; {n} ({p}) still to be given' },
      },
      curve: {
        month: 'Month', nth: 'Month {n}', cumulated: 'Cumulated plan', added: 'In the month', set: 'set', unset: 'by time', even: 'Equal months', fit: 'Fit the shape to the year’s amount', clear: 'No monthly plan',
        none: 'There is no monthly plan: progress is held against the time that has passed. Type cumulated amounts, or paste a column.', hint: 'Cumulated since January, never falling; December is the amount of the year.',
        empty: 'a number is wanted', falls: 'below the month before', end: 'is not the amount of the year',
      },
      remind: {
        title: 'Remind of {n} returns', channel: 'By', text: 'Words', act: 'Record the reminder', sent: '{n} reminded', hint: 'What was filed meanwhile is passed over. The reminder goes into the history of the return.',
        default: 'Your return has not been filed yet; please file it soon.', more: '{n} more',
        channels: { in_app: 'message in the system', phone: 'phone', message: 'text message', letter: 'letter' },
      },
    },
  },
})
