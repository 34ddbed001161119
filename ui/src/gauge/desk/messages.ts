import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeDesk: {
      judge: '审核', verdict: '审核观测值', act: '结论', acts: { accept: '认可', reject: '不采用', correct: '改正' }, value: '改正值', reason: '理由', save: '提交', history: '历次修订', never: '此值未经修订', first: '原值', notTaken: '未采用',
      limits: '阈值', kind: '类型', kinds: { warning: '警戒水位', guarantee: '保证水位', flood_limit: '汛限水位', rain: '雨量', no_data: '无来报' }, level: '限值', fall: '回落', hold: '保持（分钟）', minutes: '时段（分钟）', period: '时段', begin: '起（月日）', end: '止（月日）', add: '新增阈值', retire: '停用', sure: '停用此阈值？相应的告警随之结束。', noLimits: '未设阈值：此站不会告警', periods: '每行一个时段：起月日 止月日 限值 名称，如 0415 0715 98.5 梅汛期', quantity: '观测量', badPeriods: '第 {n} 行有误',
      policy: '通信参数', address: '通信地址（10 位十六进制）', mode: '工作模式', stay: '保持在线（ESC），以便召测', password: '密码（4 位十六进制，留空不变）', any: '不核对密码', centre: '中心站地址（0 为任意）', hourEnds: '小时报时标为小时末', report: '定时报间隔（分钟）', elements: '要素：每行“标识符 观测量 基值”，如 39 level 0；不关心的要素写 ignored', addPolicy: '新增通信地址', edit: '修改', remove: '删除', sureRemove: '删除后，此地址的来报进入隔离。', noPolicy: '未设通信参数：此站的来报会被隔离', yes: '是', no: '否', badElements: '第 {n} 行有误',
      ask: '召测', what: { now: '实时数据', elements: '指定要素', read_config: '读取参数', write_config: '修改参数', period: '时段数据', clock: '查询时钟', set_clock: '校时', version: '软件版本', status: '状态' }, from: '起', to: '止', asking: '正在召测，请等待应答…', answered: '已应答', journal: '召测记录', noJournal: '没有召测记录', offline: '测站不在线，无法召测', who: '召测人', result: '结果',
      states: { under_way: '进行中', answered: '已应答', no_answer: '超时无应答', offline: '不在线', unsent: '未发出', given_up: '已放弃' }, values: '{n} 个观测值', elementsAsked: '要素标识符，以空格分开',
      papers: '图片与人工报文', picture: '{at} 的图片', text: '人工报文', download: '下载', noPapers: '此站未发来图片或报文', noOlder: '没有更早的', newest: '最新', older: '更早',
      config: '测站参数', readBasic: '读取基本配置', readRunning: '读取运行参数', notRead: '尚未读取', toldNone: '测站未告知任何参数', parameter: '标识符', meaning: '参数', write: '修改{name}', writes: '将修改测站 {station} 的参数，并记入操作日志。测站会重新告知修改后的值。', send: '下发',
    },
  },
  en: {
    gaugeDesk: {
      judge: 'Judge', verdict: 'Judge a reading', act: 'Verdict', acts: { accept: 'Accept', reject: 'Reject', correct: 'Correct' }, value: 'Right figure', reason: 'Reason', save: 'Save', history: 'What it was', never: 'It was never changed', first: 'as it came', notTaken: 'not in force',
      limits: 'Thresholds', kind: 'Kind', kinds: { warning: 'Warning level', guarantee: 'Guaranteed level', flood_limit: 'Flood limit', rain: 'Rain', no_data: 'Silence' }, level: 'Limit', fall: 'Falls by', hold: 'Holds (min)', minutes: 'Window (min)', period: 'Period', begin: 'From (MMDD)', end: 'To (MMDD)', add: 'Add a threshold', retire: 'Take out of use', sure: 'Take this threshold out of use? Its event ends with it.', noLimits: 'No threshold: this station warns nobody', periods: 'One period a line: from to limit name, such as 0415 0715 98.5 plum rains', quantity: 'Quantity', badPeriods: 'Line {n} is not valid',
      policy: 'How it is answered', address: 'Address (ten hex digits)', mode: 'Mode', stay: 'Stays connected (ESC), so that it can be asked', password: 'Password (four hex digits; empty leaves it)', any: 'Any password', centre: 'Centre (0 takes any)', hourEnds: 'Hourly blocks carry the end of the hour', report: 'Reports every (min)', elements: 'Elements: “identifier quantity base” a line, such as 39 level 0; ignored where nobody wants it', addPolicy: 'Add an address', edit: 'Change', remove: 'Remove', sureRemove: 'What this address sends is set aside from then on.', noPolicy: 'Nobody has said how it is answered: what it sends is set aside', yes: 'yes', no: 'no', badElements: 'Line {n} is not valid',
      ask: 'Ask the station', what: { now: 'Newest readings', elements: 'These elements', read_config: 'Read parameters', write_config: 'Write parameters', period: 'A past period', clock: 'Its clock', set_clock: 'Set its clock', version: 'Version', status: 'State' }, from: 'From', to: 'To', asking: 'Asked; waiting for its answer…', answered: 'Answered', journal: 'What it was asked', noJournal: 'It was never asked', offline: 'Not connected: it cannot be asked', who: 'By', result: 'Result',
      states: { under_way: 'under way', answered: 'answered', no_answer: 'timed out', offline: 'not connected', unsent: 'not sent', given_up: 'given up' }, values: '{n} readings', elementsAsked: 'Identifiers of elements, with spaces between',
      papers: 'Pictures and texts', picture: 'Picture of {at}', text: 'Text', download: 'Download', noPapers: 'It has sent neither pictures nor texts', noOlder: 'None before these', newest: 'Newest', older: 'Older',
      config: 'Parameters of the station', readBasic: 'Read the configuration', readRunning: 'Read the running parameters', notRead: 'Not read yet', toldNone: 'The station told none', parameter: 'Identifier', meaning: 'Parameter', write: 'Change {name}', writes: 'This changes station {station} and is kept in the audit log. The station tells the value that holds afterwards.', send: 'Send',
    },
  },
})
