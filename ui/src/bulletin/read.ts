/** Bulletins as the server gives them, with lists where it leaves null. */
import type { BulletinCorrection, BulletinKind, BulletinList, BulletinPairs, BulletinPaper } from '@/api/bulletin'
import { get, type Query } from '@/lib/client'
import { filled } from '@/lib/lists'

export const readBulletins = async (query: Query, signal?: AbortSignal): Promise<BulletinList> => filled(await get<BulletinList>('/api/bulletins', query, signal), ['items'])

export const readKinds = async (): Promise<BulletinKind[]> => filled((await get<BulletinKind[] | null>('/api/bulletins/kinds')) ?? [], ['levels'])

/** Fills the lists of a bulletin; a table or a chart stays absent where there is none. */
export function whole(paper: BulletinPaper): BulletinPaper {
  filled(paper, ['blocks', 'blocks.runs', 'blocks.flags', 'figures', 'flags', 'moves', 'addressees', 'suggested', 'steps', 'forms', 'corrected_by'])
  for (const b of paper.blocks) {
    if (b.table) filled(b.table, ['columns', 'rows'])
    if (b.chart) filled(b.chart, ['bars'])
  }
  return paper
}

export const readBulletin = async (id: string, signal?: AbortSignal): Promise<BulletinPaper> => whole(await get<BulletinPaper>(`/api/bulletins/${encodeURIComponent(id)}`, {}, signal))

export const readCorrections = async (id: number, signal?: AbortSignal): Promise<BulletinCorrection[]> =>
  filled(await get<{ items: BulletinCorrection[] }>(`/api/bulletins/${id}/corrections`, {}, signal), ['items']).items

export const readPairs = async (id: string, query: Query, signal?: AbortSignal): Promise<BulletinPairs> =>
  filled(await get<BulletinPairs>(`/api/bulletins/${encodeURIComponent(id)}/compare`, query, signal), ['items'])
