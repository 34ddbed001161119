import { words } from '@/lib/words'

export default words({
  zh: {
    gauge: {
      title: '水雨情', one: '测站', all: '全部测站', name: '测站', code: '站码', division: '地区', class: '站类', level: '水位', rain: '最近雨量', voltage: '电压', last: '最近来报', state: '状态', station: '通信地址',
      none: '还没有测站', noneHint: '在水利对象中登记类型为“测站”的对象，并设置通信参数。', count: '{n} 个测站', above: '{n} 个超限', silent: '{n} 个超过 1 小时未来报', well: '均在限值以下', online: '{n} 个在线',
      quarantine: '隔离报文', noQuarantine: '没有隔离报文', reason: '原因', function: '功能码', raw: '原始报文', replay: '重放', replayed: '已重放', from: '来源', at: '时间',
      curve: '水位与雨量', noData: '此时段没有观测值', now: '现在', until: '至 {at}', earlier: '更早', later: '更晚', backToNow: '回到现在', doubted: '存疑或不计', verdicts: { rejected: '人工不采用', corrected: '人工改正', accepted: '人工认可' }, value: '数值', flags: '质量标志', quantity: '观测量', table: '表格', chart: '图', days: '{n} 天', thinned: '共 {n} 个观测值，曲线取 {m} 点并保留峰值', latest: '最新观测值', span: '时段（分钟）', minutes: '{n} 分钟', online1: '在线', offline: '不在线', never: '从未来报',
      states: { guarantee: '超保证', warning: '超警戒', flood_limit: '超汛限', rain: '雨量超限', no_data: '无来报', normal: '正常', absent: '无数据' },
      limitNames: { warning: '警戒水位', guarantee: '保证水位', flood_limit: '汛限水位' },
      reasons: { unknown_station: '未登记的测站', wrong_password: '密码错误', other_centre: '发往其他中心站', undecodable: '无法解码', refused: '无法保存', unmapped: '有要素未对应观测量', test: '测试报' },
      alarms: { mains_lost: '交流失电', battery_low: '电池电压低', level: '水位超限', flow: '流量超限', quality: '水质超限', flow_meter: '流量计故障', level_meter: '水位计故障', memory: '存储故障' },
    },
  },
  en: {
    gauge: {
      title: 'Gauges', one: 'Station', all: 'All stations', name: 'Station', code: 'Code', division: 'Division', class: 'Class', level: 'Level', rain: 'Last rain', voltage: 'Voltage', last: 'Last report', state: 'State', station: 'Address',
      none: 'There is no station yet', noneHint: 'Enter an object of the kind station in the register, and say how it is answered.', count: '{n} stations', above: '{n} above a limit', silent: '{n} silent for more than an hour', well: 'all below their limits', online: '{n} connected',
      quarantine: 'Frames set aside', noQuarantine: 'No frame was set aside', reason: 'Reason', function: 'Function', raw: 'Frame', replay: 'Replay', replayed: 'Replayed', from: 'From', at: 'Time',
      curve: 'Level and rain', noData: 'There is no reading in this time', now: 'now', until: 'until {at}', earlier: 'Earlier', later: 'Later', backToNow: 'back to now', doubted: 'doubted or not counted', verdicts: { rejected: 'rejected', corrected: 'corrected', accepted: 'accepted' }, value: 'Value', flags: 'Quality', quantity: 'Quantity', table: 'Table', chart: 'Chart', days: '{n} d', thinned: '{n} readings, drawn as {m} points that keep the peaks', latest: 'Newest readings', span: 'Span (min)', minutes: '{n} min', online1: 'connected', offline: 'not connected', never: 'never heard',
      states: { guarantee: 'above guaranteed level', warning: 'above warning level', flood_limit: 'above flood limit', rain: 'rain above its limit', no_data: 'silent', normal: 'normal', absent: 'no data' },
      limitNames: { warning: 'warning level', guarantee: 'guaranteed level', flood_limit: 'flood limit' },
      reasons: { unknown_station: 'unknown station', wrong_password: 'wrong password', other_centre: 'for another centre', undecodable: 'cannot be read', refused: 'cannot be kept', unmapped: 'elements without a quantity', test: 'test report' },
      alarms: { mains_lost: 'mains lost', battery_low: 'battery low', level: 'level beyond limit', flow: 'flow beyond limit', quality: 'water quality beyond limit', flow_meter: 'flow meter at fault', level_meter: 'level meter at fault', memory: 'memory at fault' },
    },
  },
})
