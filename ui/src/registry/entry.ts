/** One row of the registry under a person's hands: its form, what was refused, and the two ways on where somebody else was faster. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { patch } from '@/lib/client'
import { useSaving, type Saving } from './saving'

export interface Entry<T, F> extends Saving<T> {
  form: Ref<F>
  /** The address of the row. */
  path: ComputedRef<string>
  unchanged: ComputedRef<boolean>
  save: () => Promise<void>
  setRetired: (retired: boolean) => Promise<void>
  /** Saves what was typed over what somebody else saved. */
  keepMine: () => void
  takeTheirs: () => void
}

export interface EntryOf<T, F> {
  /** The row in the panel; null for a new one. */
  row: () => T | null
  idOf: (row: T) => string
  /** "/api/posts" */
  list: string
  formOf: (row: T | null) => F
  /** What a save of the form sends. */
  body: (form: F) => object
  /** Makes the new row of what a save sends, and gives its id. */
  create: (body: object) => Promise<string>
  changed: (id: string) => void
}

export function useEntry<T extends { edit: number }, F extends object>(of: EntryOf<T, F>): Entry<T, F> {
  const saving = useSaving<T>()
  const form = ref(of.formOf(of.row())) as Ref<F>
  const edit = ref(0)
  const id = (): string => {
    const row = of.row()
    return row ? of.idOf(row) : ''
  }
  const path = computed(() => `${of.list}/${encodeURIComponent(id())}`)

  function take(from: T | null): void {
    form.value = of.formOf(from)
    edit.value = from?.edit ?? 0
    saving.theirs.value = null
  }
  watch(() => of.row()?.edit, () => take(of.row()), { immediate: true })

  async function save(): Promise<void> {
    let saved = id()
    const done = await saving.attempt(async () => {
      if (of.row()) await patch(path.value, { ...of.body(form.value), edit: edit.value })
      else saved = await of.create(of.body(form.value))
    })
    if (done) of.changed(saved)
  }

  async function setRetired(retired: boolean): Promise<void> {
    if (await saving.attempt(() => patch(path.value, { retired, edit: edit.value }))) of.changed(id())
  }

  return {
    ...saving,
    form,
    path,
    unchanged: computed(() => JSON.stringify(form.value) === JSON.stringify(of.formOf(of.row()))),
    save,
    setRetired,
    keepMine: () => {
      edit.value = saving.theirs.value?.edit ?? edit.value
      void save()
    },
    takeTheirs: () => {
      take(saving.theirs.value)
      of.changed(id())
    },
  }
}
