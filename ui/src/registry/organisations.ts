/** The organisations that a person may see, for the fields that choose one; read once, again after a change. */
import { computed, shallowRef } from 'vue'
import type { Organisation, Page } from '@/api/types'
import { get } from '@/lib/client'

const MOST = 2000

const list = shallowRef<Organisation[]>([])
let asked: Promise<void> | null = null

async function read(): Promise<void> {
  const out: Organisation[] = []
  for (let cursor = ''; out.length < MOST; ) {
    const page = await get<Page<Organisation>>('/api/organisations', { limit: 200, cursor })
    out.push(...page.items)
    cursor = page.next ?? ''
    if (!cursor) break
  }
  list.value = out
}

export function loadOrganisations(again = false): Promise<void> {
  if (again) asked = null
  asked ??= read().catch(() => void (asked = null))
  return asked
}

export const organisations = computed(() => list.value)
export const organisationOf = (id: string): Organisation | undefined => list.value.find((o) => o.id === id)
