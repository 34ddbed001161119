/** Whether the server and its store can be reached; found out from events and refused requests, ended by asking /healthz. */
import { readonly, shallowRef } from 'vue'
import type { Text } from '@/api/types'
import { whenFailed } from './client'
import { listen, renew, whenLost } from './events'
import { faultOf, type Fault } from './fault'

export interface Trouble {
  /** Why, in both languages. */
  reason: Text
  /** Milliseconds since 1970. */
  since: number
}

const EVERY = 3_000
/** How long the server may think about how it is. */
const PATIENCE = 6_000

const now = shallowRef<Trouble | null>(null)
export const trouble = readonly(now)

const waiting = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined
let asking = false

/** Calls act each time the trouble is over, until the returned function is called. */
export function whenWell(act: () => void): () => void {
  waiting.add(act)
  return () => waiting.delete(act)
}

function begin(reason: Text, since = Date.now()): void {
  if (now.value?.reason.zh !== reason.zh) now.value = { reason, since: now.value?.since ?? since }
  later()
}

function end(): void {
  clearTimeout(timer)
  timer = undefined
  if (!now.value) return
  now.value = null
  for (const act of [...waiting]) act()
  renew()
}

function later(): void {
  timer ??= setTimeout(() => {
    timer = undefined
    void ask()
  }, EVERY)
}

interface State {
  ok: boolean
  since?: string
  reason?: Text
}

function take(state: State | undefined): void {
  if (!state || state.ok) return end()
  begin(state.reason ?? faultOf('unavailable').text, state.since ? Date.parse(state.since) : Date.now())
}

/** Asks the server how it is, and again until all is well. */
async function ask(): Promise<void> {
  if (asking) return
  asking = true
  try {
    const answer = await fetch('/healthz', { signal: AbortSignal.timeout(PATIENCE) })
    const body = (await answer.json().catch(() => null)) as { store?: State } | null
    if (answer.ok) end()
    else take(body?.store ?? { ok: false })
  } catch {
    begin(faultOf('offline').text)
  } finally {
    asking = false
  }
}

/** Looks at a failed request: one that tells of the server's own state begins the trouble. */
function look(fault: Fault): void {
  if (fault.kind === 'offline') void ask()
  else if (fault.kind === 'unavailable') begin(fault.text)
}

listen(['store.health'], (event) => take((event as { health?: State } | null)?.health))
whenLost(() => void ask())
whenFailed(look)
