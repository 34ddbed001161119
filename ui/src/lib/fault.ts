/** What the server says went wrong, in both languages. */
import type { Text } from '@/api/types'

export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'too_many'
  | 'unavailable'
  | 'internal'
  | 'offline'

export interface FaultField extends Text {
  place: string
}

/** A refused or failed request. `current` is what the server holds now, where somebody else was faster. */
export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    readonly text: Text,
    readonly code = '',
    readonly fields: readonly FaultField[] = [],
    readonly current: unknown = undefined,
    readonly request = '',
  ) {
    super(text.en)
  }
}

const words: Record<FaultKind, Text> = {
  invalid: { zh: '输入有误', en: 'The input is not right' },
  unauthenticated: { zh: '请先登录', en: 'Please sign in' },
  forbidden: { zh: '没有权限', en: 'Not allowed' },
  not_found: { zh: '没有找到', en: 'Not found' },
  conflict: { zh: '已被他人修改', en: 'Somebody else changed it' },
  too_large: { zh: '内容过大', en: 'Too large' },
  too_many: { zh: '操作过于频繁，请稍后再试', en: 'Too many tries; come back later' },
  unavailable: { zh: '服务暂时不可用', en: 'The service is away for the moment' },
  internal: { zh: '程序出错', en: 'The program failed' },
  offline: { zh: '无法连接服务器', en: 'The server cannot be reached' },
}

export const faultOf = (kind: FaultKind): Fault => new Fault(kind, words[kind])

const byStatus: Record<number, FaultKind> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  422: 'invalid',
  429: 'too_many',
  503: 'unavailable',
}

const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null

const isText = (v: unknown): v is Text => isRecord(v) && typeof v.zh === 'string' && typeof v.en === 'string'

const isKind = (v: unknown): v is FaultKind => typeof v === 'string' && v in words

/** Reads the body of a refusal; a body that says nothing gives the words of its status. */
export function faultFrom(status: number, body: unknown): Fault {
  const kind = byStatus[status] ?? 'internal'
  if (!isRecord(body)) return faultOf(kind)
  const stated = isKind(body.kind) ? body.kind : kind
  const fields = Array.isArray(body.fields)
    ? body.fields.filter((f): f is FaultField => isText(f) && typeof (f as { place?: unknown }).place === 'string')
    : []
  return new Fault(
    stated,
    isText(body.message) ? body.message : words[stated],
    typeof body.code === 'string' ? body.code : '',
    fields,
    body.current,
    typeof body.request === 'string' ? body.request : '',
  )
}

/** Any thrown thing as a Fault. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  return thrown instanceof TypeError ? faultOf('offline') : faultOf('internal')
}
