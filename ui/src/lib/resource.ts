/** A thing read from the server, with the states that every list and page shows. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { listen } from './events'
import { asFault, type Fault } from './fault'

export interface Resource<T> {
  data: ShallowRef<T | null>
  fault: ShallowRef<Fault | null>
  /** A request is under way. */
  loading: Ref<boolean>
  /** Nothing to show yet and 200 ms have passed: draw the skeleton. */
  waiting: Readonly<Ref<boolean>>
  /** What is shown is older than the last try, which failed. */
  stale: Readonly<Ref<boolean>>
  reload: () => Promise<void>
}

const PATIENCE = 200

/**
 * Reads whenever the source changes, keeps the old data on show meanwhile, and reads again when one of the events comes.
 * A read that is overtaken by a later one is dropped.
 */
export function useResource<S, T>(
  source: () => S | null,
  read: (source: S, signal: AbortSignal) => Promise<T>,
  events: readonly string[] = [],
): Resource<T> {
  const data = shallowRef<T | null>(null)
  const fault = shallowRef<Fault | null>(null)
  const loading = ref(false)
  const slow = ref(false)
  let flight: AbortController | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(keep: boolean): Promise<void> {
    const from = source()
    flight?.abort()
    if (from === null) return
    const mine = new AbortController()
    flight = mine
    loading.value = true
    if (!keep) slow.value = false
    clearTimeout(timer)
    timer = setTimeout(() => (slow.value = true), PATIENCE)
    try {
      const answer = await read(from, mine.signal)
      if (flight !== mine) return
      data.value = answer
      fault.value = null
    } catch (thrown) {
      if (flight !== mine || mine.signal.aborted) return
      fault.value = asFault(thrown)
      // What may not be seen, or is gone, must not stay on the screen.
      if (['forbidden', 'not_found', 'unauthenticated'].includes(fault.value.kind)) data.value = null
    } finally {
      if (flight === mine) {
        loading.value = false
        slow.value = false
        clearTimeout(timer)
      }
    }
  }

  const key = computed(() => JSON.stringify(source()))
  watch(key, () => void load(false), { immediate: true })
  const stop = events.length ? listen(events, () => void load(true)) : () => undefined
  onScopeDispose(() => {
    stop()
    flight?.abort()
    clearTimeout(timer)
  })
  return {
    data,
    fault,
    loading,
    waiting: computed(() => loading.value && slow.value && data.value === null),
    stale: computed(() => data.value !== null && fault.value !== null),
    reload: () => load(true),
  }
}
