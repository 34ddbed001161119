/** The counts that stand beside a return's lines. */
import { computed, type ComputedRef } from 'vue'
import { get } from '@/lib/client'
import { useResource } from '@/lib/resource'
import { countsOf, events, type Count, type CountedView } from './counted'

export function useCounted(of: () => { division: string; period: string; form: string } | null): ComputedRef<Record<string, Count>> {
  // A return is read often while it is typed in; only another return is another question.
  const asked = computed(() => {
    const it = of()
    return it ? JSON.stringify({ scope: it.division, period: it.period, form: it.form }) : null
  })
  const view = useResource(
    () => asked.value,
    (query, signal) => get<CountedView>('/api/counted', JSON.parse(query) as Record<string, string>, signal),
    events,
  )
  return computed(() => countsOf(view.data.value, of()?.division ?? ''))
}
