/** What the states of matters and the steps of the ladder are called: the server says it, so that every page says the same. */
import { computed, shallowRef } from 'vue'
import type { LoopWords, WaitingRow } from '@/api/work'
import { get } from '@/lib/client'
import { say } from '@/lib/i18n'
import { filled } from '@/lib/lists'

const words = shallowRef<LoopWords | null>(null)
let asked: Promise<void> | null = null

/** Reads the words once. */
export function loadLoopWords(): Promise<void> {
  asked ??= get<LoopWords>('/api/matters/rules').then(
    (answer) => void (words.value = filled(answer, ['states', 'steps'])),
    () => void (asked = null),
  )
  return asked
}

const states = computed(() => new Map((words.value?.states ?? []).map((w) => [w.code, w.name])))
const steps = computed(() => new Map((words.value?.steps ?? []).map((w) => [w.code, w.name])))

export const stateName = (code: string): string => say(states.value.get(code)) || code
export const stepName = (code: string): string => say(steps.value.get(code)) || code

/** Who answers: the person with the unit, or the unit alone. */
export function ownerOf(m: Pick<WaitingRow, 'unit' | 'person'>): string {
  const person = m.person as WaitingRow['person'] | null
  return [say(m.unit.name), say(person?.name)].filter(Boolean).join(' · ') || '—'
}
