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
      remind: {
        title: 'Remind of {n} returns', channel: 'By', text: 'Words', act: 'Record the reminder', sent: '{n} reminded', hint: 'What was filed meanwhile is passed over. The reminder goes into the history of the return.',
        default: 'Your return has not been filed yet; please file it soon.', more: '{n} more',
        channels: { in_app: 'message in the system', phone: 'phone', message: 'text message', letter: 'letter' },
      },
    },
  },
})
