/** The query that all figure pages read by, made from the URL. */
import { computed, type ComputedRef } from 'vue'
import { home } from '@/identity/session'
import type { Query } from '@/lib/client'
import { useView, type View } from '@/lib/view'

export interface Where extends View {
  code: ComputedRef<string>
  /** Null until it is known whose figures to show. */
  query: (more?: Query) => Query | null
}

export function useWhere(): Where {
  const view = useView()
  const code = computed(() => view.scope.value || home.value)
  const query = (more: Query = {}): Query | null =>
    code.value ? { scope: code.value, period: view.period.value, as_of: endOf(view.asOf.value), ...more } : null
  return { ...view, code, query }
}

/** What was known by the end of a day in Beijing. */
export const endOf = (day: string): string => (day ? `${day}T23:59:59+08:00` : '')
