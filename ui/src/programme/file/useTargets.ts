/** One target's year under the hands of a planner: amounts are typed here and saved together. */
import { computed, reactive, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { SplitCheck, TargetChange, TargetRow, TargetTable } from '@/api/filing'
import type { Num } from '@/api/types'
import { get, put } from '@/lib/client'
import { asFault, type Fault } from '@/lib/fault'
import { parseNumber } from '@/lib/number'
import { useResource, type Resource } from '@/lib/resource'
import { amountsOf, curveFaults, curveText } from './curve'
import { raw } from './entry'
import { checkSplit, counts, scaleCurve } from './split'

export interface Draft {
  amount: string
  document: string
  note: string
  /** The monthly plan as curve.ts keeps it while it is typed. */
  curve: string
}

export interface TargetQuery {
  target: string
  year: number
  scope: string
}

export interface Clash {
  code: string
  mine: Draft
  theirs: TargetRow
}

export interface OpenTargets {
  resource: Resource<TargetTable>
  table: ShallowRef<TargetTable | null>
  drafts: Record<string, Draft>
  changed: ComputedRef<string[]>
  wrong: ComputedRef<string[]>
  check: ComputedRef<SplitCheck | null>
  clashes: ShallowRef<Clash[]>
  busy: Ref<boolean>
  fault: ShallowRef<Fault | null>
  amountOf: (code: string) => Num
  type: (code: string, field: keyof Draft, text: string) => void
  save: () => Promise<boolean>
  settle: (theirs: readonly string[]) => Promise<void>
  discard: () => void
}

const draftOf = (r: TargetRow): Draft => ({ amount: raw(r.amount), document: r.document, note: r.note, curve: curveText(r.curve) })
const isTable = (v: unknown): v is TargetTable => typeof v === 'object' && v !== null && 'rows' in v && 'check' in v

export function useTargets(query: () => TargetQuery | null): OpenTargets {
  const table = shallowRef<TargetTable | null>(null)
  const drafts = reactive<Record<string, Draft>>({})
  const clashes = shallowRef<Clash[]>([])
  const busy = ref(false)
  const fault = shallowRef<Fault | null>(null)
  const resource = useResource(query, (q, signal) => get<TargetTable>('/api/targets', { ...q }, signal), ['target.changed', 'return.changed'])

  const rows = computed(() => table.value?.rows ?? [])
  const differs = (r: TargetRow): boolean => {
    const d = drafts[r.division.code]
    return d !== undefined && (d.curve !== curveText(r.curve) || d.document.trim() !== r.document || d.note.trim() !== r.note || (d.amount.trim() === '' ? r.amount !== null : parseNumber(d.amount) !== r.amount))
  }
  const changed = computed(() => rows.value.filter((r) => r.writable && differs(r)).map((r) => r.division.code))
  const amountOf = (code: string): Num => parseNumber(drafts[code]?.amount ?? '')
  /** A plan by month that nobody touched follows its amount when it is saved; one that was typed must end on it. */
  const askew = (code: string): boolean => {
    const d = drafts[code]
    const r = rows.value.find((x) => x.division.code === code)
    return d !== undefined && d.curve !== curveText(r?.curve) && curveFaults(d.curve, parseNumber(d.amount)).length > 0
  }
  const wrong = computed(() => Object.entries(drafts).filter(([code, d]) => (d.amount.trim() !== '' && parseNumber(d.amount) === null) || askew(code)).map(([code]) => code))
  const check = computed(() => {
    const [whole, ...below] = rows.value
    if (!whole || !table.value?.target.split) return null
    return checkSplit(amountOf(whole.division.code), below.filter(counts).map((r) => amountOf(r.division.code)))
  })

  function showAll(now: TargetTable): void {
    for (const code of Object.keys(drafts)) delete drafts[code]
    for (const r of now.rows) drafts[r.division.code] = draftOf(r)
    clashes.value = []
    fault.value = null
    table.value = now
  }

  const sameTable = (now: TargetTable): boolean =>
    table.value?.target.id === now.target.id && table.value.year === now.year && table.value.scope.code === now.scope.code

  /** Takes the table as it stands; rows that I changed and somebody else set since are asked about. */
  function adopt(now: TargetTable): void {
    if (!sameTable(now)) return showAll(now)
    const before = new Map(rows.value.map((r) => [r.division.code, r]))
    const mine = new Set(changed.value)
    const found: Clash[] = []
    for (const r of now.rows) {
      const code = r.division.code
      const draft = drafts[code]
      if (!mine.has(code) || !draft) drafts[code] = draftOf(r)
      else if (before.get(code)?.revision !== r.revision) found.push({ code, mine: { ...draft }, theirs: r })
    }
    table.value = now
    clashes.value = found.filter((c) => changed.value.includes(c.code))
  }
  watch(resource.data, (now) => now && adopt(now))

  function type(code: string, field: keyof Draft, text: string): void {
    const draft = drafts[code]
    if (draft) draft[field] = text
  }

  function changes(): TargetChange[] {
    const wanted = new Set(changed.value)
    return rows.value
      .filter((r) => wanted.has(r.division.code))
      .map((r) => {
        const d = drafts[r.division.code] ?? draftOf(r)
        const amount = parseNumber(d.amount)
        const typed = amountsOf(d.curve).filter((a): a is number => a !== null)
        const curve = d.curve === curveText(r.curve) && amount !== r.amount ? scaleCurve(typed, amount) : typed
        const change: TargetChange = { division: r.division.code, amount, document: d.document.trim(), note: d.note.trim(), revision: r.revision }
        return curve.length ? { ...change, curve } : change
      })
  }

  async function save(): Promise<boolean> {
    const q = query()
    // While another target is being read, the rows at hand are not its own.
    if (table.value?.target.id !== q?.target || table.value?.year !== q?.year || table.value?.scope.code !== q?.scope) return false
    if (!q || !changed.value.length || wrong.value.length) return false
    busy.value = true
    fault.value = null
    try {
      showAll(await put<TargetTable>('/api/targets', { ...q, rows: changes() }))
      return true
    } catch (thrown) {
      const why = asFault(thrown)
      if (why.kind === 'conflict' && isTable(why.current)) adopt(why.current)
      fault.value = why
      return false
    } finally {
      busy.value = false
    }
  }

  /** Ends a conflict: the rows named take the other person's, the rest keep mine and are saved over theirs knowingly. */
  async function settle(theirs: readonly string[]): Promise<void> {
    for (const r of rows.value) if (theirs.includes(r.division.code)) drafts[r.division.code] = draftOf(r)
    clashes.value = []
    fault.value = null
    if (changed.value.length) await save()
  }

  const discard = (): void => {
    if (table.value) showAll(table.value)
  }

  return { resource, table, drafts, changed, wrong, check, clashes, busy, fault, amountOf, type, save, settle, discard }
}
