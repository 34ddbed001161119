import { expect, test } from 'vitest'
import { lacks, tally, taskBody, taskForm } from './read'

test('a task says what it lacks', () => {
  expect(lacks(taskForm())).toEqual(['title', 'division', 'line', 'due'])
  expect(lacks(taskForm({ title: ' ', division: '330624', line: 'flood', due: '2026-07-31' }))).toEqual(['title'])
})

test('what was left empty is not sent', () => {
  expect(taskBody(taskForm({ title: ' 完成核查 ', division: '330624', line: 'flood', due: '2026-07-31' }))).toEqual({
    title: '完成核查', division: '330624', line: 'flood', due: '2026-07-31',
  })
})

test('what is no longer live is done, and a deadline passed only counts while something is to do', () => {
  expect(tally([{ live: true, overdue: true }, { live: true, overdue: false }, { live: false, overdue: true }])).toEqual({ all: 3, done: 1, late: 1 })
})
