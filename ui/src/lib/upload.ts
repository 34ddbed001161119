/** Sends files with word of how far they have gone. */
import { refused } from '@/lib/client'
import { faultOf } from '@/lib/fault'

/** Sends a form and tells of what has gone, 0 to 1; a browser's fetch does not say how far a body is, so this is the older request. */
export function sendForm<T>(path: string, form: FormData, sent: (share: number) => void = () => undefined): Promise<T> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('Accept', 'application/json')
    request.responseType = 'json'
    request.upload.onprogress = (e) => e.lengthComputable && e.total > 0 && sent(e.loaded / e.total)
    request.onerror = request.onabort = request.ontimeout = () => fail(refused(faultOf('offline')))
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) done(request.response as T)
      else fail(refused({ status: request.status, body: request.response as unknown }))
    }
    request.send(form)
  })
}

/** Puts a file into the evidence store and gives its hash. The same bytes put in twice are one file. */
export async function uploadPhoto(blob: Blob, name: string, sent: (share: number) => void = () => undefined): Promise<string> {
  const form = new FormData()
  form.append('file', blob, name)
  return (await sendForm<{ hash: string }>('/api/evidence', form, sent)).hash
}
