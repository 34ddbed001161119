/** What a person does with a station, as the server takes it. */
import type { components } from '@/api/schema'
import type { Full, Page } from '@/api/types'
import { get, post, put, remove } from '@/lib/client'
import { filled } from '@/lib/lists'

type Schemas = components['schemas']
export type Policy = Full<Schemas['StationPolicy']>
export type Threshold = Full<Schemas['SeriesThreshold']>
export type Revision = Full<Schemas['GaugeRevision']>
export type Downlink = Full<Schemas['StationDownlink']>
export type Answer = Full<Schemas['GaugeAnswer']>
export type What = 'now' | 'elements' | 'period' | 'clock' | 'set_clock' | 'version' | 'status' | 'read_config' | 'write_config'
export type Setting = Full<Schemas['GaugeSetting']>
export type Paper = Full<Schemas['StationPaper']>

const at = (id: number, rest: string): string => `/api/gauges/${id}/${rest}`

export const readRevisions = async (id: number, quantity: string, when: string, signal: AbortSignal): Promise<Revision[]> =>
  filled(await get<Page<Revision>>(at(id, 'revisions'), { quantity, at: when }, signal), ['items', 'items.flags']).items
export const judge = (id: number, body: { quantity: string; at: string; act: string; value?: number; reason: string }): Promise<unknown> => post(at(id, 'verdicts'), body)
export const setThreshold = (id: number, quantity: string, threshold: Threshold): Promise<unknown> => post(at(id, 'thresholds'), { quantity, threshold })
export const retireThreshold = (id: number): Promise<void> => remove(`/api/thresholds/${id}`)
export const setPolicy = (id: number, p: Policy): Promise<unknown> => put(at(id, 'policies'), p)
export const removePolicy = (id: number, p: Policy): Promise<void> => remove(at(id, `policies/${p.station}?edit=${p.edit}`))
export const readJournal = async (id: number, address: string, signal: AbortSignal): Promise<Downlink[]> =>
  filled(await get<Page<Downlink>>(at(id, 'requests'), { address, limit: 50 }, signal), ['items']).items
export const ask = async (id: number, body: { address: string; what: What; from?: string; to?: string; elements?: string[]; parameters?: string[]; settings?: { parameter: string; value: string }[]; why?: string }): Promise<Answer> =>
  filled(await post<Answer>(at(id, 'requests'), body), ['readings', 'alarms', 'parameters'])

/** Pictures and texts that a station sent, the newest first, from before an instant on. */
export const readPapers = async (id: number, address: string, before: string, signal?: AbortSignal): Promise<Paper[]> =>
  filled(await get<Page<Paper>>(at(id, 'papers'), { address, before: before || undefined, limit: PAPERS }, signal), ['items']).items
export const PAPERS = 12
export const paperPath = (id: number, p: Paper): string => `${at(id, 'papers')}/${encodeURIComponent(p.message)}?address=${p.station}`

/** "39, 22 38": identifiers in hex. */
export const readIdentifiers = (text: string): string[] => text.toUpperCase().split(/[\s,，、]+/).filter(Boolean)

/** A basic parameter is one below 20; the two tables are read and written apart. */
export const isBasic = (parameter: string): boolean => parseInt(parameter, 16) < 0x20

/** A line that cannot be read, counted from one. */
export class BadLine extends Error {
  constructor(readonly line: number) {
    super(`line ${line}`)
  }
}

const lines = (text: string): [number, string[]][] =>
  text.split('\n').map((l, i): [number, string[]] => [i + 1, l.trim().split(/\s+/).filter(Boolean)]).filter(([, parts]) => parts.length > 0)

/** "39 level 12.5" a line. */
export function readElements(text: string): Policy['elements'] {
  return lines(text).map(([n, [element = '', quantity = '', base]]) => {
    if (!/^[0-9a-fA-F]{2,4}$/.test(element) || !quantity || (base !== undefined && !Number.isFinite(Number(base)))) throw new BadLine(n)
    return { element: element.toUpperCase(), quantity, base: base === undefined ? null : Number(base) }
  })
}

export const writeElements = (list: Policy['elements']): string => list.map((e) => [e.element, e.quantity, e.base ?? ''].join(' ').trim()).join('\n')

/** "0415 0715 98.5 plum rains" a line. */
export function readPeriods(text: string): NonNullable<Threshold['periods']> {
  return lines(text).map(([n, [begin = '', end = '', level = '', ...name]]) => {
    if (!/^\d{4}$/.test(begin) || !/^\d{4}$/.test(end) || level === '' || !Number.isFinite(Number(level))) throw new BadLine(n)
    return { begin, end, level: Number(level), name: { zh: name.join(' '), en: '' } }
  })
}
