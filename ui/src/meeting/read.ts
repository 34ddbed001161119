/** Meetings as the server gives them, with lists where it leaves null, and what their tasks came to. */
import type { MeetingDetail, MeetingRows, NewTask, WaitingRow } from '@/api/work'
import { get } from '@/lib/client'
import { filled } from '@/lib/lists'

export const readMeetings = async (q: string, limit: number, offset = 0, signal?: AbortSignal): Promise<MeetingRows> =>
  filled(await get<MeetingRows>('/api/meetings', { q, limit, offset }, signal), ['items'])

export const readMeeting = async (id: string, signal?: AbortSignal): Promise<MeetingDetail> =>
  filled(await get<MeetingDetail>(`/api/meetings/${encodeURIComponent(id)}`, {}, signal), ['task_list', 'before_tasks'])

export interface Tally {
  all: number
  done: number
  late: number
}

/** How the tasks stand; what is no longer live is done with. */
export const tally = (tasks: readonly Pick<WaitingRow, 'live' | 'overdue'>[]): Tally => ({
  all: tasks.length,
  done: tasks.filter((m) => !m.live).length,
  late: tasks.filter((m) => m.live && m.overdue).length,
})

/** A task under somebody's hands. */
export interface TaskForm {
  key: number
  title: string
  detail: string
  division: string
  line: string
  unit: string
  person: string
  due: string
}

let made = 0

export const taskForm = (from: Partial<NewTask> = {}): TaskForm => ({
  key: ++made, title: from.title ?? '', detail: from.detail ?? '', division: from.division ?? '', line: from.line ?? '', unit: from.unit ?? '', person: from.person ?? '', due: from.due ?? '',
})

type Needed = 'title' | 'division' | 'line' | 'due'
const needed: readonly Needed[] = ['title', 'division', 'line', 'due']

/** The fields that a task cannot do without and has not. */
export const lacks = (t: TaskForm): Needed[] => needed.filter((f) => !t[f].trim())

/** What is sent: what was left empty is not there. */
export function taskBody(t: TaskForm): NewTask {
  const body: NewTask = { title: t.title.trim(), division: t.division, line: t.line, due: t.due }
  if (t.detail.trim()) body.detail = t.detail.trim()
  if (t.unit) body.unit = t.unit
  if (t.person) body.person = t.person
  return body
}
