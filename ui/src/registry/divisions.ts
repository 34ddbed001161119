/** The division tree, read once. */
import { computed, shallowRef } from 'vue'
import type { Boundaries, Division, Page, DivisionRef } from '@/api/types'
import { get } from '@/lib/client'
import { say } from '@/lib/i18n'
import { language } from '@/lib/settings'

const list = shallowRef<Division[]>([])
let asked: Promise<void> | null = null

export function loadDivisions(again = false): Promise<void> {
  if (again) asked = null
  asked ??= get<Page<Division>>('/api/divisions').then(
    (page) => void (list.value = page.items),
    () => void (asked = null),
  )
  return asked
}

export const divisions = computed(() => list.value)

const byCode = computed(() => new Map(list.value.map((d) => [d.code, d])))

export const divisionOf = (code: string): Division | undefined => byCode.value.get(code)

/** From the top down to the division itself. */
export function pathTo(code: string): Division[] {
  const path: Division[] = []
  for (let at = byCode.value.get(code); at && path.length < 8; at = byCode.value.get(at.parent ?? '')) path.unshift(at)
  return path
}

export const childrenOf = (code: string): Division[] => list.value.filter((d) => d.parent === code)

/** The name as a column head has room for it. */
export const shortName = (d: Pick<DivisionRef, 'name' | 'short'>): string =>
  language.value === 'zh' ? d.short || d.name.zh : say(d.name).replace(/ (District|County|City|Province)$/, '')

const shapes = new Map<string, Promise<Boundaries>>()

/** Outlines of the divisions below; they do not change while the page is open. */
export function boundaries(scope: string): Promise<Boundaries> {
  const known = shapes.get(scope)
  if (known) return known
  const fresh = get<Boundaries>('/api/divisions/boundaries', { scope })
  shapes.set(scope, fresh)
  fresh.catch(() => shapes.delete(scope))
  return fresh
}
