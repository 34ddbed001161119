import { words } from '@/lib/words'

export default words({
  zh: {
    matter: {
      title: '事项', page: '事项', list: '事项清单', none: '没有事项', noneHint: '检查发现的问题、滞后、未报和会议任务会出现在这里。', choose: '选择', all: '全部', clear: '清除筛选', toPage: '打开事项页面', of: '仅限：{what}',
      lists: { problem: '问题清单', responsibility: '责任清单', rectification: '整改清单' },
      number: '编号', what: '问题（事项）', county: '地区', object: '对象', severity: '等级', origin: '来源', found: '发现日期', unit: '责任单位', person: '责任人', keeper: '督办单位', due: '时限', original: '原时限', left: '剩余天数', state: '状态', measures: '整改措施', closed: '销号日期', step: '升级措施', kind: '类型', line: '业务线', item: '条目', basis: '依据', detail: '情况', place: '位置', points: '扣分', opened: '立项', anyLine: '全部业务线', anyKind: '全部类型', anyState: '全部状态', anyOrigin: '全部来源', anySeverity: '全部等级', nobody: '未明确', firstDue: '原定 {day}', extendedTo: '已延期', overdue: '逾期', overdueDays: '逾期 {n} 天', leftDays: '还有 {n} 天', today: '今天到期', recurrent: '重复发生', incomplete: '清单有缺项', liveOnly: '未办结', missed: '漏检', reopened: '重新打开 {n} 次', veiled: '对受检方保密',
      documents: '导出公文', docx: '清单（docx）', xlsx: '清单（xlsx）', notice: '整改通知书', live: '{n} 项未办结', late: '{n} 项逾期', review: '{n} 项待复核', assign: '{n} 项待交办', fine: '共 {n} 项',
      kinds: { finding: '问题', hazard: '隐患', lag: '滞后', missing: '未报', overdue: '逾期', task: '交办事项', sweep: '举一反三' },
      states: { found: '待确认', disputed: '有异议', confirmed: '待交办', assigned: '待整改', rectifying: '整改中', returned: '已退回', submitted: '待复核', controlled: '管控措施落实', closed: '已销号', dismissed: '不予认定', cleared: '原因消除' },
      origins: { ministry: '部', province: '省', city: '市', county: '县', self: '自查', rule: '系统' },
      severities: { s0: '未定', s1: '一般', s2: '较重', s3: '严重', s4: '特别严重' },
      steps: { remind: '提醒函', notice: '通报', talk: '约谈', supervise: '督办', deduct: '考核扣分' },
      moves: { open: '立项', confirm: '确认', dispute: '提出异议', uphold: '维持认定', dismiss: '不予认定', assign: '交办', plan: '报整改措施', submit: '提交复核', withdraw: '撤回', send_back: '退回', close: '销号', control: '认定管控措施落实', ask_extension: '申请延期', extend: '同意延期', refuse_extension: '不同意延期', recheck: '回头看通过', reopen: '重新打开', clear: '原因消除', note: '备注', attach: '添加材料', answer: '举一反三答复', escalate: '升级措施', cause: '情况变化', unveil: '对受检方公开' },
      act: { title: '办理', none: '当前没有需要您办理的', reason: '理由', way: '复核方式', site: '现场复核', paper: '资料复核', newDue: '时限', search: '按姓名查找', sent: '已办理', needsFile: '须先添加整改后的材料', asked: '申请延至 {day}：{why}', findPerson: '责任人（按姓名查找）' },
      bulk: { act: '批量交办', chosen: '已选 {n} 项', done: '{n} 项已办理', failed: '{n} 项未办理', title: '批量交办', hint: '逐项办理，不符合条件的不影响其他项。' },
      timeline: '经过', evidence: '佐证材料', before: '整改前', after: '整改后', other: '其他材料', noFiles: '还没有材料', add: '添加材料', camera: '相机记录', claimed: '填报位置', byCamera: '{at}（相机时间）', noCamera: '相机没有记录', uploading: '正在上传…',
      roles: { before: '整改前', after: '整改后', control: '管控措施', reply: '书面答复', recheck: '回头看', basis: '依据' },
      parts: '举一反三对象', answered: '已答复 {n}/{m}', answers: { none: '无此问题', found: '发现问题', not_applicable: '不适用', open: '未答复' }, rest: '其余均无此问题', finding: '新问题',
      links: '相关事项', linkKinds: { recurs: '曾经发生', recurred_by: '再次发生', sweeps: '起因', swept_by: '举一反三', found_by: '由此发现', found_in: '发现的问题' },
      ladder: '升级措施', suggested: '规则建议：{name}（{why}）', sample: '示例规则', propose: '提出', approve: '同意', refuse: '不同意', reply: '答复', replyDue: '答复时限 {day}', ladderStates: { proposed: '待审批', issued: '已发出', refused: '未同意', replied: '已答复' }, noSteps: '没有升级措施', why: '事由', words: '意见',
      defects: '闭环缺项', stale: '他人已办理，已显示最新内容，请重新操作。', views: { table: '表格', board: '看板' }, more: '另有 {n} 项',
    },
    work: {
      title: '我的工作', nothing: '没有等您办理的事项', nothingHint: '需要您确认、交办、复核或整改的事项会按时限排列在这里。', count: '{n} 项等您办理', late: '{n} 项已逾期', soon: '{n} 项三天内到期',
      why: { mine: '我负责整改', confirm: '待确认', assign: '待交办', review: '待复核', dispute: '有异议，待裁定', extension: '申请延期，待批' }, approve: '升级措施待审批', reply: '文书待答复', act: '下一步',
    },
    stats: {
      title: '监督统计', scope: '{n} 个地区', asOf: '截至', from: '自（发现日期）', compare: '四比', rank: '名次', total: '总分', county: '地区', sample: '示例计分', all: '合计', byOrigin: '按来源', origin: '来源', found: '发现', closed: '销号', controlled: '管控', open: '未销号', rate: '整改率', note: '比率为分子之和除以分母之和；管控措施落实单列，不计销号；是否逾期按原定时限；过去某日显示当时的数据。', absent: '没有可计算的数据', problems: '发现问题 {n} 个', rectified: '整改率 {n} %', overdue: '逾期未销号 {n} 个', measures: '指标',
    },
  },
  en: {
    matter: {
      title: 'Matters', page: 'Matter', list: 'Matters', none: 'No matters', noneHint: 'Findings, lags, missing returns and tasks of meetings appear here.', choose: 'Choose', all: 'All', clear: 'Clear filters', toPage: 'Open the page of the matter', of: 'Only: {what}',
      lists: { problem: 'Problems', responsibility: 'Responsibilities', rectification: 'Rectification' },
      number: 'Number', what: 'Problem', county: 'County', object: 'Object', severity: 'Severity', origin: 'Found by', found: 'Found on', unit: 'Unit', person: 'Person', keeper: 'Kept by', due: 'Due', original: 'First due', left: 'Days left', state: 'State', measures: 'Measures', closed: 'Closed on', step: 'Ladder', kind: 'Kind', line: 'Line', item: 'Clause', basis: 'Basis', detail: 'Detail', place: 'Place', points: 'Points', opened: 'Opened', anyLine: 'Every line', anyKind: 'Every kind', anyState: 'Every state', anyOrigin: 'Found by anybody', anySeverity: 'Every severity', nobody: 'nobody yet', firstDue: 'first due {day}', extendedTo: 'extended', overdue: 'Overdue', overdueDays: '{n} d overdue', leftDays: '{n} d left', today: 'due today', recurrent: 'Recurrent', incomplete: 'List incomplete', liveOnly: 'At work', missed: 'Missed', reopened: 'reopened {n}×', veiled: 'hidden from the inspected',
      documents: 'Documents', docx: 'List (docx)', xlsx: 'List (xlsx)', notice: 'Notice of rectification', live: '{n} at work', late: '{n} overdue', review: '{n} to review', assign: '{n} to assign', fine: '{n} in all',
      kinds: { finding: 'Finding', hazard: 'Hazard', lag: 'Lag', missing: 'Not filed', overdue: 'Deadline missed', task: 'Task', sweep: 'Look elsewhere' },
      states: { found: 'To confirm', disputed: 'Disputed', confirmed: 'To assign', assigned: 'Assigned', rectifying: 'Under way', returned: 'Sent back', submitted: 'To review', controlled: 'Under control', closed: 'Closed', dismissed: 'Dismissed', cleared: 'Cleared' },
      origins: { ministry: 'Ministry', province: 'Province', city: 'City', county: 'County', self: 'Self', rule: 'Rule' },
      severities: { s0: 'not graded', s1: 'general', s2: 'heavier', s3: 'serious', s4: 'grave' },
      steps: { remind: 'reminder', notice: 'notice', talk: 'formal talk', supervise: 'supervised', deduct: 'points off' },
      moves: { open: 'opened', confirm: 'Confirm', dispute: 'Dispute', uphold: 'Uphold', dismiss: 'Dismiss', assign: 'Assign', plan: 'State measures', submit: 'Submit', withdraw: 'Withdraw', send_back: 'Send back', close: 'Close', control: 'Accept as controlled', ask_extension: 'Ask for an extension', extend: 'Extend', refuse_extension: 'Refuse the extension', recheck: 'Pass a recheck', reopen: 'Reopen', clear: 'cleared', note: 'Note', attach: 'file added', answer: 'sweep answered', escalate: 'step of the ladder', cause: 'the cause changed', unveil: 'open to the inspected' },
      act: { title: 'Act', none: 'Nothing here waits for you', reason: 'Reason', way: 'Looked at', site: 'on site', paper: 'on paper', newDue: 'Due', search: 'Find by name', sent: 'Done', needsFile: 'Add a file of the work done first', asked: 'Asked to extend to {day}: {why}', findPerson: 'Person (find by name)' },
      bulk: { act: 'Assign the chosen', chosen: '{n} chosen', done: '{n} done', failed: '{n} not done', title: 'Assign many', hint: 'Each on its own: one that is refused does not hold the others up.' },
      timeline: 'History', evidence: 'Evidence', before: 'Before', after: 'After', other: 'Other files', noFiles: 'No files yet', add: 'Add a file', camera: 'Camera', claimed: 'Place as told', byCamera: '{at} (camera)', noCamera: 'the camera wrote nothing', uploading: 'Uploading…',
      roles: { before: 'before', after: 'after', control: 'measures of control', reply: 'written reply', recheck: 'recheck', basis: 'basis' },
      parts: 'Objects to look at', answered: '{n}/{m} answered', answers: { none: 'no such problem', found: 'found', not_applicable: 'not applicable', open: 'no answer' }, rest: 'None in all the rest', finding: 'new finding',
      links: 'Related', linkKinds: { recurs: 'came before', recurred_by: 'came back as', sweeps: 'because of', swept_by: 'look elsewhere', found_by: 'found through', found_in: 'finding' },
      ladder: 'Ladder', suggested: 'The rules suggest: {name} ({why})', sample: 'sample rules', propose: 'Propose', approve: 'Approve', refuse: 'Refuse', reply: 'Reply', replyDue: 'reply due {day}', ladderStates: { proposed: 'to approve', issued: 'issued', refused: 'refused', replied: 'replied' }, noSteps: 'No steps taken', why: 'Why', words: 'Words',
      defects: 'Holes in the loop', stale: 'Somebody else moved it; the newest is shown, please try again.', views: { table: 'Table', board: 'Board' }, more: '{n} more',
    },
    work: {
      title: 'My work', nothing: 'Nothing waits for you', nothingHint: 'What you must confirm, assign, review or mend appears here by deadline.', count: '{n} wait for you', late: '{n} overdue', soon: '{n} due in three days',
      why: { mine: 'Mine to mend', confirm: 'To confirm', assign: 'To assign', review: 'To review', dispute: 'Disputed, to decide', extension: 'Extension asked for' }, approve: 'Steps to approve', reply: 'Letters to answer', act: 'Next',
    },
    stats: {
      title: 'Statistics', scope: '{n} counties', asOf: 'As of', from: 'Found from', compare: 'Four comparisons', rank: 'Rank', total: 'Total', county: 'County', sample: 'sample scores', all: 'All', byOrigin: 'By who found', origin: 'Found by', found: 'Found', closed: 'Closed', controlled: 'Controlled', open: 'Open', rate: 'Rectified', note: 'Rates are sums over sums; what is under control stands apart and is not closed; lateness goes by the first deadline; a past day shows what was known then.', absent: 'nothing to count', problems: '{n} problems', rectified: '{n} % rectified', overdue: '{n} overdue', measures: 'Measures',
    },
  },
})
