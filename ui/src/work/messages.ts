import { words } from '@/lib/words'

export default words({
  zh: {
    todo: {
      title: '我的工作', nothing: '没有等您办理的事项', nothingHint: '需要您整改、确认、交办、复核或答复的事项会按时限排列在这里。',
      why: { mine: '我负责整改', confirm: '待确认', assign: '待交办', review: '待复核', dispute: '有异议，待裁定', extension: '申请延期，待批', step: '应提出升级措施' },
      act: { mine: '去整改', confirm: '去确认', assign: '去交办', review: '去复核', dispute: '去裁定', extension: '去审批', step: '去提出', approve: '审批', reply: '答复' },
      approve: '升级措施待审批', reply: '文书待答复', all: '查看全部 {n} 项', first: '先列时限最近的 {n} 项', late: '{n} 项已逾期', today: '{n} 项今天到期', soon: '{n} 项三天内到期', count: '共 {n} 项等您办理',
      replyDue: '答复时限', proposed: '{by} {at} 提出', of: '涉及事项', reason: '事由', yes: '同意', no: '不同意', words: '意见', refusing: '不同意须说明理由', answer: '答复内容', send: '发出', decided: '已审批：{name}', replied: '已答复：{name}',
    },
  },
  en: {
    todo: {
      title: 'My work', nothing: 'Nothing waits for you', nothingHint: 'What you must mend, confirm, assign, review or answer stands here by its deadline.',
      why: { mine: 'Mine to mend', confirm: 'To confirm', assign: 'To assign', review: 'To review', dispute: 'Disputed, to decide', extension: 'Extension asked for', step: 'The ladder calls for a step' },
      act: { mine: 'Mend', confirm: 'Confirm', assign: 'Assign', review: 'Review', dispute: 'Decide', extension: 'Decide', step: 'Propose', approve: 'Decide', reply: 'Reply' },
      approve: 'Steps of the ladder to approve', reply: 'Letters to answer', all: 'See all {n}', first: 'the {n} nearest to their deadline', late: '{n} overdue', today: '{n} due today', soon: '{n} due in three days', count: '{n} wait for you',
      replyDue: 'reply due', proposed: 'proposed by {by}, {at}', of: 'About', reason: 'Reason', yes: 'Approve', no: 'Refuse', words: 'Words', refusing: 'A refusal says why', answer: 'Reply', send: 'Send', decided: 'Decided: {name}', replied: 'Answered: {name}',
    },
  },
})
