import { words } from '@/lib/words'

export default words({
  zh: {
    registry: {
      title: '机构人员', tabs: '机构人员的四张表', name: '姓名', nameZh: '中文名称', nameEn: '英文名称', phone: '电话', organisation: '单位', division: '地区', line: '业务线', anyLine: '全部业务线', sort: '排序号',
      state: '状态', inUse: '在用', retired: '已停用', retiredOn: '停用时间', withRetired: '含已停用', anyDivision: '全部地区', anyOrganisation: '全部单位', save: '保存', saved: '已保存', retire: '停用', restore: '恢复', none: '无', below: '含下级',
      stale: '保存前，已有他人修改了此条，您的修改尚未保存。', mine: '您的', theirs: '现有', field: '项目', keepMine: '以我的为准', takeTheirs: '以现有为准', sameNow: '现有内容与您的一致。',
      people: {
        title: '人员', add: '新增人员', change: '修改', posts: '在任岗位', reveal: '显示号码', revealed: '已显示完整号码，此次查看已记入审计日志。', revealHint: '查看完整号码会记入审计日志', newPhone: '新号码', phoneHint: '手机、带区号的固定电话或短号；不填则保持原号码',
        empty: '还没有人员', emptyHint: '先在“单位”中建立单位，再在这里新增人员。', count: '{n} 人', noPost: '{n} 人未任岗位', retireHint: '停用后其在任岗位即时结束，历史保留；可随时恢复，岗位须重新任职。', noPhone: '未登记',
      },
      posts: {
        title: '岗位', add: '新增岗位', name: '岗位名称', holders: '在任人员', since: '{day} 起', vacant: '空缺', vacantN: '{n} 个岗位空缺', count: '{n} 个岗位', appoint: '任职', relieve: '免职', relieveHint: '自此刻起结束任职，历史保留。', who: '本单位人员', nobody: '本单位没有可任职的人员',
        empty: '还没有岗位', emptyHint: '岗位说明一个单位里谁负责哪条业务线。', retireHint: '停用后在任人员的任职即时结束，历史保留；可随时恢复。',
      },
      organisations: {
        title: '单位', add: '新增单位', kind: '类型', parent: '上级单位', anyKind: '全部类型', count: '{n} 个单位', kinds: { bureau: '水行政主管部门', office: '处室', unit: '直属单位', government: '政府', other: '其他' },
        empty: '还没有单位', emptyHint: '水利局、处室与直属单位列在这里。', retireHint: '尚有在用人员、岗位或下级单位的不能停用。可随时恢复。',
      },
      divisions: {
        title: '地区', add: '新增地区', code: '代码', level: '级别', kind: '类别', short: '简称', parent: '上级地区', inside: '数据含于', insideHint: '其数据已计入所选地区，汇总时只列出、不重复相加', count: '{n} 个地区', functionalN: '{n} 个功能区', codeHint: '行政区划为 6、9 或 12 位数字；功能区可用大写字母、数字和连字符',
        levels: { province: '省', city: '市', county: '县', town: '镇', village: '村' }, kinds: { administrative: '行政区划', functional: '功能区' }, retireHint: '停用后不再填报，往期数据保留。可随时恢复。', moved: '地区不改上级：另建新地区并停用旧的，往期数据仍按原来的归属。',
      },
    },
  },
  en: {
    registry: {
      title: 'Directory', tabs: 'The four lists of the registry', name: 'Name', nameZh: 'Chinese name', nameEn: 'English name', phone: 'Phone', organisation: 'Organisation', division: 'Division', line: 'Line of work', anyLine: 'All lines of work', sort: 'Order',
      state: 'State', inUse: 'in use', retired: 'deactivated', retiredOn: 'Deactivated on', withRetired: 'with deactivated ones', anyDivision: 'All divisions', anyOrganisation: 'All organisations', save: 'Save', saved: 'Saved', retire: 'Deactivate', restore: 'Reactivate', none: 'none', below: 'with all below',
      stale: 'Somebody else changed this before you saved; your change is not saved yet.', mine: 'Yours', theirs: 'As it stands', field: 'Field', keepMine: 'Keep mine', takeTheirs: 'Take what stands', sameNow: 'What stands is the same as yours.',
      people: {
        title: 'People', add: 'New person', change: 'Change', posts: 'Posts held', reveal: 'Show number', revealed: 'The whole number is shown; this look stands in the audit log.', revealHint: 'Looking at the whole number is written to the audit log', newPhone: 'New number', phoneHint: 'A mobile, a fixed number with area code, or a short number; leave empty to keep what is there',
        empty: 'No people yet', emptyHint: 'Make an organisation first, then add people here.', count: '{n} people', noPost: '{n} hold no post', retireHint: 'The posts held end at once and their history stays. The person can be reactivated at any time; posts are then given anew.', noPhone: 'none on record',
      },
      posts: {
        title: 'Posts', add: 'New post', name: 'Post', holders: 'Held by', since: 'since {day}', vacant: 'vacant', vacantN: '{n} vacant', count: '{n} posts', appoint: 'Appoint', relieve: 'Relieve', relieveHint: 'The holding ends now; its history stays.', who: 'People of the organisation', nobody: 'Nobody of this organisation can be appointed',
        empty: 'No posts yet', emptyHint: 'A post says who in an organisation answers for which line of work.', retireHint: 'Whoever holds it is relieved at once; the history stays. It can be reactivated at any time.',
      },
      organisations: {
        title: 'Organisations', add: 'New organisation', kind: 'Kind', parent: 'Above it', anyKind: 'All kinds', count: '{n} organisations', kinds: { bureau: 'water bureau', office: 'office', unit: 'affiliated unit', government: 'government', other: 'other' },
        empty: 'No organisations yet', emptyHint: 'Water bureaus, their offices and affiliated units stand here.', retireHint: 'One that still has people, posts or organisations below cannot be deactivated. It can be reactivated at any time.',
      },
      divisions: {
        title: 'Divisions', add: 'New division', code: 'Code', level: 'Level', kind: 'Kind', short: 'Short name', parent: 'Above it', inside: 'Counted inside', insideHint: 'Its figures already lie in the division chosen: it is listed and not added again', count: '{n} divisions', functionalN: 'functional areas: {n}', codeHint: 'An administrative code has 6, 9 or 12 digits; a functional area may use capitals, digits and hyphens',
        levels: { province: 'province', city: 'city', county: 'county', town: 'town', village: 'village' }, kinds: { administrative: 'administrative', functional: 'functional area' }, retireHint: 'It files no more; its past figures stay. It can be reactivated at any time.', moved: 'A division is not moved: add another and deactivate the old one, so that past figures keep the place they were filed in.',
      },
    },
  },
})
