/** Sends something with its files: these go up first and once, and the same thing is the same however often it is sent. */
import { ref, type Ref } from 'vue'
import { post } from '@/lib/client'
import { useSave, type Save } from '@/lib/save'
import { uploadPhoto } from '@/lib/upload'
import { newId } from '@/oversight/id'

export interface Sender extends Save {
  /** How many files are up; 0 before the first. */
  uploaded: Ref<number>
  /** The hashes of the files, put in where they are not yet. */
  hashes: (files: readonly File[]) => Promise<string[]>
  /** The answer; null where it was refused, and then the fault says why. */
  send: <T>(path: string, body: Record<string, unknown>, files?: readonly File[]) => Promise<T | null>
}

export function useSend(): Sender {
  const save = useSave()
  const uploaded = ref(0)
  const known = new Map<File, string>()
  let client = ''
  let last = ''
  async function hashes(files: readonly File[]): Promise<string[]> {
    const list: string[] = []
    for (const f of files) {
      uploaded.value = list.length
      const hash = known.get(f) ?? (await uploadPhoto(f, f.name))
      known.set(f, hash)
      list.push(hash)
    }
    return list
  }
  async function send<T>(path: string, body: Record<string, unknown>, files: readonly File[] = []): Promise<T | null> {
    let answer: T | null = null
    const ok = await save.attempt(async () => {
      const list = await hashes(files)
      const whole = { ...body, ...(list.length ? { files: list } : {}) }
      // The answer of what was taken may be lost. Under its id the server would keep nothing of something else.
      const content = JSON.stringify([path, whole])
      if (content !== last) client = newId()
      last = content
      answer = await post<T>(path, { ...whole, client_id: client })
    })
    if (ok) last = ''
    return answer
  }
  return { ...save, uploaded, hashes, send }
}
