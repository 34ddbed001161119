/** What the programmes are: packs with their indicators, forms, targets and deadlines; read once, again when one is loaded. */
import { computed, shallowRef } from 'vue'
import type { Catalogue, Form, Indicator, Pack, Target } from '@/api/types'
import { get } from '@/lib/client'
import { listen } from '@/lib/events'
import { filled } from '@/lib/lists'
import { learnUnits } from '@/lib/unit'

const packs = shallowRef<Pack[]>([])
let asked: Promise<void> | null = null
let listening = false

export function loadCatalogue(again = false): Promise<void> {
  if (again) asked = null
  if (!listening) {
    listening = true
    listen(['pack.changed'], () => void loadCatalogue(true))
  }
  asked ??= get<Catalogue>('/api/catalogue').then(
    (answer) => {
      learnUnits(answer.units)
      filled(answer.programmes, ['indicators', 'forms', 'targets', 'deadlines', 'peers', 'forms.lines', 'deadlines.targets'])
      packs.value = [...answer.programmes].sort((a, b) => a.order - b.order)
    },
    () => void (asked = null),
  )
  return asked
}

export const programmes = computed(() => packs.value)

const indicators = computed(
  () => new Map(packs.value.flatMap((p) => (p.indicators ?? []).map((i) => [i.code, { indicator: i, pack: p }] as const))),
)
const targets = computed(
  () => new Map(packs.value.flatMap((p) => (p.targets ?? []).map((t) => [t.id, { target: t, pack: p }] as const))),
)
const forms = computed(
  () => new Map(packs.value.flatMap((p) => (p.forms ?? []).map((f) => [f.id, { form: f, pack: p }] as const))),
)

export const indicatorOf = (code: string): { indicator: Indicator; pack: Pack } | undefined => indicators.value.get(code)
export const targetOf = (id: string): { target: Target; pack: Pack } | undefined => targets.value.get(id)
export const formOf = (id: string): { form: Form; pack: Pack } | undefined => forms.value.get(id)

/** The lines of work, each named by its first programme. */
export const lines = computed(() => {
  const seen = new Map<string, Pack>()
  for (const p of packs.value) if (!seen.has(p.line)) seen.set(p.line, p)
  return [...seen.entries()].map(([code, pack]) => ({ code, name: pack.title }))
})
