import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeMap: {
      title: '水情一张图', list: '测站清单', legend: '图例与筛选', search: '站名或站码', outlines: '区划轮廓', all: '看全图', clear: '全部显示',
      kinds: { level: '水位站', rain: '雨量站', reservoir: '水库站' }, kind: '站类',
      states: { guarantee: '超保证', flood_limit: '超汛限', warning: '超警戒', rain: '雨量超限', no_data: '无数据', normal: '正常' },
      part: { guarantee: '{n} 站超保证', flood_limit: '{n} 座水库超汛限', warning: '{n} 站超警戒', rain: '{n} 站雨量超限', no_data: '{n} 站无数据', normal: '{n} 站正常' },
      map: '测站分布图：{what}', count: '图上 {n} / {m} 站', noPlace: '{n} 站未登记位置，仅在清单中', nothing: '没有符合条件的测站', more: '再显示 {n} 站',
      page: '打开测站页', back: '返回清单', curve: '近 3 天', none: '还没有测站', noneHint: '在水利对象中登记类型为“测站”的对象，并设置通信参数。', stale: '实时推送中断，正在重连', wall: '全屏', tide: '潮位', doubted: '质控存疑，未审核',
    },
  },
  en: {
    gaugeMap: {
      title: 'Flood map', list: 'Stations', legend: 'Legend and filter', search: 'Name or code', outlines: 'Outlines', all: 'Show all of it', clear: 'Show all states',
      kinds: { level: 'Levels', rain: 'Rain', reservoir: 'Reservoirs' }, kind: 'Kind of station',
      states: { guarantee: 'above guaranteed level', flood_limit: 'above flood limit', warning: 'above warning level', rain: 'rain above its limit', no_data: 'no data', normal: 'normal' },
      part: { guarantee: '{n} above the guaranteed level', flood_limit: '{n} above the flood limit', warning: '{n} above the warning level', rain: '{n} with rain above its limit', no_data: '{n} without data', normal: '{n} normal' },
      map: 'Map of stations: {what}', count: '{n} of {m} on the map', noPlace: '{n} have no place on record and stand in the list only', nothing: 'No station matches', more: 'Show {n} more',
      page: 'Open its page', back: 'Back to the list', curve: 'Last 3 days', none: 'There is no station yet', noneHint: 'Enter an object of the kind station in the register, and say how it is answered.', stale: 'Not live: connecting again', wall: 'Full screen', tide: 'Tide', doubted: 'A check doubts it, and nobody has looked',
    },
  },
})
