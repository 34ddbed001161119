/** Sends one step of an entry: its files first, and the same step once however often it is sent. Another step has another id. */
import { ref, type Ref } from 'vue'
import type { NewStep } from '@/api/ledger'
import { post } from '@/lib/client'
import { useSave, type Save } from '@/lib/save'
import { uploadPhoto } from '@/lib/upload'
import { newId } from '@/oversight/id'

export interface StepSender extends Save {
  /** How many files are up; 0 before the first. */
  uploaded: Ref<number>
  /** True where the step was taken. After a conflict the fault says so and nothing typed is lost. */
  send: (entry: number, step: Omit<NewStep, 'client_id'>, files?: readonly File[]) => Promise<boolean>
}

export function useStep(): StepSender {
  const save = useSave()
  const uploaded = ref(0)
  const hashes = new Map<File, string>()
  let client = ''
  let last = ''
  async function send(entry: number, step: Omit<NewStep, 'client_id'>, files: readonly File[] = []): Promise<boolean> {
    const ok = await save.attempt(async () => {
      const list: string[] = []
      for (const f of files) {
        uploaded.value = list.length
        const hash = hashes.get(f) ?? (await uploadPhoto(f, f.name))
        hashes.set(f, hash)
        list.push(hash)
      }
      const body = { ...step, ...(list.length ? { files: list } : {}) }
      // The answer of a step that was taken may be lost. Under its id the server would keep nothing of another one.
      const content = JSON.stringify([entry, { ...body, edit: 0 }])
      if (content !== last) client = newId()
      last = content
      await post(`/api/ledger-entries/${entry}/steps`, { ...body, client_id: client })
    })
    if (ok) last = ''
    return ok
  }
  return { ...save, uploaded, send }
}
