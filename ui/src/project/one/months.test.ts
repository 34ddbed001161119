import { describe, expect, it } from 'vitest'
import type { FigureRevision, Milestone, ProjectMonth, ProjectPart, ProjectStep } from '@/api/project'
import { changesOf, contested, photosOf, soFar, wrongFields } from './months'
import { ladder, lacking, nextDue } from './step'

const cell = (value: number | null, revision = value === null ? 0 : 1) => ({ value, revision })
const month = (at: string, actual: number | null, progress: number | null = null): ProjectMonth => ({ month: at, plan: cell(100), actual: cell(actual), planned_progress: cell(null), progress: cell(progress) })

describe('months', () => {
  const months = [month('2026-01', 90), month('2026-02', null)]
  it('send what differs, with the revision that was read when typing began', () => {
    expect(changesOf(7, months, { '2026-01/actual': '90', '2026-02/actual': '80' }, { '2026-02/actual': 3 }, { '2026-02': ' 补报 ' }, {})).toEqual([{ part: 7, month: '2026-02', what: 'actual', value: 80, revision: 3, note: '补报' }])
  })
  it('take a figure back where the field is emptied: absent, and not zero', () => {
    expect(changesOf(7, months, { '2026-01/actual': '' }, {}, {}, {})[0]?.value).toBeNull()
  })
  it('send photographs with the progress, touched or not', () => {
    expect(changesOf(7, [month('2026-01', 1, 20)], {}, {}, {}, { '2026-01': ['h'] })).toEqual([{ part: 7, month: '2026-01', what: 'progress', value: 20, revision: 1, files: ['h'] }])
    expect(changesOf(7, [month('2026-01', 1, 20)], { '2026-01/progress': '25' }, {}, {}, { '2026-01': ['h'] })).toEqual([{ part: 7, month: '2026-01', what: 'progress', value: 25, revision: 1, files: ['h'] }])
  })
  it('say what is no number, and what somebody else changed meanwhile', () => {
    expect(wrongFields({ a: '1', b: 'x', c: '' })).toEqual(['b'])
    expect(contested([month('2026-01', 95)], { '2026-01/actual': '90' }, { '2026-01/actual': 0 })).toEqual([{ month: '2026-01', what: 'actual', now: 95, mine: '90' }])
  })
  it('end the sum where a figure is missing', () => expect(soFar([1, 2, null, 4])).toEqual([1, 3, null, null]))
  it('show each photograph once, the earliest month first', () => {
    const r = (id: number, at: string, hash: string, media = 'image/jpeg'): FigureRevision => ({ id, month: at, what: 'progress', revision: 1, value: 1, note: '', source: 'typed', by: '', at: '', files: [{ hash, name: hash, media }] })
    expect(photosOf([r(3, '2026-03', 'c'), r(1, '2026-01', 'a'), r(2, '2026-02', 'a'), r(4, '2026-02', 'd', 'application/pdf')]).map((p) => p.hash)).toEqual(['a', 'c'])
  })
})

const step = (milestone: string, on: string, undone = false): ProjectStep => ({ id: 1, milestone, on, amount_wan_yuan: null, document: '', note: '', files: [], by: '', written_at: '', undone_at: undone ? '2026-01-01' : null, undone_by: '', undone_why: '', approved_at: '2026-01-01', approved_by: '', may_approve: false, may_undo: false })
const part = (id: number, parent: number, steps: ProjectStep[], schedule: ProjectPart['schedule'] = []): ProjectPart => ({ id, parent, steps, schedule, next: [], withdrawn: null, shared: false }) as unknown as ProjectPart
const milestone = (id: string): Milestone => ({ id, name: { zh: id, en: id }, stage: '', needs: [], means: '', repeats: false, approval: '' }) as Milestone

describe('the way of a part', () => {
  it('takes what was approved above for reached, unless the part has its own', () => {
    const all = [part(1, 0, [step('design', '2024-01-01')]), part(2, 1, []), part(3, 1, [step('design', '2025-01-01')])]
    expect(ladder([milestone('design')], all[1]!, all)[0]?.above?.on).toBe('2024-01-01')
    expect(ladder([milestone('design')], all[2]!, all)[0]).toMatchObject({ above: null, steps: [{ on: '2025-01-01' }] })
  })
  it('does not count what was taken back', () => {
    const all = [part(1, 0, [step('design', '2024-01-01', true)])]
    expect(ladder([milestone('design')], all[0]!, all)[0]?.steps).toEqual([])
  })
  it('shows what awaits approval apart, and not as reached', () => {
    const all = [part(1, 0, [{ ...step('design', '2024-01-01'), approved_at: null }]), part(2, 1, [])]
    expect(ladder([milestone('design')], all[0]!, all)[0]).toMatchObject({ steps: [], awaits: { on: '2024-01-01' } })
    expect(ladder([milestone('design')], all[1]!, all)[0]?.above).toBeNull()
  })
  it('names the nearest milestone that is planned and not reached', () => {
    const date = (m: string, planned: string, reached: string | null) => ({ milestone: m, planned, first: planned, reached, late: false })
    const due = nextDue({ parts_list: [part(1, 0, [], [date('a', '2026-03-01', '2026-03-02'), date('b', '2026-09-01', null)]), part(2, 1, [], [date('c', '2026-07-01', null)])] })
    expect([due?.milestone, due?.day, due?.part.id]).toEqual(['c', '2026-07-01', 2])
    expect(nextDue({ parts_list: [part(1, 0, [])] })).toBeNull()
  })
  it('says what a step lacks', () => {
    const fields = { on: '2026-06-08', document: '', amount: '', note: '', files: 0 }
    expect(lacking(['document', 'amount'], fields, '2026-06-08')).toEqual(['document', 'amount'])
    expect(lacking([], { ...fields, on: '2026-06-09', amount: 'x' }, '2026-06-08')).toEqual(['future', 'badAmount'])
    expect(lacking(['document', 'evidence'], { ...fields, document: '1号', files: 1 }, '2026-06-08')).toEqual([])
  })
})
