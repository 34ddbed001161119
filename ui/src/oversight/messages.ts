import { words } from '@/lib/words'

export default words({
  zh: {
    inspect: {
      title: '监督检查', tabs: '检查的各页', plansTab: '计划', teamsTab: '检查组', allTab: '检查', phoneTab: '手机检查',
      state: '状态', division: '地区', object: '对象', kind: '对象类型', line: '业务线', anyLine: '全部业务线', origin: '来源', mode: '方式', checklist: '检查清单', version: '第 {n} 版', sampleList: '示例，待本单位确认',
      scope: '检查范围', from: '自', to: '至', days: '起止日期', team: '检查组', noTeam: '无', by: '制定', keeper: '制定单位', inspectors: '检查人员', score: '得分', unscored: '不评分', found: '问题', done: '完成', save: '保存', looked: '已查', progress: '进度',
      veil: '对受检方保密', veilHint: '四不两直：在计划完成前，受检方在任何页面、搜索、导出和通知中都看不到。', stale: '他人已修改，请看最新内容后再试。', reread: '重新读取', none: '无', started: '开始', title1: '名称', nobody: '未指定',
      modes: { unannounced: '四不两直', open: '明查', self: '自查', provincial: '省级检查', ministerial: '部级检查' },
      origins: { ministry: '部', province: '省', city: '市', county: '县', self: '自查', rule: '规则' },
      planStates: { draft: '待抽取', drawn: '进行中', done: '已完成', cancelled: '已取消' },
      states: { planned: '未开始', under_way: '检查中', done: '已完成' },
      severity: { general: '一般', heavier: '较重', serious: '严重', grave: '特别严重' },
      answer: { pass: '合格', fail: '不合格', na: '不涉及', open: '未查' },
      plans: {
        add: '新建计划', none: '还没有检查计划', noneHint: '新建计划后，可随机抽取对象和检查人员，也可手工指定对象。', any: '全部状态',
        drafts: '{n} 个计划待抽取', running: '{n} 个进行中', left: '还有 {n} 个对象未查', ended: '{n} 个已结束', over: '{n} 个已过截止日期仍未完成',
      },
      form: {
        title: '新建检查计划', act: '建立计划', unannounced: '受检方在计划完成前看不到此计划及其发现的问题。', teamsHint: '随机抽取的检查人员出自所选检查组；任何人不查本县和本单位。', noTeams: '还没有检查组，可先建立，也可只抽对象。', wrongDays: '结束日期早于开始日期',
      },
      plan: {
        title: '检查计划', facts: '计划', ended: '结束', finish: '完成计划', cancel: '取消计划', finishHint: '未检查的 {n} 个对象将移出计划；计划结束前已在手机上离线填写的，连上信号后仍收。', finishVeil: '四不两直计划完成后，受检方即可看到检查情况和问题。', cancelHint: '取消后保留记录，不再检查；保密的计划仍然保密。',
        objects: '{n}/{m} 个对象已查', found: '发现 {n} 个问题', toDraw: '尚未抽取对象', left: '{n} 天后截止', today: '今天截止', over: '已过截止日期 {n} 天', list: '检查清单与对象', inspections: '对象与检查', byCounty: '各地进度', none: '计划中还没有对象', noneHint: '请随机抽取，或手工加入对象。',
        add: '手工加入对象', addTitle: '手工加入对象', addAct: '加入 {n} 个', addHint: '只列出计划范围内的“{kind}”，一次最多 200 个。', addTeam: '由哪组检查', onPlan: '已在计划中', noMatch: '范围内没有符合的对象', tooMany: '只显示前 {n} 个，请输入名称缩小范围', anyState: '全部状态',
      },
      draw: {
        title: '双随机抽取', act: '抽取', again: '再次核验', checking: '正在核验…', same: '已按记录的种子重新抽取，结果与公布的完全一致。', differs: '重新抽取的结果不同：{why}', count: '抽取对象数', perTeam: '每个对象几名检查人员', stratify: '按县分配：每县至少一个，其余按数量分配', once: '只能抽取一次，种子由程序产生，任何人不能指定。结果公开、可复核。',
        notYet: '尚未抽取。抽取后在此公布种子、候选名单摘要、各县名额和每个对象的签号。', hidden: '四不两直计划的抽取结果，在计划完成后公布。', pool: '候选名单摘要', seed: '种子', algorithm: '方法', from: '候选', fromN: '{n} 个对象，{m} 名检查人员', at: '抽取时间', quotas: '各县名额', county: '县', of: '候选', quota: '抽取', results: '抽中结果（共 {n} 个）', order: '序', lot: '签号', copy: '复制签号', inRange: '范围内现有 {n} 个', noInspectors: '所选检查组没有成员，只能抽对象（检查人员填 0）。',
        how: '如何自行复核', how1: '每个候选有一支签。签号是以下五行文字（以换行符相连）的 SHA-256：', how2: '第一行 {algorithm}；第二行种子；第三行抽的是什么（object 对象，county 县，team 检查人员）；第四行候选的编号；第五行签的序号，从 1 起。', how3: '签号最小者先中。按县分配时，先定各县名额，再在县内抽取。以 {id} 号对象为例，可在任何电脑上运行：', how4: '得到的签号应与抽中结果所列的相同。候选名单摘要用于证明名单未被改动。',
      },
      teams: {
        title: '检查组', add: '新建检查组', name: '名称（中文）', nameEn: '名称（英文）', areas: '负责片区', members: '成员', leader: '组长', none: '还没有检查组', noneHint: '检查组按片区包干，成员中第一位为组长。', count: '{n} 个检查组', people: '{n} 名检查人员', bare: '{n} 个片区没有检查组', all: '所有片区都有检查组', keeper: '归属单位', keeperHint: '由其制定计划并管理此组。', edit: '修改检查组', addMember: '加入成员', search: '按姓名查找', up: '上移：{name}', remove: '移出：{name}', makeLeader: '设为组长', wanted: '须有名称和至少一名成员', noPeople: '没有符合的人员', nothing: '未定',
      },
      all: { title: '检查', none: '还没有检查', noneHint: '检查来自计划，也可在对象页面直接发起。', mine: '只看我的', open: '{n} 次检查中', waiting: '{n} 次未开始', single: '计划外', any: '全部状态', anyPlace: '全部地区', anyKind: '全部类型', anyMode: '全部方式', plan: '计划', date: '完成时间', of: '仅限对象 {n}', start: '发起检查' },
      start: { title: '发起计划外检查', act: '开始检查', hint: '在计划之外对一个对象开展检查。', noList: '没有适用于“{kind}”的检查清单', veil: '四不两直：完成前对受检方保密。', pick: '选择对象', find: '按名称或编号查找对象', clauses: '{n} 条' },
      sheet: {
        title: '检查表', basis: '依据', answered: '已查 {n}/{m} 条', left: '还有 {n} 条没有结论', found: '{n} 个问题', scoreNow: '目前得分 {n}', scoreEnd: '得分 {n}', complete: '全部已有结论，可以完成', finish: '完成检查', finishTitle: '完成检查', finishHint: '完成后不能再改。得分与问题随之确定。', finishVeil: '此检查在计划外，完成后受检方即可看到。', finishVeilPlan: '计划完成前对受检方保密。',
        result: '结果', section: '部分', findings: '问题', deducted: '扣分', total: '合计', follows: '责任追究建议', bySeverity: '按等级', keyLinks: '三个重点环节', persons: '三个责任人', noMarks: '本清单不涉及', ok: '无问题', add: '记录问题', other: '再记一个问题', needs: '已判不合格，请写明问题', hazard: '隐患', sample: '示例', keyLink: '重点环节', person: '责任人', note: '检查记录', noteHint: '现场情况、陪同人员等', saved: '已保存 {at}', saving: '正在保存…', failed: '未保存：{why}', onlyOpen: '只看未查', allClauses: '全部条目', nothing: '没有符合的条目', asPhone: '手机版', jump: '到下一条未查', print: '打印', points: '扣 {n} 分', mend: '{n} 天内整改', onSpot: '当场整改', readOnly: '只读', toPlan: '检查计划 {n}', signInspector: '检查人员签字', signUnit: '受检单位签字', signDate: '日期', locked: '已有问题记录，不能改判', due: '整改时限', number: '编号',
        links: { monitoring: '雨水情测报', operation_plan: '调度运用方案', emergency_plan: '应急预案' },
        who: { administrative: '行政责任人', technical: '技术责任人', patrol: '巡查责任人', all: '三个责任人' },
      },
      finding: {
        title: '记录问题', edit: '修改问题', severity: '问题等级', detail: '问题描述', detailHint: '看到什么、在哪里、多严重', photos: '照片', addPhoto: '拍照或选图', photoN: '第 {n} 张照片', dropPhoto: '去掉第 {n} 张', place: '位置', placeWords: '位置描述', placeHint: '如“大坝左岸下游坡”', here: '取当前位置', finding: '正在定位…', noPlace: '无法定位：{why}，请用文字描述', denied: '未允许定位', unsure: '暂时取不到位置', insecure: '此连接不支持定位', at: '东经 {lon}，北纬 {lat}', dropPlace: '去掉位置', keep: '保存问题', wanted: '请写明问题', uploading: '正在上传照片 {n}/{m}', gone: '问题一经保存即进入整改流程。',
      },
      phone: {
        title: '手机检查', mine: '我的', all: '全部', none: '没有待查的检查', noneHint: '安排给您的检查列在这里。', noneMine: '没有安排给您的检查', taken: '已存入本机 {n}/{m}，无信号也能查', offline: '无信号，显示本机所存', office: '电脑版', back: '返回清单', keptAt: '显示本机 {at} 所存', planEnded: '计划已结束。结束前开始填写的，发送后仍收；未收的仍保存在本机。', noSignal: '无信号', dismiss: '知道了',
        kept: '存于本机', sending: '正在发送', sent: '已发送 {at}', refused: '被拒绝：{why}', allSent: '全部已发送', nothing: '没有待发送的内容', keptN: '{n} 项存于本机', refusedN: '{n} 项被拒绝', sendNow: '立即发送', noStore: '本机无法保存：请勿在无信号时使用，或换用其他浏览器。', retry: '改后重发', drop: '删除', dropTitle: '删除未收下的问题', dropHint: '此问题未被服务器收下，删除后无法恢复。', others: '本机还存有其他账号的 {n} 项，须由其登录后发送。',
        fullStore: '本机空间不足，未能保存，请先发送已有内容。', unsent: '尚有 {n} 项未发送，发送后才能完成', finish: '完成检查', sent1: '已完成，得分 {n}', done: '检查已完成', again: '重试', notTaken: '此检查未存入本机，须有信号才能打开。', photoN: '{n} 张照片',
      },
    },
  },
  en: {
    inspect: {
      title: 'Oversight', tabs: 'Pages of inspections', plansTab: 'Plans', teamsTab: 'Teams', allTab: 'Inspections', phoneTab: 'On the phone',
      state: 'State', division: 'Division', object: 'Object', kind: 'Kind of object', line: 'Line of work', anyLine: 'all lines of work', origin: 'Origin', mode: 'Mode', checklist: 'Checklist', version: 'version {n}', sampleList: 'sample, to be confirmed by the office',
      scope: 'Inspected', from: 'From', to: 'To', days: 'Days', team: 'Team', noTeam: 'none', by: 'Made by', keeper: 'Kept by', inspectors: 'Inspectors', score: 'Score', unscored: 'not scored', found: 'Found', done: 'Done', save: 'Save', looked: 'Looked at', progress: 'Progress',
      veil: 'hidden from the inspected', veilHint: 'Unannounced: until the plan is done, the inspected side sees it on no page, in no search, export or notice.', stale: 'Somebody else changed it meanwhile; look at what stands now and try again.', reread: 'Read again', none: 'none', started: 'Begun', title1: 'Title', nobody: 'nobody named',
      modes: { unannounced: 'unannounced', open: 'announced', self: 'self-check', provincial: 'provincial', ministerial: 'ministerial' },
      origins: { ministry: 'ministry', province: 'province', city: 'city', county: 'county', self: 'self-check', rule: 'rule' },
      planStates: { draft: 'to be drawn', drawn: 'under way', done: 'done', cancelled: 'called off' },
      states: { planned: 'planned', under_way: 'under way', done: 'done' },
      severity: { general: 'general', heavier: 'heavier', serious: 'serious', grave: 'grave' },
      answer: { pass: 'Pass', fail: 'Fail', na: 'N/A', open: 'not looked at' },
      plans: {
        add: 'New plan', none: 'There is no inspection plan yet', noneHint: 'Once there is one, objects and inspectors can be drawn for it by lot, or objects put on it by hand.', any: 'All states',
        drafts: '{n} to be drawn', running: '{n} under way', left: '{n} object still to be looked at | {n} objects still to be looked at', ended: '{n} ended', over: '{n} past their last day and not done',
      },
      form: {
        title: 'New inspection plan', act: 'Make the plan', unannounced: 'Until the plan is done, the inspected side sees neither it nor what it finds.', teamsHint: 'Inspectors are drawn from the teams chosen; nobody inspects in the own county or the own unit.', noTeams: 'There is no team yet: make one first, or draw objects only.', wrongDays: 'it ends before it begins',
      },
      plan: {
        title: 'Inspection plan', facts: 'The plan', ended: 'Ended', finish: 'Finish', cancel: 'Call off', finishHint: 'Objects that nobody looked at ({n}) are taken off the plan; a sheet begun on a phone without a signal before the end is still taken when it is sent.', finishVeil: 'Once an unannounced plan is done, the inspected side sees its inspections and what they found.', cancelHint: 'The record stays and nothing more is inspected; a hidden plan stays hidden.',
        objects: '{n}/{m} objects looked at', found: '{n} finding | {n} findings', toDraw: 'no objects drawn yet', left: 'ends in {n} d', today: 'ends today', over: '{n} d past its last day', list: 'Checklist and objects', inspections: 'Objects and inspections', byCounty: 'By county', none: 'There is no object on the plan yet', noneHint: 'Draw them by lot, or add them by hand.',
        add: 'Add by hand', addTitle: 'Add objects by hand', addAct: 'Add {n}', addHint: 'Listed are objects of the kind “{kind}” in the plan’s scope; at most 200 at once.', addTeam: 'Inspected by', onPlan: 'on the plan', noMatch: 'Nothing in scope matches', tooMany: 'Only the first {n} are shown: type a name', anyState: 'All states',
      },
      draw: {
        title: 'Drawing by lot', act: 'Draw', again: 'Check again', checking: 'Checking…', same: 'Drawn again from the recorded seed: it comes out exactly as published.', differs: 'Drawn again, it comes out differently: {why}', count: 'Objects to draw', perTeam: 'Inspectors for each', stratify: 'Share over counties: one each at least, the rest in proportion', once: 'Drawn once only. The seed is made by the program and chosen by nobody; the result can be checked by everybody.',
        notYet: 'Not drawn yet. Seed, digest of the candidates, the counties’ shares and the lot of each object will stand here.', hidden: 'The drawing of an unannounced plan is shown once the plan is done.', pool: 'Digest of candidates', seed: 'Seed', algorithm: 'Procedure', from: 'Drawn from', fromN: '{n} objects, {m} inspectors', at: 'Drawn', quotas: 'Shares of the counties', county: 'County', of: 'Candidates', quota: 'Drawn', results: 'What was drawn ({n})', order: 'No.', lot: 'Lot number', copy: 'Copy the lot number', inRange: '{n} in scope now', noInspectors: 'The teams chosen have no members: draw objects only, with 0 inspectors.',
        how: 'How to check it yourself', how1: 'Every candidate has a lot. Its number is the SHA-256 of five lines of text, joined by line feeds:', how2: 'first {algorithm}, then the seed, then what is drawn (object, county or team), then the candidate’s number, then the number of the lot, from 1.', how3: 'The smallest number comes first. Where shares are given, counties get theirs first and the draw goes on inside each. For object {id}, run on any computer:', how4: 'The number must be the one in the table. The digest of candidates shows that the list was not changed.',
      },
      teams: {
        title: 'Inspection teams', add: 'New team', name: 'Name (Chinese)', nameEn: 'Name (English)', areas: 'Areas', members: 'Members', leader: 'leader', none: 'There is no team yet', noneHint: 'Each team answers for its areas; its first member leads it.', count: '{n} team | {n} teams', people: '{n} inspector | {n} inspectors', bare: '{n} area without a team | {n} areas without a team', all: 'every area has a team', keeper: 'Kept by', keeperHint: 'Who plans with this team and may change it.', edit: 'Change the team', addMember: 'Add a member', search: 'Find by name', up: 'Move up: {name}', remove: 'Take out: {name}', makeLeader: 'Make leader', wanted: 'A team has a name and at least one member', noPeople: 'Nobody matches', nothing: 'none set',
      },
      all: { title: 'Inspections', none: 'There is no inspection yet', noneHint: 'They come from plans, or are begun from an object.', mine: 'Only mine', open: '{n} under way', waiting: '{n} planned', single: 'on no plan', any: 'All states', anyPlace: 'Every place', anyKind: 'Every kind', anyMode: 'Every mode', plan: 'Plan', date: 'Done', of: 'Object {n} only', start: 'Inspect an object' },
      start: { title: 'Inspect outside a plan', act: 'Begin', hint: 'One object is looked at on no plan.', noList: 'No checklist is for the kind “{kind}”', veil: 'Unannounced: hidden from the inspected until it is done.', pick: 'Choose an object', find: 'Find an object by name or code', clauses: '{n} clauses' },
      sheet: {
        title: 'Inspection sheet', basis: 'Basis', answered: '{n}/{m} clauses answered', left: '{n} clause has no answer yet | {n} clauses have no answer yet', found: '{n} finding | {n} findings', scoreNow: 'score as it stands {n}', scoreEnd: 'score {n}', complete: 'every clause has its answer: it can be done', finish: 'Complete', finishTitle: 'Complete the inspection', finishHint: 'Nothing can be changed afterwards; score and findings stand.', finishVeil: 'It is on no plan: the inspected side sees it from then on.', finishVeilPlan: 'It stays hidden from the inspected until the plan is done.',
        result: 'Result', section: 'Section', findings: 'Findings', deducted: 'Points off', total: 'Total', follows: 'What follows', bySeverity: 'By severity', keyLinks: 'Three key links', persons: 'Three persons', noMarks: 'not in this list', ok: 'nothing found', add: 'Write a finding', other: 'One more finding', needs: 'failed: its finding is not written yet', hazard: 'hazard', sample: 'sample', keyLink: 'key link', person: 'person', note: 'Note', noteHint: 'What it was like on site, who came along', saved: 'saved {at}', saving: 'saving…', failed: 'not saved: {why}', onlyOpen: 'Unanswered only', allClauses: 'All clauses', nothing: 'No clause matches', asPhone: 'Phone view', jump: 'Next unanswered', print: 'Print', points: '{n} points off', mend: 'to mend in {n} d', onSpot: 'to mend on the spot', readOnly: 'read only', toPlan: 'inspection plan {n}', signInspector: 'Signed, inspectors', signUnit: 'Signed, inspected unit', signDate: 'Date', locked: 'It has a finding and cannot be answered otherwise', due: 'Due', number: 'Number',
        links: { monitoring: 'rain and water monitoring', operation_plan: 'operation plan', emergency_plan: 'emergency plan' },
        who: { administrative: 'administrative person', technical: 'technical person', patrol: 'patrolling person', all: 'all three persons' },
      },
      finding: {
        title: 'Write a finding', edit: 'Change the finding', severity: 'Severity', detail: 'What is wrong', detailHint: 'What is seen, where, how bad', photos: 'Photos', addPhoto: 'Take or choose a photo', photoN: 'Photo {n}', dropPhoto: 'Take photo {n} out', place: 'Place', placeWords: 'Place in words', placeHint: 'such as “left bank, downstream slope”', here: 'Use where I am', finding: 'Locating…', noPlace: 'No position: {why}. Please describe the place', denied: 'not allowed', unsure: 'none to be had now', insecure: 'this connection does not allow it', at: '{lon} E, {lat} N', dropPlace: 'Take the position out', keep: 'Save the finding', wanted: 'Write what is wrong', uploading: 'Uploading photo {n}/{m}', gone: 'Once saved, a finding is in the loop of rectification.',
      },
      phone: {
        title: 'Inspections', mine: 'Mine', all: 'All', none: 'Nothing to inspect', noneHint: 'What is given to you stands here.', noneMine: 'Nothing is given to you', taken: '{n}/{m} kept on this phone, for places with no signal', offline: 'no signal: what this phone has kept', office: 'Office view', back: 'Back to the list', keptAt: 'as kept on this phone {at}', planEnded: 'The plan has ended. A sheet begun before the end is still taken when it is sent; what is not taken stays on this phone.', noSignal: 'no signal', dismiss: 'Dismiss',
        kept: 'kept on this phone', sending: 'sending', sent: 'sent {at}', refused: 'refused: {why}', allSent: 'all sent', nothing: 'nothing to send', keptN: '{n} kept on this phone', refusedN: '{n} refused', sendNow: 'Send now', noStore: 'This browser cannot keep anything: do not use it without a signal, or take another.', retry: 'Change and send', drop: 'Delete', dropTitle: 'Delete a finding that was not taken', dropHint: 'The server has not taken it; once deleted it is gone.', others: '{n} of another account are kept here; they are sent once it signs in.',
        fullStore: 'No room on this phone: it was not saved. Send what is kept first.', unsent: '{n} not sent yet; it can be completed once they are', finish: 'Complete', sent1: 'done, score {n}', done: 'The inspection is done', again: 'Try again', notTaken: 'This inspection is not kept on this phone: it takes a signal to open it.', photoN: '{n} photo | {n} photos',
      },
    },
  },
})
