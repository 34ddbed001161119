import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeBoard: {
      tabs: { map: '一张图', list: '测站', events: '事件', reservoirs: '水库', rain: '雨量', health: '工况', quarantine: '隔离报文', imports: '导入' },
      division: '地区', every: '全部地区',
      dams: {
        title: '水库水位与汛限', name: '水库', level: '库水位', limit: '汛限水位', period: '时段', above: '超汛限', storage: '蓄水量', ofNormal: '占正常库容', ofTotal: '占总库容', rise: '{h}h涨落', rises: '1/3/6h涨落', shares: '占正常/总库容', against: '较 {at}', noReading: '此前没有可比的水位', net: '净 {q}', noCurve: '{n} 座无库容曲线', normalIs: '正常库容 {w} 10⁶ m³', totalIs: '总库容 {w} 10⁶ m³', storages: { bare: '无曲线', off: '曲线外', silent: '—' }, storagesOf: { station: '测站报送', curve: '由库容曲线推算', bare: '无库容曲线，不能由水位推算', off: '水位不在库容曲线范围内', silent: '无可用水位' }, inflows: { station: '测站报送', hint: '由近 {h} 小时蓄变与出库推算，仅供参考', net: '近 {h} 小时净入库（入库减出库），由蓄变推算，仅供参考', none: '无入库报送，也无库容曲线可推算' }, inflow: '入库', outflow: '出库', at: '来报', since: '超限起', only: '只看超汛限',
        over: '{n} 座超汛限', most: '最高超 {m} m（{name}）', none: '均在汛限以下', count: '{n} 座有测站', silent: '{n} 座无水位', noLimit: '{n} 座未设汛限', empty: '没有水库测站', emptyHint: '把测站的“所测对象”设为水库，或把站类设为 RR。',
        state: '状态', below: '汛限以下', exceeds: '超汛限', unknown: '无数据',
      },
      rain: {
        title: '雨量排名', window: '时段', minutes: '{n} 分钟', hours: '近 {n} 小时', day: '今日 8 时起', yesterday: '昨日 8 时—今日 8 时', byStation: '测站雨量', byDivision: '面雨量', name: '测站', mm: '雨量', covered: '有数时长', missing: '缺测', doubted: '存疑',
        rests: '{n}/{m} 站有数', rank: '名次', method: '算法', thiessen: '泰森多边形', mean: '算术平均', of: '依据站数', share: '面积占比', most: '最大 {m} mm（{name}）', dry: '此时段无降雨', from: '{from} 至 {to}', empty: '没有测雨量的测站',
      },
      health: {
        title: '测站工况', name: '测站', address: '通信地址', link: '连接', online: '在线', offline: '不在线', last: '最近来报', ago: '距今', voltage: '电压', clock: '时钟偏差', today: '今日到报率', before: '昨日到报率', alarms: '告警', unmapped: '未识别要素', only: '只看异常',
        off: '{n} 站不在线', low: '{n} 站有告警', late: '{n} 站到报率低于 95%', fine: '全部在线', count: '{n} 个通信地址', empty: '没有通信的测站', emptyHint: '为测站设置通信参数后，此处显示其工况。', s: '秒',
      },
    },
  },
  en: {
    gaugeBoard: {
      tabs: { map: 'Map', list: 'Stations', events: 'Events', reservoirs: 'Reservoirs', rain: 'Rain', health: 'Health', quarantine: 'Set aside', imports: 'Imports' },
      division: 'Division', every: 'All divisions',
      dams: {
        title: 'Reservoirs against their limits', name: 'Reservoir', level: 'Level', limit: 'Flood limit', period: 'Period', above: 'Above it', storage: 'Storage', ofNormal: 'Of normal', ofTotal: 'Of total', rise: 'Rise {h} h', rises: 'Rise 1/3/6 h', shares: 'Normal/total', against: 'against {at}', noReading: 'no level to hold it against', net: 'net {q}', noCurve: '{n} without a storage curve', normalIs: 'normal storage {w} 10⁶ m³', totalIs: 'total storage {w} 10⁶ m³', storages: { bare: 'no curve', off: 'off the curve', silent: '—' }, storagesOf: { station: 'as the station reports it', curve: 'by the level–storage curve', bare: 'without a level–storage curve the level tells no storage', off: 'the level is not on the curve', silent: 'no level that counts' }, inflows: { station: 'as the station reports it', hint: 'a hint: by the change of storage over {h} h and the outflow', net: 'a hint: inflow less outflow over {h} h, by the change of storage', none: 'not reported, and no curve to tell it by' }, inflow: 'Inflow', outflow: 'Outflow', at: 'Reported', since: 'Above since', only: 'Only above the limit',
        over: '{n} above the flood limit', most: 'the highest by {m} m ({name})', none: 'all below their flood limits', count: '{n} with a station', silent: '{n} without a level', noLimit: '{n} without a limit', empty: 'No station stands for a reservoir', emptyHint: 'Name a reservoir as what a station measures, or give the station the class RR.',
        state: 'State', below: 'below', exceeds: 'above', unknown: 'no data',
      },
      rain: {
        title: 'Rain ranking', window: 'Window', minutes: '{n} min', hours: 'last {n} h', day: 'since 08:00', yesterday: '08:00 to 08:00', byStation: 'Stations', byDivision: 'Areal rain', name: 'Station', mm: 'Rain', covered: 'Covered', missing: 'Missing', doubted: 'Doubted',
        rests: '{n} of {m} stations', rank: 'Rank', method: 'Method', thiessen: 'Thiessen', mean: 'mean', of: 'Rests on', share: 'Of the area', most: 'most: {m} mm ({name})', dry: 'no rain in this time', from: '{from} to {to}', empty: 'No station measures rain',
      },
      health: {
        title: 'Health of stations', name: 'Station', address: 'Address', link: 'Link', online: 'connected', offline: 'not connected', last: 'Last report', ago: 'Ago', voltage: 'Voltage', clock: 'Clock off by', today: 'Arrived today', before: 'The day before', alarms: 'Alarms', unmapped: 'Unknown elements', only: 'Only with trouble',
        off: '{n} not connected', low: '{n} with an alarm', late: '{n} below 95% arrived', fine: 'all connected', count: '{n} addresses', empty: 'No station is connected yet', emptyHint: 'Once it is said how a station is answered, its health stands here.', s: 's',
      },
    },
  },
})
