import { words } from '@/lib/words'

export default words({
  zh: {
    imports: {
      title: '导入', file: '文件', division: '报送地区', by: '上传人', at: '上传时间', done: '完成时间', state: '状态', taken: '已取行', refused: '拒绝行', ignored: '忽略行', scope: '范围',
      states: { preview: '待确认', done: '已导入', dropped: '已放弃' }, allStates: '全部状态', waiting: '{n} 个待确认', allDone: '没有待确认的导入', none: '还没有导入',
      noneHint: '选择 Excel（.xlsx、.xls）或 CSV 文件，先看识别结果和影响，确认后才写入。',
      choose: '选择文件', drop: '或把文件拖到这里。支持 .xlsx、.xls、.csv，不超过 {n} MiB。', sending: '正在读取 {name}…', tooLarge: '{name} 超过 {n} MiB',
      upload: '上传', read: '识别', effect: '影响', confirm: '确认',
      sheet: '工作表', take: '导入此表', hidden: '隐藏', rows: '{n} 行', remembered: '沿用上次确认的对应关系', problems: '识别说明',
      header: '表头行', data: '数据行', from: '自', to: '至', fillDown: '空白地区沿用上一行', published: '只核对，不入报表', wholeTable: '全表', period: '期别', year: '年', months: '月份', noPeriod: '由各列或各行给出',
      column: '{c} 列', role: '含义', indicator: '指标', target: '目标', unit: '单位', scale: '百分数写法', pick: '请选择', byLine: '由行名给出', lines: '行名与指标', label: '行名', skip: '不取',
      roles: {
        ignore: '不取', remark: '备注', item: '对象名称', division: '地区', period: '期别', month: '月份', measure: '指标名称', unit: '单位', value: '指标数值', numerator: '分子', denominator: '分母',
        plan: '目标任务', rate: '公布的比率（核对）', growth: '公布的增幅（核对）',
      },
      scales: { percent: '12.3 即 12.3%', fraction: '0.123 即 12.3%' },
      settle: '以下各点确认后才能导入', counts: { rows: '取 {n} 行', figures: '{n} 个数', refused: '拒绝 {n} 行', cells: '{n} 个单元格不取', ignored: '忽略 {n} 行', changed: '改变 {n} 个数', same: '{n} 个数原已相同', returns: '涉及 {n} 份报表', opened: '新开 {n} 份', targets: '设定 {n} 个目标', agreed: '核对公布数 {n} 处，均一致', disagreed: '核对公布数 {n} 处，{m} 处不一致' },
      nothing: '没有可取的数', checking: '正在核对…', changes: '将写入的数', changesDone: '已写入的数', findings: '公布数与重算不一致', accounted: '逐行说明', allOutcomes: '全部行',
      outcomes: { taken: '取', refused: '拒绝', ignored: '忽略', notice: '提示' }, cell: '单元格', row: '行', reason: '说明', content: '原文', name: '指标', part: '部分', parts: { value: '数值', numerator: '分子', denominator: '分母', plan: '目标' },
      old: '原数', now: '新数', form: '报告期', publishedFigure: '公布数', recomputed: '重算', range: '按所示位数应在', kinds: { rate: '比率', total: '合计', part: '分项', share: '占比' }, kind: '类别',
      mode: '已有数时', modes: { replace: '以文件为准', fill: '只填空白', strict: '有一处不能取即全部不导入' }, act: '确认导入', acting: '正在写入…', drop2: '放弃导入', dropTitle: '放弃导入 {name}', dropHint: '文件不再保留；报表没有任何改动。',
      finished: '已导入，报表保持草稿，请核对后提交。', already: '此文件已导入过，本次没有改动。', toReturns: '查看报表', dropped: '此导入已放弃，文件未保留。', more: '共 {n} 项，只列前 {m} 项', again: '再导入一个', open: '未决',
    },
  },
  en: {
    imports: {
      title: 'Imports', file: 'File', division: 'Sent by', by: 'Uploaded by', at: 'Uploaded', done: 'Imported', state: 'State', taken: 'Rows taken', refused: 'Rows refused', ignored: 'Rows ignored', scope: 'Scope',
      states: { preview: 'to be confirmed', done: 'imported', dropped: 'given up' }, allStates: 'All states', waiting: '{n} to be confirmed', allDone: 'no import waits to be confirmed', none: 'Nothing imported yet',
      noneHint: 'Choose an Excel (.xlsx, .xls) or CSV file. You see what is recognised and what it would change; nothing is written before you confirm.',
      choose: 'Choose a file', drop: 'or drop one here: .xlsx, .xls or .csv, up to {n} MiB.', sending: 'Reading {name}…', tooLarge: '{name} is larger than {n} MiB',
      upload: 'Upload', read: 'Recognise', effect: 'Effect', confirm: 'Confirm',
      sheet: 'Sheet', take: 'Import this sheet', hidden: 'hidden', rows: '{n} rows', remembered: 'mapped as you confirmed it last time', problems: 'What was noticed',
      header: 'Header rows', data: 'Data rows', from: 'from', to: 'to', fillDown: 'a blank division repeats the one above', published: 'check only, file nothing', wholeTable: 'the whole table', period: 'Period', year: 'Year', months: 'Months', noPeriod: 'given by columns or rows',
      column: 'Column {c}', role: 'Meaning', indicator: 'Indicator', target: 'Target', unit: 'Unit', scale: 'Percentages as', pick: 'choose', byLine: 'by the row’s name', lines: 'Rows and indicators', label: 'Row name', skip: 'leave out',
      roles: {
        ignore: 'leave out', remark: 'remark', item: 'object', division: 'division', period: 'period', month: 'month', measure: 'indicator’s name', unit: 'unit', value: 'value', numerator: 'numerator', denominator: 'denominator',
        plan: 'target amount', rate: 'published rate (check)', growth: 'published growth (check)',
      },
      scales: { percent: '12.3 means 12.3 %', fraction: '0.123 means 12.3 %' },
      settle: 'To be settled before this can be imported', counts: { rows: '{n} rows taken', figures: '{n} figures', refused: '{n} rows refused', cells: '{n} cells not taken', ignored: '{n} rows ignored', changed: '{n} figures change', same: '{n} stood there already', returns: '{n} returns', opened: '{n} opened', targets: '{n} targets set', agreed: '{n} published figures checked, all agree', disagreed: '{n} published figures checked, {m} disagree' },
      nothing: 'nothing can be taken', checking: 'Checking…', changes: 'Figures to be written', changesDone: 'Figures written', findings: 'Published figures that do not agree', accounted: 'Every row', allOutcomes: 'All rows',
      outcomes: { taken: 'taken', refused: 'refused', ignored: 'ignored', notice: 'notice' }, cell: 'Cell', row: 'Row', reason: 'Reason', content: 'As sent', name: 'Indicator', part: 'Part', parts: { value: 'value', numerator: 'numerator', denominator: 'denominator', plan: 'target' },
      old: 'Before', now: 'New', form: 'Period', publishedFigure: 'Published', recomputed: 'Recomputed', range: 'What the shown figures allow', kinds: { rate: 'rate', total: 'total', part: 'part', share: 'share' }, kind: 'Kind',
      mode: 'Where figures stand', modes: { replace: 'the file counts', fill: 'fill what is empty', strict: 'import all or nothing' }, act: 'Import', acting: 'Writing…', drop2: 'Give up', dropTitle: 'Give up the import of {name}', dropHint: 'The file is not kept; no return is changed.',
      finished: 'Imported. The returns stay drafts; look at them and submit.', already: 'This file was imported before; nothing was changed now.', toReturns: 'See the returns', dropped: 'This import was given up; the file is not kept.', more: '{n} in all, the first {m} are listed', again: 'Import another', open: 'open',
    },
  },
})
