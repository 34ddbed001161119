import { words } from '@/lib/words'

export default words({
  zh: {
    gaugeImport: {
      title: '导入观测资料', upload: '上传资料', choose: '选择文件', folder: '选择文件夹', hint: '或把 CSV、Excel、ZIP 拖到这里，可一次多个，合计不超过 {n} MiB。编码自动识别（UTF-8、GB18030）。', sending: '正在上传 {name}，{n}%', tooLarge: '合计超过 {n} MiB', noTables: '所选文件夹中没有 CSV 或 Excel 表',
      station: '表中没有测站列时，全部归于', everyStation: '按表中的测站', minutes: '雨量未写时段时按（分钟）',
      file: '文件', uploaded: '上传时间', state: '状态', readings: '观测值', fresh: '新增', same: '已有', differs: '不同', refused: '拒绝', none: '还没有导入', noneHint: '选择文件后先看识别结果和每行去向，确认后才入库。未完成的导入保留 7 天，重启不丢。',
      states: { preview: '待确认', running: '正在导入', interrupted: '已中断', done: '已导入', failed: '失败' }, waits: '{n} 个待确认', cutOff: '{n} 个被中断，可继续', allDone: '没有未完成的导入',
      steps: { upload: '上传', check: '核对', store: '入库', result: '结果' }, step: '步骤',
      read: '识别结果', sheet: '表', column: '列', meaning: '含义', said: '人工指定', format: '格式', encoding: '编码', why: '说明', leftOut: '不取', asRead: '按程序识别', checking: '正在核对…',
      roles: { station: '测站', time: '时间', span: '时段长', quantity: '要素名称', figures: '数值', ignored: '未识别，不取' }, byRow: '由要素列给出',
      rows: '每行去向', row: '行', of: '测站', quantity: '观测量', at: '时间', value: '数值', lot: '去向', stands: '库中为', allLots: '全部', lots: { new: '新增', same: '已有，不变', differs: '与库中不同，改为文件值' },
      refusals: '拒绝的行', place: '位置', reason: '原因', content: '原文', moreRefused: '另有 {n} 处未列出',
      foreseen: '将新增 {n} 条', foreseenSame: '{n} 条已有，不变', foreseenDiffers: '{n} 条与库中不同', bad: '{n} 处拒绝', empty: '{n} 行无数', nothing: '没有可导入的观测值', nothingNew: '与库中资料完全相同，导入不会改变任何数据',
      act: '确认导入', resume: '继续导入', again: '重试', drop: '放弃', forget: '从列表移除', dropTitle: '放弃导入 {name}', dropHint: '文件不再保留；未入库的观测值不会入库。已入库的保持不变。', another: '再导入一个', toStations: '查看测站',
      running: '正在入库：{n} / {m} 条。可以离开本页，稍后回来查看。', interrupted: '服务器在入库途中重启，此导入被中断，已入库约 {n} 条。文件仍在：继续导入即可，已入库的不会重复。', failed: '导入失败：{why}。已入库的保持不变，可重试。',
      finished: '已入库：新增 {n} 条', finishedSame: '{n} 条原已存在，未变', finishedRevised: '订正 {n} 条', finishedKept: '{n} 条人工审核过，保持不变', finishedFlagged: '{n} 条存疑，已加标志', unchanged: '与库中资料完全相同，没有改变任何数据',
    },
  },
  en: {
    gaugeImport: {
      title: 'Imports of readings', upload: 'Upload', choose: 'Choose files', folder: 'Choose a folder', hint: 'or drop CSV, Excel or ZIP here, several at once, up to {n} MiB in all. UTF-8 and GB18030 are told apart by themselves.', sending: 'Sending {name}, {n}%', tooLarge: 'More than {n} MiB in all', noTables: 'The folder has no CSV or Excel table',
      station: 'Where a table has no column of stations, all is of', everyStation: 'the stations in the table', minutes: 'Span of rain that says none (min)',
      file: 'File', uploaded: 'Uploaded', state: 'State', readings: 'Readings', fresh: 'New', same: 'Known', differs: 'Differ', refused: 'Refused', none: 'Nothing imported yet', noneHint: 'Choose a file: you see what is recognised and what would become of each row; nothing is stored before you confirm. What is not finished is kept for 7 days, also over a restart.',
      states: { preview: 'to be confirmed', running: 'under way', interrupted: 'interrupted', done: 'imported', failed: 'failed' }, waits: '{n} to be confirmed', cutOff: '{n} interrupted, to be continued', allDone: 'nothing is unfinished',
      steps: { upload: 'Upload', check: 'Check', store: 'Store', result: 'Result' }, step: 'Steps',
      read: 'What was recognised', sheet: 'Table', column: 'Column', meaning: 'Meaning', said: 'as you said', format: 'Format', encoding: 'Encoding', why: 'Note', leftOut: 'leave out', asRead: 'as recognised', checking: 'Checking…',
      roles: { station: 'station', time: 'time', span: 'span', quantity: 'name of the quantity', figures: 'figures', ignored: 'not recognised, left out' }, byRow: 'named by another column',
      rows: 'What becomes of each row', row: 'Row', of: 'Station', quantity: 'Quantity', at: 'Time', value: 'Value', lot: 'Becomes', stands: 'On record', allLots: 'All', lots: { new: 'new', same: 'known, unchanged', differs: 'differs: the file counts' },
      refusals: 'Refused', place: 'Place', reason: 'Reason', content: 'As sent', moreRefused: '{n} more are not listed',
      foreseen: '{n} would be new', foreseenSame: '{n} are known, unchanged', foreseenDiffers: '{n} differ from what is on record', bad: '{n} refused', empty: '{n} rows without a figure', nothing: 'nothing can be imported', nothingNew: 'all of it is on record already: importing it changes nothing',
      act: 'Import', resume: 'Continue', again: 'Try again', drop: 'Give up', forget: 'Remove from the list', dropTitle: 'Give up the import of {name}', dropHint: 'The file is not kept; what is not stored stays out. What is stored stays as it is.', another: 'Import another', toStations: 'See the stations',
      running: 'Storing: {n} of {m}. You may leave this page and come back.', interrupted: 'The server was restarted while it stored this import, which was interrupted after some {n} readings. The file is still here: continue, and what is stored already is not stored twice.', failed: 'The import failed: {why}. What is stored stays as it is; you may try again.',
      finished: '{n} new readings stored', finishedSame: '{n} were known, unchanged', finishedRevised: '{n} revised', finishedKept: '{n} that a person had judged stay as they are', finishedFlagged: '{n} doubted and flagged', unchanged: 'all of it was on record already: nothing was changed',
    },
  },
})
