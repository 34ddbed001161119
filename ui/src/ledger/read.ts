/** Ledgers and their entries as the server gives them, with lists where it leaves null. */
import type { LedgerBoard, LedgerCard, LedgerDetail, LedgerPage } from '@/api/ledger'
import { get, type Query } from '@/lib/client'
import { filled } from '@/lib/lists'

const rules = ['objects', 'states', 'states.needs', 'states.next', 'tracks', 'marks'].map((p) => `rules.${p}`)
const tree = ['prerequisites', 'dimensions', 'dimensions.items']
const result = ['dimensions', 'missing', 'unexplained', 'vetoes'].map((p) => `result.${p}`)

const withTree = <T extends { tree: unknown }>(data: T): T => {
  if (data.tree) filled(data.tree, tree)
  return data
}

export const readLedgers = async (query: Query, signal?: AbortSignal): Promise<LedgerCard[]> =>
  ((await get<LedgerCard[] | null>('/api/ledgers', query, signal)) ?? []).map((c) => filled(c, rules))

export const readBoard = async (id: string, query: Query, signal?: AbortSignal): Promise<LedgerBoard> =>
  withTree(filled(await get<LedgerBoard>(`/api/ledgers/${encodeURIComponent(id)}`, query, signal), ['counties', 'course', ...rules]))

export const readEntries = async (id: string, query: Query, signal?: AbortSignal): Promise<LedgerPage> =>
  filled(await get<LedgerPage>(`/api/ledgers/${encodeURIComponent(id)}/entries`, query, signal), ['items'])

export const readEntriesOf = async (object: number, signal?: AbortSignal): Promise<LedgerPage> =>
  filled(await get<LedgerPage>(`/api/objects/${object}/entries`, {}, signal), ['items'])

export async function readEntry(id: string, signal?: AbortSignal): Promise<LedgerDetail> {
  const entry = withTree(filled(await get<LedgerDetail>(`/api/ledger-entries/${encodeURIComponent(id)}`, {}, signal), ['steps', 'steps.files', 'next', 'next.needs', 'may_mark', ...rules]))
  // Where there is no score there is none: an empty list must not stand in its place.
  for (const s of entry.steps) if (s.judged) filled(s.judged, result)
  return entry
}
