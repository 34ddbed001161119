/** What waits for the person who asks: matters by reason, steps of the ladder to approve and to answer, each by deadline. */
import type { LadderRow, Waiting } from '@/api/work'
import { get } from '@/lib/client'
import { filled } from '@/lib/lists'
import { daysBetween, lastDay } from '@/lib/time'

export const SHOWN = 50

export interface Desk {
  groups: Waiting[]
  approve: Letters
  reply: Letters
}

/** Steps of the ladder that wait for one act, the first of them by their reply's deadline, and how many there are. */
export interface Letters {
  items: LadderRow[]
  total: number
}

const none: Letters = { items: [], total: 0 }

/** The steps in a state that the person who asks may act on, as the server says: nobody decides what they proposed. */
const steps = async (state: 'proposed' | 'issued', may: 'decide' | 'reply', signal?: AbortSignal): Promise<Letters> =>
  filled(await get<Letters>('/api/escalations', { state, may, limit: SHOWN }, signal), ['items', 'items.matters'])

/** Asks only for the steps that the person may act on at all. */
export async function readDesk(any: { approve: boolean; reply: boolean }, signal?: AbortSignal): Promise<Desk> {
  const [groups, approve, reply] = await Promise.all([
    get<{ items: Waiting[] }>('/api/work', { limit: SHOWN }, signal),
    any.approve ? steps('proposed', 'decide', signal) : none,
    any.reply ? steps('issued', 'reply', signal) : none,
  ])
  return { groups: filled(groups, ['items', 'items.items']).items, approve, reply }
}

export interface Urgency {
  all: number
  late: number
  today: number
  soon: number
}

/** How pressing it is; a step to propose or to approve has no deadline of its own, that of its matter is for others, and only counts. */
export function urgency(desk: Desk, today: string): Urgency {
  const days = [...desk.groups.filter((g) => g.why !== 'step').flatMap((g) => g.items.map((m) => (m.overdue ? Math.min(m.days_left, -1) : m.days_left))), ...desk.reply.items.map((e) => daysBetween(today, lastDay(e.reply_due)))]
  return {
    all: desk.groups.reduce((n, g) => n + g.total, 0) + desk.approve.total + desk.reply.total,
    late: days.filter((d) => d < 0).length,
    today: days.filter((d) => d === 0).length,
    soon: days.filter((d) => d > 0 && d <= 3).length,
  }
}

const states: Record<Waiting['why'], Record<string, string>> = {
  mine: { live: 'true' },
  confirm: { state: 'found' },
  assign: { state: 'confirmed' },
  review: { state: 'submitted' },
  dispute: { state: 'disputed' },
  extension: { extension_asked: 'true' },
  step: { calls_for: 'any' },
}

/** The list that holds the rest of a group, as near as a filter comes. */
export const allOf = (why: Waiting['why']): Record<string, string> => states[why]
