/** Plans, teams, checklists and inspections as the server gives them, with lists where it leaves null. */
import { computed, shallowRef } from 'vue'
import type { Checklist, Clause, InspectionDetail, InspectionRow, ObjectWords, PlanDetail, Severity, TeamRow } from '@/api/oversight'
import type { Page } from '@/api/types'
import { get } from '@/lib/client'
import { say } from '@/lib/i18n'
import { filled } from '@/lib/lists'

const listPaths = ['objects', 'severities', 'sections', 'sections.clauses', 'sections.clauses.allowed']
const detailPaths = ['inspectors', 'findings', 'found', 'result.sections', 'result.unanswered', ...listPaths.map((p) => `list.${p}`)]

export const filledDetail = <T extends InspectionDetail>(d: T): T => filled(d, detailPaths)

export const readInspection = async (id: number, signal?: AbortSignal): Promise<InspectionDetail> =>
  filledDetail(await get<InspectionDetail>(`/api/inspections/${id}`, {}, signal))

export async function readPlan(id: number, signal?: AbortSignal): Promise<PlanDetail> {
  const plan = filled(await get<PlanDetail>(`/api/inspection-plans/${id}`, {}, signal), ['teams', 'inspections', 'inspections.inspectors'])
  if (plan.drawing) filled(plan.drawing, ['quotas', 'drawn', 'drawn.Team'])
  return plan
}

export interface InspectionPage {
  items: InspectionRow[]
  next?: number
}

export const readInspections = async (query: Record<string, string | number | boolean>, signal?: AbortSignal): Promise<InspectionPage> =>
  filled(await get<InspectionPage>('/api/inspections', query, signal), ['items', 'items.inspectors'])

export const readTeams = async (signal?: AbortSignal): Promise<TeamRow[]> =>
  filled(await get<Page<TeamRow>>('/api/inspection-teams', {}, signal), ['items', 'items.areas', 'items.members']).items

export const readChecklists = async (signal?: AbortSignal): Promise<Checklist[]> =>
  filled(await get<Page<Checklist>>('/api/checklists', {}, signal), ['items', ...listPaths.map((p) => `items.${p}`)]).items

const words = shallowRef<ObjectWords | null>(null)
let asked: Promise<void> | null = null

/** Reads what the kinds of objects are called, once. */
export function loadObjectWords(): Promise<void> {
  asked ??= get<ObjectWords>('/api/objects/words').then(
    (answer) => void (words.value = answer),
    () => void (asked = null),
  )
  return asked
}

const kinds = computed(() => new Map((words.value?.kinds ?? []).map((k) => [k.code, k.name])))

/** The codes of all kinds of objects, once their words are read. */
export const kindCodes = computed(() => [...kinds.value.keys()])

export const kindName = (code: string): string => say(kinds.value.get(code)) || code

/** The grades that a finding under the clause may have, from light to grave. */
export const mayBe = (c: Clause): Severity[] => ((c.allowed ?? []).length ? c.allowed : [c.severity]) as Severity[]

/** What a finding of a grade deducts; null in a list without a score. */
export function pointsFor(list: Checklist, c: Clause, s: Severity): number | null {
  if (!list.scoring) return null
  const own = c.points as number | null
  return own ?? list.scoring.points[s] ?? null
}

/** How many days there are to mend a finding of a grade; null where the list says nothing. */
export const daysFor = (list: Checklist, c: Clause, s: Severity): number | null => c.days?.[s] ?? list.days[s] ?? null

export const clausesOf = (list: Checklist): Clause[] => list.sections.flatMap((s) => s.clauses)
