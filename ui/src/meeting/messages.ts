import { words } from '@/lib/words'

export default words({
  zh: {
    meeting: {
      title: '会议任务', page: '会议', new: '新建会议', name: '会议名称', day: '会议日期', division: '地区', line: '业务线', allLines: '全部业务线', chair: '主持人', previous: '上次会议', noPrevious: '没有上次会议',
      tasks: '任务', open: '未完成', by: '录入', unit: '责任单位', person: '责任人', due: '时限', state: '状态', task: '任务内容', number: '编号', owner: '责任',
      none: '还没有会议', noneHint: '录入会议纪要，逐条形成任务，下次会议时查看落实情况。', stateOpen: '{n} 项会议任务未完成', stateAll: '共 {n} 次会议、{m} 项任务',
      minutes: '会议纪要', minutesHint: '可直接粘贴纪要正文，至多六万字。', noMinutes: '没有录入纪要', read: '从纪要读出任务', readHint: '凡写明期限的句子（如“7月底前”“尽快”）读作一项任务，请逐项核对。', nothingRead: '纪要中没有写明期限的句子，请自行添加任务。', readDone: '读出 {n} 项，请补齐业务线和责任单位。', dropped: '重新读取会替换现有 {n} 项任务，再按一次确认。',
      add: '添加任务', drop: '删除第 {n} 项', nth: '第 {n} 项', anyUnit: '由当地水利部门负责', anyPerson: '不指定', noTasks: '还没有任务', lacking: '第 {n} 项缺少：{what}', save: '保存会议', saveHint: '保存后每项任务即成为一个事项，从此可跟踪、可升级。', keep: '取消',
      became: '上次任务落实情况', becameOf: '{name}（{day}）', noBefore: '未指定上次会议', noBeforeHint: '新建会议时选择上次会议，其任务的落实情况会显示在这里。', ownTasks: '本次任务', noOwn: '本次会议没有形成任务',
      doneOf: '已完成 {n}/{m}', late: '{n} 项逾期', rest: '{n} 项未完成', allDone: '本次任务全部完成', before: '上次任务已完成 {n}/{m}', all: '全部会议',
    },
  },
  en: {
    meeting: {
      title: 'Meetings', page: 'Meeting', new: 'New meeting', name: 'Title', day: 'Held on', division: 'Division', line: 'Line', allLines: 'All lines', chair: 'Chair', previous: 'Meeting before', noPrevious: 'No meeting before',
      tasks: 'Tasks', open: 'Open', by: 'Kept by', unit: 'Unit', person: 'Person', due: 'Due', state: 'State', task: 'Task', number: 'Number', owner: 'Who answers',
      none: 'No meetings yet', noneHint: 'Keep the minutes, turn each decision into a task, and see at the next meeting what became of it.', stateOpen: '{n} tasks of meetings open', stateAll: '{n} meetings, {m} tasks',
      minutes: 'Minutes', minutesHint: 'Paste the text as it is; at most 60,000 characters.', noMinutes: 'No minutes were kept', read: 'Read tasks', readHint: 'Each sentence that names a day, or says that it is urgent, is read as a task. Check them one by one.', nothingRead: 'No sentence of the minutes names a day. Add the tasks by hand.', readDone: '{n} read. Fill in line and unit.', dropped: 'Reading again replaces the {n} tasks below; press once more to do so.',
      add: 'Add a task', drop: 'Remove task {n}', nth: 'Task {n}', anyUnit: 'The water office of the place', anyPerson: 'Nobody named', noTasks: 'No tasks yet', lacking: 'Task {n} lacks: {what}', save: 'Save the meeting', saveHint: 'Once saved, each task is a matter that is followed and may climb the ladder.', keep: 'Cancel',
      became: 'What became of the tasks before', becameOf: '{name} ({day})', noBefore: 'No meeting before was named', noBeforeHint: 'Choose it when a meeting is kept; what became of its tasks then stands here.', ownTasks: 'Tasks of this meeting', noOwn: 'This meeting set no tasks',
      doneOf: '{n}/{m} done', late: '{n} overdue', rest: '{n} open', allDone: 'All tasks of this meeting are done', before: '{n}/{m} done of the meeting before', all: 'All meetings',
    },
  },
})
