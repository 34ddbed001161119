import { words } from '@/lib/words'

export default words({
  zh: {
    shell: {
      name: '安澜', skip: '跳到正文', search: '搜索指标、目标、时限', searchEmpty: '没有匹配的指标、目标或时限',
      language: 'English', toDark: '深色', toLight: '浅色', signOut: '退出登录', password: '修改密码', account: '账号',
      rail: '主导航', fold: '收起导航', unfold: '展开导航', menu: '菜单',
      view: '看', work: '办', keep: '管',
      demo: '演示数据', source: '来源：各级报表', sourceOwn: '来源：本系统登记', asOf: '数据截至', offline: '连接中断，正在重连', demoClock: '演示时钟',
      trouble: '{why}（{at} 起）。正在重试，恢复后自动继续；已填未存的内容留在本页，请勿关闭。',
      gauges: { failing: '测站来报无法入库，未予确认；恢复后测站自动重发，数据不丢失。', leap: '服务器时钟跳变 {n} 秒，暂不确认来报；请核对服务器时间。', full: '隔离区已满，一小时内有较早的报文让位；请处理隔离报文。' },
      setClock: '设为', clockHint: '演示环境可以把日期拨到任何一天，所有到期与序时随之变化。',
      notFound: '没有这个页面', notFoundHint: '地址可能有误，或页面已改名。', toCockpit: '回到首页',
      shortcuts: '快捷键', shortcutHint: '输入文字时快捷键不起作用。',
    },
  },
  en: {
    shell: {
      name: 'Anlan', skip: 'Skip to content', search: 'Search indicators, targets, deadlines', searchEmpty: 'No indicator, target or deadline matches',
      language: '中文', toDark: 'Dark', toLight: 'Light', signOut: 'Sign out', password: 'Change password', account: 'Account',
      rail: 'Main navigation', fold: 'Fold navigation', unfold: 'Unfold navigation', menu: 'Menu',
      view: 'See', work: 'Act', keep: 'Keep',
      demo: 'Demo data', source: 'Source: returns of all levels', sourceOwn: 'Source: kept in this system', asOf: 'as of', offline: 'Connection lost, reconnecting', demoClock: 'Demo clock',
      trouble: '{why} (since {at}). Trying again, and going on by itself; what you typed stays on this page: keep it open.',
      gauges: { failing: 'What stations send cannot be kept, so it is not confirmed; they send it again by themselves, and nothing is lost.', leap: 'The server’s clock leapt by {n} s: stations are not confirmed until it is settled. Look at the server’s time.', full: 'The quarantine is full: frames had to make place for others within the last hour. Go through what was set aside.' },
      setClock: 'Set', clockHint: 'The demo can be set to any day; what is due and what lags follows.',
      notFound: 'There is no such page', notFoundHint: 'The address may be mistyped, or the page was renamed.', toCockpit: 'To the first page',
      shortcuts: 'Shortcuts', shortcutHint: 'Shortcuts rest while you type.',
    },
  },
})
