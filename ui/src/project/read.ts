/** Projects as the server gives them, with lists where it leaves null. */
import type { CountyPlans, FigureRevision, Funding, Gantt, Gaps, IssuedList, ProjectDetail, ProjectHistory, ProjectMap, ProjectPage, ProjectWords, ProjectYear } from '@/api/project'
import { get, type Query } from '@/lib/client'
import { filled } from '@/lib/lists'

const under = (at: string, list: readonly string[]): string[] => list.map((p) => `${at}.${p}`)
const row = ['counties', 'programmes', 'lists', 'lag.months']
const funding = ['counties', 'counties.sums', 'sources', 'sources.sums', 'total', 'exceeds', 'entries', 'entries.files']
const part = ['steps', 'steps.files', 'schedule', 'next', 'next.refused', 'next.warned', 'months', 'lag.months']

export const readProjects = async (query: Query, signal?: AbortSignal): Promise<ProjectPage> =>
  filled(await get<ProjectPage>('/api/projects', query, signal), ['items', ...under('items', row), 'tally.counties'])

export const readProject = async (id: string, query: Query, signal?: AbortSignal): Promise<ProjectDetail> =>
  filled(await get<ProjectDetail>(`/api/projects/${encodeURIComponent(id)}`, query, signal), [...row, 'parts_list', ...under('parts_list', part), 'months', 'failing', ...under('funding', funding)])

export const readHistory = async (id: string, before: number): Promise<ProjectHistory> =>
  filled(await get<ProjectHistory>(`/api/projects/${encodeURIComponent(id)}/history`, before ? { before } : {}), ['items'])

export const readRevisions = async (part: number, query: Query, signal?: AbortSignal): Promise<FigureRevision[]> =>
  filled(await get<{ items: FigureRevision[] }>(`/api/project-parts/${part}/figures`, query, signal), ['items', 'items.files']).items

export const readGantt = async (query: Query, signal?: AbortSignal): Promise<Gantt> =>
  filled(await get<Gantt>('/api/projects/gantt', { ...query, limit: 2000 }, signal), ['items', 'items.spans', 'items.dates'])

export const readMap = async (query: Query, signal?: AbortSignal): Promise<ProjectMap> =>
  filled(await get<ProjectMap>('/api/projects/map', query, signal), ['items', 'items.shape.points'])

export const readFunding = async (query: Query, signal?: AbortSignal): Promise<Funding> =>
  filled(await get<Funding>('/api/projects/funding', query, signal), funding)

export const readGaps = async (query: Query, signal?: AbortSignal): Promise<Gaps> =>
  filled(await get<Gaps>('/api/projects/gaps', query, signal), ['items', ...under('items', row), 'counties'])

export const readYear = async (query: Query, signal?: AbortSignal): Promise<ProjectYear> =>
  filled(await get<ProjectYear>('/api/projects/year', query, signal), ['counties', 'unplanned', ...under('unplanned', row)])

export const readPlans = async (query: Query, signal?: AbortSignal): Promise<CountyPlans[]> =>
  filled(await get<{ items: CountyPlans[] }>('/api/project-plans', query, signal), ['items', 'items.counties', 'items.counties.steps', 'items.counties.steps.files']).items

export const readLists = async (signal?: AbortSignal): Promise<IssuedList[]> =>
  filled(await get<{ items: IssuedList[] }>('/api/project-lists', {}, signal), ['items', 'items.items']).items

export const readList = async (id: string, signal?: AbortSignal): Promise<IssuedList> =>
  filled(await get<IssuedList>(`/api/project-lists/${encodeURIComponent(id)}`, {}, signal), ['items'])

export const readWords = async (): Promise<ProjectWords> =>
  filled(await get<ProjectWords>('/api/projects/words'), ['part_kinds', 'plan_states', 'sorts', ...under('rules', ['stages', 'milestones', 'milestones.needs', 'guards', 'kinds', 'programmes', 'plans', 'funding.sources', 'funding.steps'])])
