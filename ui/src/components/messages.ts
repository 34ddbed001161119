import { words } from '@/lib/words'

export default words({
  zh: {
    ui: {
      scope: '范围', period: '期别', functional: '功能区', pp: '百分点',
      monthBefore: '上一月', monthAfter: '下一月', yearBefore: '上一年', yearAfter: '下一年',
      asOfLabel: '按此日已知的数据', asOfDay: '截至 {day} 所知', asOfNow: '回到最新数据',
      close: '关闭', cancel: '取消', retry: '重试', clearFilter: '清除筛选', more: '更多', drawn: '已显示 {n} / {m} 行', loading: '正在读取',
      requestNumber: '请求编号', forbidden: '您没有查看此内容的权限', whoGrants: '如工作需要，请联系本单位的系统管理员授权。',
      staleBecause: '以下为先前的数据，刷新未成功：{why}。', nothing: '暂无数据', nothingMatches: '没有符合筛选条件的记录',
      searchHere: '搜索', rows: '{n} / {m} 行', all: '全部',
      export: '导出', exporting: '正在生成…', exportXlsx: 'Excel 工作簿（.xlsx）', exportDocx: '公文表格（.docx）', order: '排序', print: '打印',
      showTable: '看表格', showChart: '看图形', zoomIn: '放大', zoomOut: '缩小', schematic: '示意图', noFigure: '无数据',
      noMap: '没有可显示的轮廓', noMapHint: '管理员为各地录入轮廓后，此处显示示意图。',
      reportedOf: '{n}/{m} 已报', typeToConfirm: '请输入“{name}”以确认',
      grade: { done: '完成', on_track: '正常', lag: '滞后', serious: '严重滞后', overdue: '逾期', open: '未到期', none: '不评定' },
      level: { 1: '红色 Ⅰ', 2: '橙色 Ⅱ', 3: '黄色 Ⅲ', 4: '蓝色 Ⅳ', normal: '正常', offline: '离线' },
      due: { met: '已完成', lateFirst: '原期限已过', overdue: '逾期 {n} 天', today: '今天到期', in: '还有 {n} 天', original: '原定日期' },
      state: { missing: '未报', draft: '草稿', submitted: '已提交', reviewed: '已审核', accepted: '已接收', returned: '已退回', locked: '已锁定', corrected: '已更正' },
      cell: {
        value: '数值', plan: '目标', completion: '完成率', calendar: '序时进度', gap: '序时差', growth: '同比',
        unreported: '未报', blank: '填报为“无”', not_due: '未到填报期', na: '无法计算（无目标或分母为零）', figure: '有数据',
      },
      rank: {
        table: '排名表', rank: '名次', move: '升降', division: '地区', progress: '进度与序时', change: '增速变化', gap: '序时差', growth: '同比', gapHint: '完成率减序时进度',
        moveHint: '与上期名次相比', was: '上期第 {n} 名', noPrevious: '上期无名次', tied: '并列',
        growthHint: '与去年同期相比', changeHint: '本月同比增速减上月同比增速',
      },
      saved: { title: '已存筛选', none: '还没有保存的筛选', how: '先设定筛选条件，再在此命名保存。', name: '筛选名称', save: '保存当前筛选', rename: '重命名', delete: '删除', sure: '删除“{name}”？', default: '打开清单时使用“{name}”', defaultHint: '打开清单时使用', first: '默认', unread: '未能读取已存筛选。' },
      keys: { down: '下一行', up: '上一行', search: '搜索', list: '快捷键一览', go: '转到', enter: '打开' },
    },
  },
  en: {
    ui: {
      scope: 'Scope', period: 'Period', functional: 'functional area', pp: 'pp',
      monthBefore: 'Month before', monthAfter: 'Month after', yearBefore: 'Year before', yearAfter: 'Year after',
      asOfLabel: 'As known on this day', asOfDay: 'as known on {day}', asOfNow: 'Back to the latest figures',
      close: 'Close', cancel: 'Cancel', retry: 'Try again', clearFilter: 'Clear filter', more: 'More', drawn: '{n} of {m} shown', loading: 'Loading',
      requestNumber: 'Request', forbidden: 'You may not see this', whoGrants: 'If your work needs it, ask the administrator of your office.',
      staleBecause: 'These are earlier figures; renewing them failed: {why}.', nothing: 'Nothing yet', nothingMatches: 'Nothing matches the filter',
      searchHere: 'Search', rows: '{n} / {m} rows', all: 'All',
      export: 'Export', exporting: 'Writing…', exportXlsx: 'Excel workbook (.xlsx)', exportDocx: 'Document in office form (.docx)', order: 'Order', print: 'Print',
      showTable: 'Show table', showChart: 'Show chart', zoomIn: 'Zoom in', zoomOut: 'Zoom out', schematic: 'Schematic map', noFigure: 'no figure',
      noMap: 'No outlines to show', noMapHint: 'Once an administrator has entered outlines, the schematic map stands here.',
      reportedOf: '{n}/{m} reported', typeToConfirm: 'Type “{name}” to confirm',
      grade: { done: 'done', on_track: 'on track', lag: 'lagging', serious: 'lagging badly', overdue: 'overdue', open: 'not due yet', none: 'not graded' },
      level: { 1: 'red Ⅰ', 2: 'orange Ⅱ', 3: 'yellow Ⅲ', 4: 'blue Ⅳ', normal: 'normal', offline: 'offline' },
      due: { met: 'done', lateFirst: 'past the first day', overdue: 'overdue {n} d', today: 'due today', in: 'due in {n} d', original: 'original date' },
      state: { missing: 'not reported', draft: 'draft', submitted: 'submitted', reviewed: 'reviewed', accepted: 'accepted', returned: 'sent back', locked: 'locked', corrected: 'corrected' },
      cell: {
        value: 'Value', plan: 'Target', completion: 'Completion', calendar: 'Due by now', gap: 'Gap to calendar', growth: 'On last year',
        unreported: 'not reported', blank: 'filed as none', not_due: 'not due yet', na: 'cannot be formed (no target, or nothing to divide by)', figure: 'figure',
      },
      rank: {
        table: 'Ranking table', rank: 'Rank', move: 'Move', division: 'Division', progress: 'Progress', change: 'Change', gap: 'Gap', growth: 'YoY', gapHint: 'Completion less what is due by the calendar',
        moveHint: 'Against the rank of the period before', was: 'was {n}', noPrevious: 'no rank the period before', tied: 'shared',
        growthHint: 'Against the same period of last year', changeHint: 'Growth of this month less growth of the month before',
      },
      saved: { title: 'Saved filters', none: 'No filter is saved yet', how: 'Narrow the list first, then name the filter here.', name: 'Name of the filter', save: 'Save this filter', rename: 'Rename', delete: 'Delete', sure: 'Delete “{name}”?', default: 'Open the list with “{name}”', defaultHint: 'Open the list with it', first: 'default', unread: 'The saved filters could not be read.' },
      keys: { down: 'Next row', up: 'Row before', search: 'Search', list: 'All shortcuts', go: 'Go to', enter: 'Open' },
    },
  },
})
