import { describe, expect, it } from 'vitest'
import { bytesOf, changesNothing, headsOf, mayConfirm, share, tablesOf, withHead, type Job } from './imports'

const job = (more: object): Job =>
  ({ state: 'preview', done: 0, said: {}, report: { readings: 4, same: 0, columns: [{ sheet: 'A', column: 0, head: '测站', role: 'station' }], ignored: ['备注'], refused: [], files: [], more: 0 }, ...more }) as unknown as Job

describe('an upload of readings', () => {
  it('sends of a folder its tables alone', () => {
    const files = ['a.csv', 'b.XLSX', 'read.me', '~$b.xlsx', '.hidden.csv'].map((n) => new File(['12'], n))
    expect(tablesOf(files).map((f) => f.name)).toEqual(['a.csv', 'b.XLSX'])
    expect(bytesOf(files)).toBe(10)
  })
  it('may be confirmed where it waits, failed or was cut off', () =>
    expect(['preview', 'failed', 'interrupted', 'running', 'done'].map((state) => mayConfirm(job({ state })))).toEqual([true, true, true, false, false]))
  it('may not be confirmed where nothing was read', () => expect(mayConfirm(job({ report: { ...job({}).report, readings: 0 } }))).toBe(false))
  it('changes nothing where all of it is known', () => expect([changesNothing(job({ report: { ...job({}).report, same: 4 } }).report), changesNothing(job({}).report)]).toEqual([true, false]))
  it('is so far', () => expect(share(job({ done: 3 }))).toBe(75))
})

describe('the columns of an upload', () => {
  it('are those that were understood, and then the others', () => expect(headsOf(job({})).map((h) => [h.head, h.role])).toEqual([['测站', 'station'], ['备注', 'ignored']]))
  it('are taken for what a person says, until nothing is said', () => {
    const said = withHead({}, '备注', 'level')
    expect(said.heads).toEqual({ 备注: 'level' })
    expect(withHead(said, '备注', '').heads).toEqual({})
  })
})
