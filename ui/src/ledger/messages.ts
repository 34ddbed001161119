import { words } from '@/lib/words'

export default words({
  zh: {
    ledger: {
      title: '台账', one: '台账', all: '全部台账', line: '业务线', name: '台账', sample: '示例规则', basis: '依据', table: '台账（县级表）',
      toDo: '应办', done: '已办', left: '剩余', overdue: '逾期', overdueFirst: '逾期（原期限）', reviews: '称号待复核', reviewDue: '复核到期', rate: '完成率', withdrawn: '已撤出', aside: '不计', plan: '对照计划', dueDay: '期限', doneYear: '本年办结', titles: '保有称号', perWeek: '每周需办', planned: '计划剩余', listed: '在册', allMarks: '各项齐全', least: '最低项', judged: '判定', county: '地区', total: '合计',
      asOf: '截至', today: '回到今天',
      none: '没有您可以查看的台账', noneHint: '台账规则写在规则包的 ledgers 目录中，载入后出现在这里。',
      pace: { late: '到期未完 {n} 项', behind: '落后 {n} 项', ahead: '超前 {n} 项', on: '与计划持平', none: '—' },
      says: { overdue: '{n} 项逾期', overdueFirst: '按原期限 {n} 项逾期', reviewsLate: '{n} 个称号期满未复核', reviews: '{n} 个称号将到复核期', behind: '{n} 个台账落后于计划', left: '剩余 {n} 项', week: '每周需办 {n} 项', count: '{n} 个台账', past: '{day} 的情形', done: '全部办结' },
      matrix: '各地进展', marks: '分项达标', marksHint: '一地各分项都是 100% 才算达标。', pass: '达标', fail: '未达标', course: '剩余数走势', items: '项', now: '截至日', due: '期限', day: '日期',
      entries: { title: '条目', none: '台账里还没有条目', noneHint: '符合规则的对象自动列入；也可以手工列入。', anyState: '全部步骤', anyTrack: '全部分类', anyStanding: '全部', lacks: '分项不限', lacksOf: '缺：{name}', anyCounty: '全部地区', object: '对象', track: '分类', state: '步骤', since: '到达', due: '期限', marks: '分项', xlsx: '导出 Excel', docx: '导出公文表格', withdrawn: '含已撤出', open: '打开条目' },
      standings: { to_do: '应办', left: '未办结', done: '已办结', overdue: '逾期（现期限）', overdue_first: '逾期（原期限）', aside: '不计', review: '称号待复核' },
      add: { title: '列入台账', act: '列入', find: '按名称或代码查找对象', kind: '类别', none: '没有匹配的对象', more: '只显示前 {n} 个，请输入名称', track: '分类', auto: '按登记册判断', due: '期限', dueHint: '不填则按规则', note: '说明', picked: '已选：{name}' },
      entry: {
        title: '台账条目', toPage: '打开条目页面', back: '回到台账', object: '对象', division: '所在地', round: '期次', listedOn: '列入', note: '说明', noDue: '无期限', withdrawn: '已撤出台账', doneWord: '已办结', asideWord: '不计入', since: '{day} 起', changed: '已更新', next: '下一步', noNext: '没有下一步', own: '管理单位或填报员', history: '办理经过', noHistory: '还没有办理记录', writtenBy: '{by} 于 {at} 录入', undone: '{by} 于 {at} 撤销：{why}', undo: '撤销上一步', undoTitle: '撤销“{what}”', undoHint: '记录保留并划去；这一步写入登记册的内容随之还原。', reason: '原因', change: '调整', markSet: '{name}：达到', markOff: '{name}：取消', scored: '评分', file: '附件',
      },
      by: { unit: '管理单位', county: '县级', city: '市级', province: '省级', ministry: '部级' },
      step: { on: '办理日期', document: '文号或文件名称', note: '说明', optional: '选填', files: '照片或文件', addFile: '添加', drop: '移除 {name}', uploading: '正在上传 {n}/{m}…', gone: '该条目已变动，这一步现在不能办；所填内容仍保留。', stale: '已显示最新内容，所填内容仍保留，可再次提交。', score: '评分', scoreNone: '这一步须先评分', scoreIs: { passed: '评分 {n}，通过', failed: '评分未通过', open: '评分未完成' }, toScore: '去评分', lacks: '还缺：{what}', lack: { day: '日期', future: '不晚于今天的日期', document: '文号', note: '说明', evidence: '照片或文件', score: '通过的评分' } },
      mark: { title: '分项', on: '变动日期', since: '{day}', saved: '已保存 {at}', off: '未达到', by: '由{who}确认' },
      change: { title: '调整条目', act: '保存', due: '期限', track: '分类', trackHint: '已开始办理，分类不能再改。', note: '说明', reason: '调整原因', withdraw: '撤出台账', back: '重新列入台账', withdrawHint: '撤出后不再计数，记录保留。', now: '他人已改为：{what}', inLedger: '列入台账', cityHint: '期限、分类和撤出由市级决定；这里可以改说明。' },
      score: {
        title: '验收评分', hint: '逐项填写得分；扣分和不适用须写原因。', before: '在上次评分上修改（{by}，{day}）', prerequisites: '前置条件（一票否决）', yes: '符合', no: '不符合', points: '得分', full: '满分', skip: '不适用', reason: '扣分原因', reasonSkip: '不适用的原因', evidence: '佐证', act: '保存评分', on: '评分日期', note: '说明', now: '已得', reachable: '最高可得', threshold: '通过线', missing: '未填 {n} 项', unexplained: '{n} 项缺原因', wrong: '得分应为 0–{n}', veto: '一票否决', verdict: { open: '未完成', passed: '通过', failed: '未通过' }, leave: '评分还没有保存，确定离开吗？', ended: '该条目不能评分，或不由您评分。', part: '{n}/{m} 分', version: '第 {n} 版', complete: '可先保存，以后接着填。', dimension: '部分', jump: '下一处未填',
      },
      object: { title: '台账', none: '不在任何台账中', due: '期限' },
    },
  },
  en: {
    ledger: {
      title: 'Ledgers', one: 'Ledger', all: 'All ledgers', line: 'Line of work', name: 'Ledger', sample: 'sample rules', basis: 'Basis', table: 'Ledger by county',
      toDo: 'To do', withdrawn: 'Taken out', done: 'Done', left: 'Left', overdue: 'Overdue', overdueFirst: 'Past first day', reviews: 'To review', reviewDue: 'Review due', rate: 'Rate', aside: 'Not counted', plan: 'Against the plan', dueDay: 'Due', doneYear: 'Done this year', titles: 'Titles held', perWeek: 'A week it takes', planned: 'Left by plan', listed: 'Listed', allMarks: 'All hold', least: 'Least', judged: 'Judged', county: 'County', total: 'Total',
      asOf: 'As of', today: 'Back to today',
      none: 'There is no ledger for you to see', noneHint: 'The rules of ledgers are in the folder ledgers of the packs; once loaded they appear here.',
      pace: { late: '{n} left past the day', behind: '{n} behind', ahead: '{n} ahead', on: 'on the line', none: '—' },
      says: { overdue: '{n} overdue', overdueFirst: '{n} past the day first given', reviewsLate: '{n} titles past their review', reviews: '{n} titles to be reviewed soon', behind: '{n} ledger behind its plan | {n} ledgers behind their plan', left: '{n} left', week: '{n} a week from here', count: '{n} ledger | {n} ledgers', past: 'as it stood on {day}', done: 'all done' },
      matrix: 'By county', marks: 'Marks', marksHint: 'A county passes when every mark is at 100%.', pass: 'passes', fail: 'fails', course: 'What is left', items: 'entries', now: 'as of', due: 'due', day: 'Day',
      entries: { title: 'Entries', none: 'Nothing is in the ledger yet', noneHint: 'Objects that the rules name come in by themselves; others are put in by hand.', anyState: 'Every state', anyTrack: 'Every track', anyStanding: 'All', lacks: 'Any marks', lacksOf: 'lacks: {name}', anyCounty: 'Every county', object: 'Object', track: 'Track', state: 'State', since: 'Since', due: 'Due', marks: 'Marks', xlsx: 'Export to Excel', docx: 'Export as document', withdrawn: 'Withdrawn too', open: 'Open the entry' },
      standings: { to_do: 'to do', left: 'not done', done: 'done', overdue: 'overdue', overdue_first: 'past first day', aside: 'not counted', review: 'title to review' },
      add: { title: 'Put into the ledger', act: 'Put in', find: 'Find an object by name or code', kind: 'Kind', none: 'Nothing matches', more: 'Only the first {n} are shown: type a name', track: 'Track', auto: 'as the register says', due: 'Due', dueHint: 'as the rules say where left out', note: 'Note', picked: 'Chosen: {name}' },
      entry: {
        title: 'Ledger entry', toPage: 'Open the page of the entry', back: 'Back to the ledger', object: 'Object', division: 'Place', round: 'Round', listedOn: 'Listed', note: 'Note', noDue: 'no due date', withdrawn: 'withdrawn from the ledger', doneWord: 'done', asideWord: 'not counted', since: 'since {day}', changed: 'updated', next: 'Next', noNext: 'No step follows', own: 'the unit or its clerk', history: 'History', noHistory: 'Nothing has been done yet', writtenBy: 'put in by {by}, {at}', undone: 'taken back by {by}, {at}: {why}', undo: 'Take the last step back', undoTitle: 'Take back “{what}”', undoHint: 'It stays in the history, struck through; what it told the register is put back.', reason: 'Reason', change: 'Change', markSet: '{name}: holds', markOff: '{name}: no longer holds', scored: 'Scored', file: 'File',
      },
      by: { unit: 'unit', county: 'county', city: 'city', province: 'province', ministry: 'ministry' },
      step: { on: 'Done on', document: 'Number or title of the document', note: 'Note', optional: 'optional', files: 'Photographs or files', addFile: 'Add', drop: 'Take {name} out', uploading: 'Uploading {n}/{m}…', gone: 'The entry has changed, and this step cannot be taken now; what you typed is kept.', stale: 'The newest is shown; what you typed is kept and can be sent again.', score: 'Score', scoreNone: 'It has to be scored first', scoreIs: { passed: 'Score {n}, passed', failed: 'The score is no pass', open: 'The score is incomplete' }, toScore: 'Score it', lacks: 'Still wanted: {what}', lack: { day: 'a day', future: 'a day not after today', document: 'the document', note: 'a note', evidence: 'a photograph or file', score: 'a passing score' } },
      mark: { title: 'Marks', on: 'Day of the change', since: '{day}', saved: 'saved {at}', off: 'does not hold', by: 'told by the {who}' },
      change: { title: 'Change the entry', act: 'Save', due: 'Due', track: 'Track', trackHint: 'Work has begun: the track stands.', note: 'Note', reason: 'Why', withdraw: 'Withdraw it from the ledger', back: 'Put it back into the ledger', withdrawHint: 'It is counted no more; its history stays.', now: 'somebody else made it: {what}', inLedger: 'in the ledger', cityHint: 'The city decides the due day, the track and a withdrawal; the note is yours.' },
      score: {
        title: 'Score', hint: 'Points item by item; a deduction, or an item that does not apply, wants its reason.', before: 'Start from the last score ({by}, {day})', prerequisites: 'Prerequisites (veto)', yes: 'Holds', no: 'Does not', points: 'Points', full: 'Full', skip: 'Not applicable', reason: 'Why points are off', reasonSkip: 'Why it does not apply', evidence: 'Evidence', act: 'Save the score', on: 'Scored on', note: 'Note', now: 'So far', reachable: 'Can reach', threshold: 'Passes at', missing: '{n} unanswered', unexplained: '{n} without a reason', wrong: '0 to {n} points', veto: 'vetoed', verdict: { open: 'incomplete', passed: 'passes', failed: 'does not pass' }, leave: 'The score is not saved. Leave all the same?', ended: 'The entry is not scored, or not by you.', part: '{n} of {m}', version: 'version {n}', complete: 'It may be saved now and gone on with later.', dimension: 'Part', jump: 'Next unanswered',
      },
      object: { title: 'Ledgers', none: 'In no ledger', due: 'Due' },
    },
  },
})
