/** The one place that talks HTTP. Every refusal becomes a Fault; a lost session is told to whoever listens. */
import { Fault, faultFrom, faultOf } from './fault'

export type Query = Record<string, string | number | boolean | null | undefined>

let onSignedOut: () => void = () => undefined
let onFault: (fault: Fault) => void = () => undefined

export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

/** Names who is told of every refused or failed request. */
export function whenFailed(act: (fault: Fault) => void): void {
  onFault = act
}

function failed(fault: Fault): Fault {
  onFault(fault)
  return fault
}

/** How long an answer is waited for, in milliseconds; a file on its way up may take longer. */
const PATIENCE = 60_000

/** A path with its query; empty values are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '' && value !== false) params.set(key, String(value))
  }
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

interface Options {
  query?: Query
  body?: unknown
  signal?: AbortSignal | undefined
}

export async function request(method: string, path: string, options: Options = {}): Promise<Response> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { Accept: 'application/json' } }
  const bounds = options.body instanceof FormData ? [] : [AbortSignal.timeout(PATIENCE)]
  if (options.signal) bounds.push(options.signal)
  if (bounds.length) init.signal = AbortSignal.any(bounds)
  if (options.body instanceof FormData) {
    init.body = options.body
  } else if (options.body !== undefined) {
    init.body = JSON.stringify(options.body)
    init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
  }
  let answer: Response
  try {
    answer = await fetch(withQuery(path, options.query), init)
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown
    throw failed(faultOf('offline'))
  }
  if (answer.ok) return answer
  const body: unknown = await answer.json().catch(() => null)
  throw path === '/api/session' ? failed(faultFrom(answer.status, body)) : refused({ status: answer.status, body })
}

/** The fault of a refused request, told to whoever listens. */
export function refused(why: Fault | { status: number; body: unknown }): Fault {
  if (why instanceof Fault) return failed(why)
  if (why.status === 401) onSignedOut()
  return failed(faultFrom(why.status, why.body))
}

async function json<T>(answer: Response): Promise<T> {
  if (answer.status === 204) return undefined as T
  return (await answer.json()) as T
}

export const get = async <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  json<T>(await request('GET', path, { query: query ?? {}, signal }))

export const post = async <T>(path: string, body?: unknown): Promise<T> =>
  json<T>(await request('POST', path, body === undefined ? {} : { body }))

export const put = async <T>(path: string, body: unknown): Promise<T> => json<T>(await request('PUT', path, { body }))

export const patch = async <T>(path: string, body: unknown): Promise<T> =>
  json<T>(await request('PATCH', path, { body }))

export const remove = async (path: string): Promise<void> => {
  await request('DELETE', path)
}
