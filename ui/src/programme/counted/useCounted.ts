/** The counts that stand beside a return's lines. */
import { computed, onScopeDispose, type ComputedRef } from 'vue'
import { get } from '@/lib/client'
import { listen } from '@/lib/events'
import { useResource } from '@/lib/resource'
import { countsOf, recounts, type Count, type CountedView } from './counted'

/** Entries are put in by the dozen, and each count reads them all. */
const PAUSE = 2000

export function useCounted(of: () => { division: string; period: string; form: string } | null): ComputedRef<Record<string, Count>> {
  // A return is read often while it is typed in; only another return is another question.
  const asked = computed(() => {
    const it = of()
    return it ? JSON.stringify({ scope: it.division, period: it.period, form: it.form }) : null
  })
  const view = useResource(
    () => asked.value,
    (query, signal) => get<CountedView>('/api/counted', JSON.parse(query) as Record<string, string>, signal),
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = listen(recounts, () => {
    timer ??= setTimeout(() => {
      timer = undefined
      void view.reload()
    }, PAUSE)
  })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  return computed(() => countsOf(view.data.value, of()?.division ?? ''))
}
