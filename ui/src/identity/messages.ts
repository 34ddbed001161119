import { words } from '@/lib/words'

export default words({
  zh: {
    identity: {
      signIn: '登录', tagline: '市水利局工作平台', login: '账号', password: '密码', enter: '登录', entering: '正在登录…',
      changePassword: '修改密码', old: '当前密码', new: '新密码', again: '再输入一次新密码', save: '保存', saved: '密码已修改',
      differ: '两次输入的新密码不一致', mustChange: '首次登录须先修改密码。', demoHint: '演示环境账号在启动时显示于终端。',
      sessions: {
        title: '登录会话', where: '浏览器', address: '地址', opened: '登录时间', seen: '最近使用', act: '操作', here: '当前', end: '结束', endOthers: '结束其他会话', othersN: '另有 {n} 处登录', onlyHere: '只在此处登录', unknown: '未知', hint: '发现陌生的登录，请结束其会话并修改密码。',
      },
      tokens: {
        title: 'API 令牌', name: '名称', nameHint: '如：数据交换', may: '可做', scope: '范围', expires: '到期', used: '最近使用', unused: '未用过', make: '新建令牌', days: '{n} 天', openN: '{n} 个令牌有效', noneOpen: '没有有效的令牌', revoke: '撤销', revokeHint: '撤销后，使用它的程序立即失去访问，且不能恢复。',
        states: { open: '有效', expired: '已过期', revoked: '已撤销' }, empty: '还没有令牌', emptyHint: '令牌供其他程序调用接口，权限不超过您本人，到期失效。', hint: '在请求头中携带令牌：', toldTitle: '令牌：{name}', toldHint: '只显示这一次，请立即保存到使用它的程序中。', copy: '复制', copied: '已复制',
      },
      permissions: {
        own: '本人账号', division_read: '查看地区', registry_write: '维护机构人员', people_read: '查看机构人员', people_phone: '查看完整电话', account_read: '查看账号', account_write: '管理账号', audit_read: '查看审计日志', pack_read: '查看指标包', pack_write: '维护指标包', figure_read: '查看数据', target_read: '查看目标',
        target_write: '设定目标', return_read: '查看报表', return_write: '填写报表', return_submit: '提交报表', return_review: '审核报表', return_lock: '锁定报表', return_correct: '更正报表', reminder_write: '催报', import_write: '导入数据', export: '导出', system: '系统',
        object_read: '查看对象登记册', object_write: '维护对象登记册', matter_read: '查看事项', matter_open: '提出事项', matter_answer: '答复和整改事项', matter_assign: '交办事项', matter_review: '复核事项', matter_escalate: '提出措施', matter_approve: '审批措施', meeting_write: '记录会议', inspection_read: '查看检查', inspection_plan: '制定检查计划', inspection_record: '填写检查',
      },
      accounts: {
        title: '账号', name: '姓名或处室', division: '所属地区', grants: '角色', state: '状态', seen: '最近登录', made: '建立时间', role: '角色', line: '业务线', over: '范围（含下级）', anyLine: '全部业务线',
        make: '新建账号', none: '没有账号', noneHint: '新建账号后列在这里。', bare: '没有任何角色', lockedN: '{n} 个账号因输错密码被锁', bareN: '{n} 个账号没有角色', openN: '{n} 个可登录', disabledN: '{n} 个已停用',
        states: { open: '正常', first: '待首次改密', locked: '锁定', disabled: '停用' }, give: '授予角色', take: '收回', reset: '重置密码', disable: '停用账号', reopen: '恢复账号',
        resetHint: '生成新的初始密码，原密码立即失效；首次登录须修改。', disableHint: '停用后其会话与令牌立即失效，已有记录保留。可随时恢复。', loginHint: '小写字母开头，可含字母、数字、点、横线，2 至 40 位。',
        toldTitle: '{login} 的初始密码', toldHint: '只显示这一次，请当面或电话告知本人；首次登录须修改。', toldAct: '已记下',
      },
      audit: {
        title: '审计日志', seq: '序号', at: '时间', actor: '操作人', action: '操作', object: '对象', hash: '校验值', program: '系统', anyAction: '全部操作', from: '自', to: '至', none: '没有记录',
        last: '最近一条：{n} 号，{at}', verify: '校验日志链', holds: '已校验 {n} 条，链条完整', broken: '已校验 {n} 条，链条不完整',
        reasons: { changed: '内容被改动', removed: '记录缺失', relinked: '链接被改动', cut_off: '末尾被截断', inserted: '末尾之后有插入' },
        kinds: { return: '报表', target: '目标', import: '导入', pack: '指标包', account: '账号', division: '地区', organisation: '单位', person: '人员', post: '岗位', ledger_entry: '台账条目', rulebook: '检查办法', team: '检查组', matter: '事项', escalation: '措施', meeting: '会议', plan: '检查计划', inspection: '检查', object: '对象', object_rules: '对象登记规则', series_rules: '监测规则', evidence: '佐证文件', telemetry_held: '存疑报文' },
        groups: { return: '报表', reminder: '催报', target: '目标', import: '导入', pack: '指标包', account: '账号', division: '行政区划', organisation: '单位', person: '人员', post: '岗位', session: '登录', token: '令牌', ledger: '台账', rulebook: '检查办法', team: '检查组', plan: '检查计划', inspection: '检查', matter: '事项', escalation: '措施', meeting: '会议', object: '对象', evidence: '佐证文件', reading: '监测数据', threshold: '阈值', telemetry: '遥测' },
        actions: {
          return_open: '开始填报', return_save: '填写报表', return_submit: '提交报表', return_withdraw: '撤回报表', return_review: '审核报表', return_accept: '接收报表', return_send_back: '退回报表', return_lock: '锁定报表', return_correct: '更正报表',
          reminder_send: '催报', target_set: '设定目标', import_write: '导入数据', pack_load: '装载指标包', account_create: '建立账号', account_change: '修改账号', account_disable: '停用或恢复账号', account_grant: '授予角色', account_revoke: '收回角色',
          account_lock: '账号锁定', account_password: '修改密码', account_reset: '重置密码', division_create: '新增地区', division_change: '修改地区', division_load: '装载区划', session_open: '登录', session_close: '退出', session_end: '结束会话',
          token_create: '建立令牌', token_revoke: '撤销令牌', organisation_create: '新增单位', organisation_change: '修改单位', person_create: '新增人员', person_change: '修改人员', person_phone: '查看电话', post_create: '新增岗位', post_change: '修改岗位', post_appoint: '任职', post_relieve: '免职',
          ledger_add: '列入台账', ledger_step: '办理台账条目', ledger_undo: '撤销台账步骤', ledger_change: '调整台账条目', rulebook_load: '载入检查办法', team_save: '保存检查组', team_leave: '移出检查组成员', plan_add: '新建检查计划', plan_draw: '随机抽取', plan_objects: '调整计划对象', plan_done: '完成检查计划', plan_cancelled: '取消检查计划', inspection_start: '发起检查', inspection_record: '填写检查', inspection_done: '完成检查',
          matter_open: '提出事项', matter_confirm: '确认事项', matter_dispute: '提出异议', matter_uphold: '维持认定', matter_dismiss: '不予认定', matter_assign: '交办事项', matter_plan: '报整改措施', matter_submit: '提交复核', matter_withdraw: '撤回提交', matter_send_back: '退回整改', matter_close: '事项销号', matter_control: '认定管控措施落实', matter_ask_extension: '申请延期', matter_extend: '同意延期', matter_refuse_extension: '不同意延期', matter_recheck: '回头看通过', matter_reopen: '重新打开事项', matter_clear: '原因消除', matter_note: '备注', matter_escalate: '对事项采取措施', matter_answer: '答复举一反三', matter_attach: '添加佐证', matter_cause: '更新事项原因', matter_unveil: '公开检查问题', escalation_propose: '提出措施', escalation_issued: '批准措施', escalation_refused: '不同意措施', escalation_reply: '答复措施', meeting_add: '记录会议',
          object_create: '新增对象', object_change: '修改对象', object_duty_set: '指定责任人', object_duty_end: '解除责任', object_duty_phone: '核实责任人电话', object_duty_trained: '记录责任人培训', object_rules_set: '设定对象登记规则', station_set: '设定测站', limits_set: '设定限值', series_rules_set: '设定监测规则', threshold_set: '设定阈值', threshold_retire: '停用阈值', reading_accept: '认可监测值', reading_reject: '剔除监测值', reading_correct: '订正监测值', telemetry_station: '设定测站地址', telemetry_remove: '移除测站地址', telemetry_replay: '重放报文', telemetry_configure: '改写测站参数', readings_import: '导入监测资料', evidence_put: '存入文件', evidence_sweep: '清理无记录的文件',
        },
      },
    },
  },
  en: {
    identity: {
      signIn: 'Sign in', tagline: 'The work platform of a city water bureau', login: 'Account', password: 'Password', enter: 'Sign in', entering: 'Signing in…',
      changePassword: 'Change password', old: 'Current password', new: 'New password', again: 'New password again', save: 'Save', saved: 'The password is changed',
      differ: 'The two new passwords differ', mustChange: 'Change the password before the first use.', demoHint: 'A demo prints its accounts in the terminal when it starts.',
      sessions: {
        title: 'Sessions', where: 'Browser', address: 'Address', opened: 'Signed in', seen: 'Last used', act: 'Act', here: 'this one', end: 'End', endOthers: 'End all others', othersN: '{n} more open elsewhere', onlyHere: 'Signed in here only', unknown: 'unknown', hint: 'If you do not know one of them, end it and change your password.',
      },
      tokens: {
        title: 'API tokens', name: 'Name', nameHint: 'such as: data exchange', may: 'May', scope: 'Over', expires: 'Ends', used: 'Last used', unused: 'never', make: 'New token', days: '{n} days', openN: '{n} in force', noneOpen: 'No token is in force', revoke: 'Revoke', revokeHint: 'The program that uses it loses access at once. This cannot be undone.',
        states: { open: 'in force', expired: 'ended', revoked: 'revoked' }, empty: 'No tokens yet', emptyHint: 'A token lets another program call the API. It can do no more than you can, and ends on its day.', hint: 'A request carries it in its header:', toldTitle: 'Token: {name}', toldHint: 'It is shown this once. Put it where it will be used now.', copy: 'Copy', copied: 'Copied',
      },
      permissions: {
        own: 'own account', division_read: 'see divisions', registry_write: 'keep the registry', people_read: 'see people', people_phone: 'see whole phone numbers', account_read: 'see accounts', account_write: 'keep accounts', audit_read: 'see the audit log', pack_read: 'see packs', pack_write: 'keep packs', figure_read: 'see figures', target_read: 'see targets',
        target_write: 'set targets', return_read: 'see returns', return_write: 'fill returns', return_submit: 'submit returns', return_review: 'review returns', return_lock: 'lock returns', return_correct: 'correct returns', reminder_write: 'remind', import_write: 'import', export: 'export', system: 'system',
        object_read: 'see the register of objects', object_write: 'keep the register of objects', matter_read: 'see matters', matter_open: 'open matters', matter_answer: 'answer matters', matter_assign: 'assign matters', matter_review: 'review matters', matter_escalate: 'propose steps of the ladder', matter_approve: 'approve steps of the ladder', meeting_write: 'write meetings', inspection_read: 'see inspections', inspection_plan: 'plan inspections', inspection_record: 'record inspections',
      },
      accounts: {
        title: 'Accounts', name: 'Name', division: 'Division', grants: 'Roles', state: 'State', seen: 'Last seen', made: 'Made', role: 'Role', line: 'Line of work', over: 'Over (with all below)', anyLine: 'All lines of work',
        make: 'New account', none: 'No accounts', noneHint: 'New accounts stand here.', bare: 'no role at all', lockedN: '{n} locked after wrong passwords', bareN: '{n} without a role', openN: '{n} can sign in', disabledN: '{n} disabled',
        states: { open: 'open', first: 'first password', locked: 'locked', disabled: 'disabled' }, give: 'Give role', take: 'Take away', reset: 'Reset password', disable: 'Disable account', reopen: 'Reopen account',
        resetHint: 'A new first password is made and the old one ends at once; it must be changed at the first sign-in.', disableHint: 'Its sessions and tokens end at once; what it did stays on record. It can be reopened at any time.', loginHint: 'Begins with a small letter; letters, digits, dots and hyphens; 2 to 40.',
        toldTitle: 'First password of {login}', toldHint: 'It is shown this once. Tell it to the person directly; it must be changed at the first sign-in.', toldAct: 'Noted',
      },
      audit: {
        title: 'Audit log', seq: 'No.', at: 'Time', actor: 'By', action: 'Act', object: 'Object', hash: 'Hash', program: 'the program', anyAction: 'All acts', from: 'from', to: 'to', none: 'No entries',
        last: 'newest: No. {n}, {at}', verify: 'Verify the chain', holds: '{n} entries verified, the chain holds', broken: '{n} entries verified, the chain does not hold',
        reasons: { changed: 'the content was changed', removed: 'an entry is missing', relinked: 'the link was changed', cut_off: 'the end was cut off', inserted: 'something was inserted past the end' },
        kinds: { return: 'return', target: 'target', import: 'import', pack: 'pack', account: 'account', division: 'division', organisation: 'organisation', person: 'person', post: 'post', ledger_entry: 'ledger entry', rulebook: 'rulebook', team: 'team', matter: 'matter', escalation: 'step of the ladder', meeting: 'meeting', plan: 'plan', inspection: 'inspection', object: 'object', object_rules: 'rules of objects', series_rules: 'rules of readings', evidence: 'evidence', telemetry_held: 'frame set aside' },
        groups: { return: 'Returns', reminder: 'Reminders', target: 'Targets', import: 'Imports', pack: 'Packs', account: 'Accounts', division: 'Divisions', organisation: 'Organisations', person: 'People', post: 'Posts', session: 'Sessions', token: 'Tokens', ledger: 'Ledgers', rulebook: 'Rulebooks', team: 'Teams', plan: 'Plans', inspection: 'Inspections', matter: 'Matters', escalation: 'Steps of the ladder', meeting: 'Meetings', object: 'Objects', evidence: 'Evidence', reading: 'Readings', threshold: 'Thresholds', telemetry: 'Telemetry' },
        actions: {
          return_open: 'opened a return', return_save: 'filled a return', return_submit: 'submitted a return', return_withdraw: 'withdrew a return', return_review: 'reviewed a return', return_accept: 'accepted a return', return_send_back: 'sent a return back', return_lock: 'locked a return', return_correct: 'opened a correction',
          reminder_send: 'reminded', target_set: 'set a target', import_write: 'imported data', pack_load: 'loaded a pack', account_create: 'made an account', account_change: 'changed an account', account_disable: 'disabled or reopened an account', account_grant: 'gave a role', account_revoke: 'took a role away',
          account_lock: 'account locked', account_password: 'changed a password', account_reset: 'reset a password', division_create: 'added a division', division_change: 'changed a division', division_load: 'loaded divisions', session_open: 'signed in', session_close: 'signed out', session_end: 'ended a session',
          token_create: 'made a token', token_revoke: 'revoked a token', organisation_create: 'added an organisation', organisation_change: 'changed an organisation', person_create: 'added a person', person_change: 'changed a person', person_phone: 'looked at a phone number', post_create: 'added a post', post_change: 'changed a post', post_appoint: 'appointed', post_relieve: 'relieved',
          ledger_add: 'put into a ledger', ledger_step: 'took a step of a ledger entry', ledger_undo: 'took a step of a ledger entry back', ledger_change: 'changed a ledger entry', rulebook_load: 'loaded a rulebook', team_save: 'saved a team', team_leave: 'took a member out of a team', plan_add: 'made a plan', plan_draw: 'drew by lot', plan_objects: 'set the objects of a plan', plan_done: 'finished a plan', plan_cancelled: 'called a plan off', inspection_start: 'began an inspection', inspection_record: 'wrote on an inspection', inspection_done: 'finished an inspection',
          matter_open: 'opened a matter', matter_confirm: 'confirmed a matter', matter_dispute: 'disputed a matter', matter_uphold: 'upheld a matter', matter_dismiss: 'dismissed a matter', matter_assign: 'assigned a matter', matter_plan: 'stated measures', matter_submit: 'handed a matter in', matter_withdraw: 'took a matter back', matter_send_back: 'sent a matter back', matter_close: 'closed a matter', matter_control: 'accepted a matter as controlled', matter_ask_extension: 'asked for an extension', matter_extend: 'extended a matter', matter_refuse_extension: 'refused an extension', matter_recheck: 'passed a recheck', matter_reopen: 'reopened a matter', matter_clear: 'cleared a matter', matter_note: 'noted on a matter', matter_escalate: 'escalated a matter', matter_answer: 'answered a sweep', matter_attach: 'added evidence', matter_cause: 'renewed the cause of a matter', matter_unveil: 'lifted the veil of a matter', escalation_propose: 'proposed a step of the ladder', escalation_issued: 'issued a step of the ladder', escalation_refused: 'refused a step of the ladder', escalation_reply: 'replied to a step of the ladder', meeting_add: 'wrote a meeting down',
          object_create: 'added an object', object_change: 'changed an object', object_duty_set: 'named who answers', object_duty_end: 'ended a duty', object_duty_phone: 'rang who answers', object_duty_trained: 'wrote a training down', object_rules_set: 'set the rules of objects', station_set: 'set a station', limits_set: 'set limits', series_rules_set: 'set the rules of readings', threshold_set: 'set a threshold', threshold_retire: 'retired a threshold', reading_accept: 'accepted a reading', reading_reject: 'rejected a reading', reading_correct: 'corrected a reading', telemetry_station: 'set a station address', telemetry_remove: 'removed a station address', telemetry_replay: 'replayed a frame', telemetry_configure: 'wrote parameters of a station', readings_import: 'imported readings', evidence_put: 'put a file in', evidence_sweep: 'swept files without a record',
        },
      },
    },
  },
})
