/** Puts a file into the evidence store and gives its hash. The same bytes put in twice are one file. */
import { refused } from '@/lib/client'
import { faultOf } from '@/lib/fault'

/** Tells of what is sent, 0 to 1; a browser's fetch does not say how far a body has gone, so this is the older request. */
export function uploadPhoto(blob: Blob, name: string, sent: (share: number) => void = () => undefined): Promise<string> {
  const form = new FormData()
  form.append('file', blob, name)
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/evidence')
    request.setRequestHeader('Accept', 'application/json')
    request.responseType = 'json'
    request.upload.onprogress = (e) => e.lengthComputable && e.total > 0 && sent(e.loaded / e.total)
    request.onerror = request.onabort = request.ontimeout = () => fail(refused(faultOf('offline')))
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) done((request.response as { hash: string }).hash)
      else fail(refused({ status: request.status, body: request.response as unknown }))
    }
    request.send(form)
  })
}
