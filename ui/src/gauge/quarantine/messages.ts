import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeHeld: {
      pick: '选', pickOne: '选中 {n}', pickAll: '选中本页未重放的 {n} 条', unpick: '取消选择', replay: '重放选中的 {n} 条', whole: '重放 {station} 的全部 {n} 条', still: '{n} 条仍不能接收：{why}', replaying: '正在重放…', every: '全部原因', onlyOpen: '只看未重放', from: '自', to: '至', open: '{n} 条未重放', none: '没有未重放的报文', of: '共 {n} 条',
      taken: '{n} 条已重放', left: '{n} 条未能重放，原因见各行', station: '测站', detail: '说明', emptyHint: '未登记、密码不符或无法解码的报文在此隔离，登记测站后可重放。',
    },
  },
  en: {
    gaugeHeld: {
      pick: 'Pick', pickOne: 'Pick {n}', pickAll: 'Pick the {n} here that were not replayed', unpick: 'Pick none', replay: 'Replay the {n} picked', whole: 'Replay all {n} of {station}', still: '{n} still cannot be taken: {why}', replaying: 'Replaying…', every: 'Every reason', onlyOpen: 'Only those not replayed', from: 'From', to: 'To', open: '{n} not replayed', none: 'no frame waits', of: '{n} in all',
      taken: '{n} replayed', left: '{n} could not be taken; each row says why', station: 'Station', detail: 'Detail', emptyHint: 'Frames of unknown stations, with a wrong password or that cannot be read are set aside here, and are replayed once the station is registered.',
    },
  },
})
