/** The words of the register, read once: what kinds, scales and roles are called. */
import { shallowRef } from 'vue'
import type { ObjectNamed, ObjectWords, WaterObject } from '@/api/types'
import { get } from '@/lib/client'
import { say } from '@/lib/i18n'
import { number } from '@/lib/number'

export const registerWords = shallowRef<ObjectWords | null>(null)
let asked: Promise<void> | null = null

export function loadWords(): Promise<void> {
  asked ??= get<ObjectWords>('/api/objects/words').then(
    (all) => void (registerWords.value = all),
    () => void (asked = null),
  )
  return asked
}

const called = (list: readonly ObjectNamed[] | undefined, code: string | undefined): string => (code ? say(list?.find((n) => n.code === code)?.name) || code : '')

export const kindName = (code: string): string => called(registerWords.value?.kinds, code)
export const scaleName = (kind: string, code: string | undefined): string => called(scalesOf(kind), code)
export const roleName = (code: string): string => called(registerWords.value?.roles, code)
export const dispositionName = (code: string | undefined): string => called(registerWords.value?.dispositions, code)
export const chargeName = (code: string | undefined): string => called(registerWords.value?.charges, code)
export const scalesOf = (kind: string): ObjectNamed[] => registerWords.value?.scales[kind] ?? []

/** A figure with no more decimals than it has. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '—'
  const decimals = (String(value).split('.')[1] ?? '').length
  return number(value, Math.min(decimals, 6))
}

/** The figure by which people tell objects of a kind apart, with its unit's message key. */
export function mainFigure(o: WaterObject): { value: number; unit: string } | null {
  const of = (value: number | null | undefined, unit: string) => (value === null || value === undefined ? null : { value, unit })
  switch (o.kind) {
    case 'reservoir':
    case 'pond':
      return of(o.storage_wan_m3, 'storage')
    case 'hydropower':
      return of(o.installed_kw, 'installed')
    case 'waterworks':
    case 'village':
    case 'old_well':
      return of(o.population, 'population')
    default:
      return of(o.length_m, 'length')
  }
}
