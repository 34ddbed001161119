/** The server's time: the demo has its own clock, and an office PC's may be wrong. */
import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue'
import { session } from './session'

const ticks = ref(0)
let since = 0
let sinceWall = 0

watch(
  session,
  () => {
    since = performance.now()
    sinceWall = Date.now()
    ticks.value++
  },
  { immediate: true },
)

/** A demo's time may run faster than the clock. */
const speed = (): number => session.value?.server.speed ?? 1

/** Milliseconds since 1970 by the server's clock; not reactive. */
export function serverNow(): number {
  const start = session.value?.server.now
  return start ? new Date(start).getTime() + (performance.now() - since) * speed() : Date.now()
}

/**
 * The server's time as the device's clock has run on since the server was last asked: it runs on while a phone sleeps, so what is written
 * without a signal is stamped with it, however wrong the phone's own clock is.
 */
export function stampNow(): number {
  const start = session.value?.server.now
  return start ? new Date(start).getTime() + (Date.now() - sinceWall) * speed() : Date.now()
}

/** The server's time to the minute, for the top bar. */
export function useNow(): ComputedRef<number> {
  const timer = setInterval(() => ticks.value++, Math.max(1_000, 20_000 / speed()))
  onScopeDispose(() => clearInterval(timer))
  return computed(() => {
    void ticks.value
    return serverNow()
  })
}
