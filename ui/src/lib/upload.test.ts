import { afterEach, expect, test, vi } from 'vitest'
import { Fault } from './fault'
import { uploadPhoto } from './upload'

/** A request that is answered by the test. */
class Wire {
  static last: Wire
  upload: { onprogress?: (e: { lengthComputable: boolean; loaded: number; total: number }) => void } = {}
  onload = (): void => undefined
  onerror = (): void => undefined
  status = 0
  response: unknown = null
  open = vi.fn()
  setRequestHeader = vi.fn()
  send = vi.fn()
  constructor() {
    Wire.last = this
  }
}
afterEach(() => vi.unstubAllGlobals())

test('a file tells how far it has gone, and gives its hash', async () => {
  vi.stubGlobal('XMLHttpRequest', Wire)
  const shares: number[] = []
  const hash = uploadPhoto(new Blob(['x']), 'a.jpg', (s) => shares.push(s))
  Wire.last.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 })
  Wire.last.upload.onprogress?.({ lengthComputable: false, loaded: 2, total: 0 })
  Wire.last.status = 200
  Wire.last.response = { hash: 'aa' }
  Wire.last.onload()
  expect(await hash).toBe('aa')
  expect(shares).toEqual([0.25])
  expect(Wire.last.open).toHaveBeenCalledWith('POST', '/api/evidence')
})

test('a refusal and a broken line are faults with a kind', async () => {
  vi.stubGlobal('XMLHttpRequest', Wire)
  const large = uploadPhoto(new Blob(['x']), 'a.jpg')
  Wire.last.status = 413
  Wire.last.response = { kind: 'too_large', code: 'evidence.size', message: { zh: '过大', en: 'too large' } }
  Wire.last.onload()
  await expect(large).rejects.toMatchObject({ kind: 'too_large', code: 'evidence.size' })
  const gone = uploadPhoto(new Blob(['x']), 'a.jpg')
  Wire.last.onerror()
  await expect(gone).rejects.toSatisfy((f) => f instanceof Fault && f.kind === 'offline')
})
