/** Puts a photograph into the evidence store and gives its hash. The same bytes put in twice are one file. */
import { request } from '@/lib/client'

export async function uploadPhoto(blob: Blob, name: string): Promise<string> {
  const form = new FormData()
  form.append('file', blob, name)
  const answer = await request('POST', '/api/evidence', { body: form })
  return ((await answer.json()) as { hash: string }).hash
}
