import { words } from '@/lib/words'

export default words({
  zh: {
    rulebook: {
      title: '检查办法', kind: '种类', name: '名称', id: '编号', version: '版本', at: '生效时间', by: '维护人', inForce: '现行', past: '旧版', sample: '示例', samples: '{n} 份仍为示例，待本单位确认', count: '{n} 份现行', versions: '历次版本', text: 'YAML 文本', toFile: '存为文件',
      none: '还没有检查办法', noneHint: '检查清单、评分表、比较办法和升级办法以 YAML 文件读入。', upload: '读入文件', versionN: '第 {n} 版',
      kinds: { checklist: '检查清单', tree: '评分表', ledger: '台账规则', comparison: '比较办法', ladder: '升级办法', lifecycle: '项目全过程规则' },
      checked: '核对：{name}', over: '第 {n} 版，将取代第 {m} 版', first: '第 {n} 版，此前没有', same: '此版本已在库中，一字不差，无需生效', wrongN: '{n} 处有误，未生效', place: '位置', reason: '原因', changesN: '{n} 处改动', noChanges: '内容没有改动，只有版本号或写法不同', before: '原', after: '现',
      added: '新增', removed: '删除', breaking: '影响比较', breakingHint: '去掉的条目以后查不出重复发生；以往检查仍按当时的版本。', act: '生效', after1: '生效后新开始的检查按此版本；已开始的检查和以往结果仍按当时的版本。版本一经生效不再改变。',
    },
  },
  en: {
    rulebook: {
      title: 'Rulebooks', kind: 'Kind', name: 'Title', id: 'Id', version: 'Version', at: 'In force since', by: 'Loaded by', inForce: 'in force', past: 'earlier', sample: 'sample', samples: '{n} still a sample, to be confirmed by the office', count: '{n} in force', versions: 'Versions', text: 'YAML', toFile: 'To a file',
      none: 'There is no rulebook yet', noneHint: 'Checklists, score trees, the comparison and the ladder are read from YAML files.', upload: 'Read a file', versionN: 'version {n}',
      kinds: { checklist: 'checklist', tree: 'score tree', ledger: 'ledger', comparison: 'comparison', ladder: 'ladder', lifecycle: 'project rules' },
      checked: 'Check: {name}', over: 'version {n}, in the place of version {m}', first: 'version {n}, the first', same: 'This version is kept already, word for word: there is nothing to do', wrongN: '{n} mistake, nothing is in force | {n} mistakes, nothing is in force', place: 'Place', reason: 'Reason', changesN: '{n} change | {n} changes', noChanges: 'It says the same; only the version or the way it is written differs', before: 'Before', after: 'After',
      added: 'added', removed: 'removed', breaking: 'breaks comparison', breakingHint: 'A clause that is gone is not told as recurrent any more; past inspections keep their version.', act: 'Put into force', after1: 'Inspections begun from now on go by this version; those begun before, and past results, keep theirs. A version never changes.',
    },
  },
})
