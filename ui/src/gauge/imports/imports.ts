/** Uploads of readings: what the server keeps of them, and what a person says of their columns. */
import type { components } from '@/api/schema'
import type { Full, Page } from '@/api/types'
import { get, post, put, remove } from '@/lib/client'
import { filled } from '@/lib/lists'
import { sendForm } from '@/lib/upload'

type Schemas = components['schemas']
export type Job = Full<Schemas['SeriesImportJob']>
export type JobFile = Job['report']['files'][number]
export type Said = Full<Schemas['SeriesImportSaid']>
export type Row = Full<Schemas['SeriesImportRow']>
export type Refusal = Job['report']['refused'][number]
type Rows = Full<Schemas['GaugeImportRows']>

/** What the server takes at most. */
export const MOST_MIB = 32
/** What a person says of a column that is not taken. */
export const LEFT_OUT = '-'

const LISTS = ['report.refused', 'report.columns', 'report.ignored', 'report.files'] as const
const whole = (job: Job): Job => filled(job, [...LISTS])

export const readJobs = async (signal: AbortSignal): Promise<Job[]> =>
  filled(await get<Page<Job>>('/api/gauge-imports', {}, signal), ['items', ...LISTS.map((l) => `items.${l}`)]).items

export const readJob = async (id: string, signal?: AbortSignal): Promise<Job> => whole(await get<Job>(`/api/gauge-imports/${encodeURIComponent(id)}`, {}, signal))
export const readRows = async (id: string, lot: string, offset: number | string, signal?: AbortSignal): Promise<Rows> =>
  filled(await get<Rows>(`/api/gauge-imports/${encodeURIComponent(id)}/rows`, { lot, offset }, signal), ['items'])
export const sayJob = async (id: string, said: Said): Promise<Job> => whole(await put<Job>(`/api/gauge-imports/${encodeURIComponent(id)}`, said))
export const confirmJob = async (id: string): Promise<Job> => whole(await post<Job>(`/api/gauge-imports/${encodeURIComponent(id)}/confirm`, {}))
export const dropJob = (id: string): Promise<void> => remove(`/api/gauge-imports/${encodeURIComponent(id)}`)

const TABLE = /\.(csv|txt|xlsx|xls|zip)$/i

/** Of a folder only its tables are sent; the rest is nobody's business. */
export const tablesOf = (files: readonly File[]): File[] => (files.length === 1 ? [...files] : files.filter((f) => TABLE.test(f.name) && !/^[.~]/.test(f.name)))

export const bytesOf = (files: readonly File[]): number => files.reduce((sum, f) => sum + f.size, 0)

export function sendTables(files: readonly File[], object: number, minutes: number, sent: (share: number) => void): Promise<Job> {
  const form = new FormData()
  for (const f of files) form.append('file', f, f.name)
  if (object) form.append('object', String(object))
  if (minutes) form.append('span_minutes', String(minutes))
  return sendForm<Job>('/api/gauge-imports', form, sent)
}

export const refusals = (r: Job['report']): number => r.refused.length + r.more

/** An import whose every reading stood there already changes nothing. */
export const changesNothing = (r: Job['report']): boolean => r.readings > 0 && r.same === r.readings

export const mayConfirm = (job: Job): boolean => ['preview', 'failed', 'interrupted'].includes(job.state) && job.report.readings > 0

/** How much is stored, 0 to 100; null where nothing is known of it. */
export const share = (job: Job): number | null => (job.report.readings ? (job.done / job.report.readings) * 100 : null)

/** A column as the screen shows it: what was understood, and what was not. */
export interface Head { sheet: string; head: string; role: string; quantity: string; said: boolean }

export function headsOf(job: Job): Head[] {
  const said = job.said.heads ?? {}
  const known = job.report.columns.map((c) => ({ sheet: c.sheet, head: c.head, role: c.role as string, quantity: c.quantity ?? '', said: c.head in said }))
  return [...known, ...job.report.ignored.map((head) => ({ sheet: '', head, role: 'ignored', quantity: LEFT_OUT, said: head in said }))]
}

/** What is said once a column is taken for another quantity; nothing said is as the program understands it. */
export function withHead(said: Said, head: string, code: string): Said {
  const { [head]: _, ...rest } = said.heads ?? {}
  return { ...said, heads: code ? { ...rest, [head]: code } : rest }
}
