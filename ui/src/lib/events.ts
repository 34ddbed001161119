/** What the server tells by itself: one stream for the whole page, opened with the first listener. */
import { ref } from 'vue'

export type EventName = string
type Listener = (data: unknown) => void

/** Whether the stream is up; a page that is not live says as of when it is. */
export const live = ref(true)

const listeners = new Map<EventName, Set<Listener>>()
const heard = new Set<EventName>()
let stream: EventSource | null = null
let reopening: ReturnType<typeof setTimeout> | undefined
let onLost: () => void = () => undefined

const REOPEN = 5_000

/** Names who is told that the stream broke off. */
export function whenLost(act: () => void): void {
  onLost = act
}

/** Lets every screen read again, as after a time in which nothing was heard. */
export function renew(): void {
  for (const [name, acts] of listeners) if (name.endsWith('.changed')) for (const act of acts) act(null)
}

function dispatch(name: EventName, message: MessageEvent<string>): void {
  let data: unknown = null
  try {
    data = JSON.parse(message.data)
  } catch {
    data = message.data
  }
  for (const act of listeners.get(name) ?? []) act(data)
}

function hear(name: EventName): void {
  if (!stream || heard.has(name)) return
  heard.add(name)
  stream.addEventListener(name, (event) => dispatch(name, event as MessageEvent<string>))
}

/** Opens the stream; called after sign-in. */
export function openEvents(): void {
  if (stream || typeof EventSource === 'undefined') return
  stream = new EventSource('/api/events')
  heard.clear()
  stream.onopen = () => {
    if (!live.value) renew()
    live.value = true
  }
  stream.onerror = () => {
    live.value = false
    onLost()
    // A refusal ends the stream for good: the browser tries again only where the connection broke.
    if (stream?.readyState === EventSource.CLOSED) {
      stream = null
      clearTimeout(reopening)
      reopening = setTimeout(openEvents, REOPEN)
    }
  }
  for (const name of listeners.keys()) hear(name)
}

export function closeEvents(): void {
  clearTimeout(reopening)
  stream?.close()
  stream = null
  heard.clear()
  live.value = true
}

/** Calls act on each of the named events until the returned function is called. Bursts within 150 ms count once. */
export function listen(names: readonly EventName[], act: Listener): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const once: Listener = (data) => {
    clearTimeout(timer)
    timer = setTimeout(() => act(data), 150)
  }
  for (const name of names) {
    const set = listeners.get(name) ?? new Set<Listener>()
    set.add(once)
    listeners.set(name, set)
    hear(name)
  }
  return () => {
    clearTimeout(timer)
    for (const name of names) listeners.get(name)?.delete(once)
  }
}
