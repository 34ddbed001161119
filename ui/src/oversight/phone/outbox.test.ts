import { describe, expect, it } from 'vitest'
import type { Sheet, SheetSaved } from '@/api/oversight'
import { Fault, faultOf } from '@/lib/fault'
import { loose, Outbox, waits, type Entry, type KeptAnswer, type KeptFinding, type OutboxStore, type Transport } from './outbox'

/** A disk: what goes in comes out as a copy, as from IndexedDB. */
class Disk implements OutboxStore {
  readonly rows = new Map<string, Entry>()
  full = false
  all(): Promise<Entry[]> {
    return Promise.resolve([...this.rows.values()].map(copy))
  }
  put(e: Entry): Promise<void> {
    if (this.full) return Promise.reject(new DOMException('no room', 'QuotaExceededError'))
    this.rows.set(e.id, copy(e))
    return Promise.resolve()
  }
  remove(id: string): Promise<void> {
    this.rows.delete(id)
    return Promise.resolve()
  }
}

const copy = (e: Entry): Entry => (e.kind === 'finding' ? { ...e, photos: e.photos.map((p) => ({ ...p })) } : { ...e })

/** A server that keeps each client id once, and fails as it is told: "lost" takes the sheet and loses the answer. */
class Server implements Transport {
  readonly findings = new Map<string, number>()
  readonly answers: Record<string, string> = {}
  readonly files: string[] = []
  readonly sheets: Sheet[] = []
  readonly swept = new Set<string>()
  failures: (Fault | 'lost' | null)[] = []
  refuse: (sheet: Sheet) => Fault | null = () => null
  during: () => void = () => undefined

  upload(_: Blob, name: string): Promise<string> {
    const failure = this.failures.shift()
    if (failure instanceof Fault) return Promise.reject(failure)
    this.files.push(name)
    this.swept.delete(`hash of ${name}`)
    return failure === 'lost' ? Promise.reject(faultOf('offline')) : Promise.resolve(`hash of ${name}`)
  }

  record(_: number, sheet: Sheet): Promise<SheetSaved> {
    const failure = this.failures.shift()
    if (failure instanceof Fault) return Promise.reject(failure)
    this.sheets.push(sheet)
    const refused = this.refuse(sheet)
    if (refused) return Promise.reject(refused)
    if (sheet.findings?.some((f) => f.files?.some((h) => this.swept.has(h)))) {
      return Promise.reject(new Fault('not_found', { zh: '没有这份文件', en: 'no such file' }, 'evidence.unknown'))
    }
    Object.assign(this.answers, sheet.answers)
    const made = (sheet.findings ?? []).map((f) => {
      if (!this.findings.has(f.client)) this.findings.set(f.client, this.findings.size + 100)
      return this.findings.get(f.client) as number
    })
    this.during()
    return failure === 'lost' ? Promise.reject(faultOf('offline')) : Promise.resolve({ id: 1, made } as unknown as SheetSaved)
  }
}

const answer = (clause: string, value: KeptAnswer['answer'], rev = `${clause} ${value}`, made = 1): KeptAnswer => ({
  id: `answer/1/${clause}`, kind: 'answer', account: 'lin', inspection: 1, made, rev, tries: 0, clause, answer: value,
})

const finding = (rev: string, photos: string[] = [], made = 2): KeptFinding => ({
  id: `finding/${rev}`, kind: 'finding', account: 'lin', inspection: 1, made, rev, tries: 0, clause: 'c1', severity: 'serious', detail: 'a crack', place: { words: 'left bank' },
  photos: photos.map((name) => ({ name, blob: new Blob([name]) })),
})

function world(disk = new Disk(), server = new Server()): { disk: Disk; server: Server; box: Outbox; restart: () => Promise<Outbox> } {
  const make = (): Outbox => new Outbox(disk, server, () => 1_000_000)
  return {
    disk, server, box: make(),
    restart: async () => {
      const box = make()
      await box.load()
      return box
    },
  }
}

const refused = (): Fault => new Fault('invalid', { zh: '条目不能定为“严重”', en: 'cannot be serious' }, 'inspection.severity')
const row = (w: { disk: Disk }, id: string): Entry => w.disk.rows.get(id) as Entry

describe('the outbox of the phone', () => {
  it('sends answers together, then each finding, its photos first', async () => {
    const w = world()
    await w.box.keep(answer('c1', 'fail'))
    await w.box.keep(answer('c2', 'pass'))
    await w.box.keep(finding('f1', ['a.jpg', 'b.jpg']))
    expect(await w.box.flush('lin')).toBe(true)
    expect(w.server.answers).toEqual({ c1: 'fail', c2: 'pass' })
    expect(w.server.sheets).toHaveLength(2)
    expect(w.server.files).toEqual(['a.jpg', 'b.jpg'])
    expect(w.server.sheets[1]?.findings?.[0]).toMatchObject({ client: 'f1', files: ['hash of a.jpg', 'hash of b.jpg'], at: new Date(2).toISOString() })
    expect(row(w, 'finding/f1')).toMatchObject({ sent: 1_000_000, matter: 100, photos: [{ name: 'a.jpg', hash: 'hash of a.jpg' }, { name: 'b.jpg', hash: 'hash of b.jpg' }] })
  })

  it('keeps everything while there is no network, photos too', async () => {
    const w = world()
    await w.box.keep(answer('c1', 'fail'))
    await w.box.keep(finding('f1', ['a.jpg']))
    w.server.failures = [faultOf('offline')]
    expect(await w.box.flush('lin')).toBe(false)
    expect([...w.disk.rows.values()].every(waits)).toBe(true)
    expect((row(w, 'finding/f1') as KeptFinding).photos[0]?.blob).toBeInstanceOf(Blob)
    expect(await w.box.flush('lin')).toBe(true)
    expect([...w.disk.rows.values()].some(waits)).toBe(false)
  })

  it('makes one finding of one whose receipt was lost, also over a reload', async () => {
    const w = world()
    await w.box.keep(finding('f1', ['a.jpg']))
    w.server.failures = [null, 'lost']
    expect(await w.box.flush('lin')).toBe(false)
    expect(waits(row(w, 'finding/f1'))).toBe(true)
    expect((row(w, 'finding/f1') as KeptFinding).photos[0]?.blob).toBeInstanceOf(Blob)
    const again = await w.restart()
    expect(await again.flush('lin')).toBe(true)
    expect(w.server.findings.size).toBe(1)
    expect(row(w, 'finding/f1')).toMatchObject({ matter: 100 })
    expect(w.server.files).toEqual(['a.jpg'])
  })

  it('goes on after the photo that broke off, and uploads none twice', async () => {
    const w = world()
    await w.box.keep(finding('f1', ['a.jpg', 'b.jpg']))
    w.server.failures = [null, faultOf('offline')]
    expect(await w.box.flush('lin')).toBe(false)
    const again = await w.restart()
    expect(await again.flush('lin')).toBe(true)
    expect(w.server.files).toEqual(['a.jpg', 'b.jpg'])
  })

  it('waits again after a reload in the middle of sending', async () => {
    const w = world()
    await w.box.keep(finding('f1'))
    let box = w.box
    w.server.during = () => void (box = new Outbox(w.disk, w.server, () => 1))
    const first = w.box.flush('lin')
    expect(w.box.isSending('finding/f1')).toBe(true)
    await Promise.resolve()
    expect(waits(row(w, 'finding/f1'))).toBe(true)
    await first
    await box.load()
    expect(box.isSending('finding/f1')).toBe(false)
    await box.flush('lin')
    expect(w.server.findings.size).toBe(1)
  })

  it('sends once where two flushes are asked for at the same time', async () => {
    const w = world()
    await w.box.keep(answer('c1', 'pass'))
    await w.box.keep(finding('f1', ['a.jpg']))
    await Promise.all([w.box.flush('lin'), w.box.flush('lin')])
    expect(w.server.sheets).toHaveLength(2)
    expect(w.server.files).toHaveLength(1)
  })

  it('keeps a refused finding with its reason, and sends the others', async () => {
    const w = world()
    w.server.refuse = (s) => (s.findings?.[0]?.client === 'bad' ? refused() : null)
    await w.box.keep(finding('bad', ['a.jpg'], 1))
    await w.box.keep(finding('good', [], 2))
    expect(await w.box.flush('lin')).toBe(true)
    expect(row(w, 'finding/bad')).toMatchObject({ refused: { en: 'cannot be serious' } })
    expect((row(w, 'finding/bad') as KeptFinding).photos[0]?.blob).toBeInstanceOf(Blob)
    expect(row(w, 'finding/good').sent).toBeDefined()
    expect(await w.box.flush('lin')).toBe(true)
    expect(w.server.sheets.filter((s) => s.findings?.[0]?.client === 'bad')).toHaveLength(1)
  })

  it('takes a refused finding again once it is written anew', async () => {
    const w = world()
    w.server.refuse = (s) => (s.findings?.[0]?.severity === 'serious' ? refused() : null)
    await w.box.keep(finding('f1'))
    await w.box.flush('lin')
    await w.box.keep({ ...finding('f2'), id: 'finding/f1', severity: 'general' })
    expect(await w.box.flush('lin')).toBe(true)
    expect([...w.server.findings.keys()]).toEqual(['f2'])
    expect(row(w, 'finding/f1').sent).toBeDefined()
  })

  it('lets a finding that was taken speak for a refused answer to its clause', async () => {
    const w = world()
    w.server.refuse = (s) => (s.answers.c1 || s.answers.c2 ? refused() : null)
    await w.box.keep(answer('c1', 'fail'))
    await w.box.keep(answer('c2', 'pass'))
    await w.box.keep(finding('f1'))
    expect(await w.box.flush('lin')).toBe(true)
    expect([...w.disk.rows.keys()].sort()).toEqual(['answer/1/c2', 'finding/f1'])
  })

  it('lets one refused answer hold back no other', async () => {
    const w = world()
    w.server.refuse = (s) => (s.answers.c2 ? refused() : null)
    for (const c of ['c1', 'c2', 'c3']) await w.box.keep(answer(c, 'pass'))
    expect(await w.box.flush('lin')).toBe(true)
    expect(w.server.answers).toEqual({ c1: 'pass', c3: 'pass' })
    expect(row(w, 'answer/1/c2').refused).toBeDefined()
  })

  it('counts a receipt only for the word that was sent', async () => {
    const w = world()
    await w.box.keep(answer('c1', 'pass', 'first'))
    let once = true
    w.server.during = () => {
      if (once) void w.box.keep(answer('c1', 'na', 'second'))
      once = false
    }
    expect(await w.box.flush('lin')).toBe(true)
    expect(w.server.answers).toEqual({ c1: 'na' })
    expect(row(w, 'answer/1/c1')).toMatchObject({ rev: 'second', sent: 1_000_000 })
  })

  it('goes round what the server stumbles over, and tries it again later', async () => {
    const w = world()
    await w.box.keep(finding('f1', [], 1))
    await w.box.keep(finding('f2', [], 2))
    w.server.failures = [faultOf('internal')]
    expect(await w.box.flush('lin')).toBe(false)
    expect(waits(row(w, 'finding/f1'))).toBe(true)
    expect(row(w, 'finding/f2').sent).toBeDefined()
    expect(await w.box.flush('lin')).toBe(true)
  })

  it('uploads a photo again that the server swept away meanwhile', async () => {
    const w = world()
    await w.box.keep(finding('f1', ['a.jpg']))
    w.server.failures = [null, faultOf('unavailable')]
    await w.box.flush('lin')
    w.server.swept.add('hash of a.jpg')
    expect(await w.box.flush('lin')).toBe(true)
    expect(w.server.files).toEqual(['a.jpg', 'a.jpg'])
    expect(row(w, 'finding/f1').sent).toBeDefined()
  })

  it('deletes only what the server cannot have', async () => {
    const w = world()
    await w.box.keep(finding('f1'))
    w.server.failures = ['lost']
    await w.box.flush('lin')
    expect(loose(row(w, 'finding/f1'))).toBe(false)
    expect(await w.box.drop('finding/f1')).toBe(false)
    await w.box.keep(finding('f2'))
    expect(await w.box.drop('finding/f2')).toBe(true)
    expect(w.disk.rows.has('finding/f2')).toBe(false)
  })

  it('sends nothing under another name', async () => {
    const w = world()
    await w.box.keep(finding('f1'))
    expect(await w.box.flush('wang')).toBe(true)
    expect(w.server.sheets).toHaveLength(0)
    expect(waits(row(w, 'finding/f1'))).toBe(true)
  })

  it('stops at a lost session and keeps the rest', async () => {
    const w = world()
    await w.box.keep(answer('c1', 'pass'))
    await w.box.keep(finding('f1'))
    w.server.failures = [faultOf('unauthenticated')]
    expect(await w.box.flush('lin')).toBe(false)
    expect([...w.disk.rows.values()].filter(waits)).toHaveLength(2)
  })

  it('says so where there is no room, and does not pretend to have kept it', async () => {
    const w = world()
    w.disk.full = true
    await expect(w.box.keep(finding('f1', ['a.jpg']))).rejects.toThrow()
    expect(w.box.entries()).toHaveLength(0)
  })

  it('forgets what was sent long ago, and nothing else', async () => {
    const w = world()
    const old = 15 * 86_400_000
    await w.disk.put({ ...finding('sent'), sent: 1 })
    await w.disk.put({ ...finding('refused'), refused: { zh: '', en: '' } })
    await w.disk.put(finding('waits'))
    const box = new Outbox(w.disk, w.server, () => old)
    await box.load()
    expect([...w.disk.rows.keys()]).toEqual(['finding/refused', 'finding/waits'])
  })

  it('says when the sheet was begun here, whatever is sent of it', async () => {
    const { server, box } = world()
    await box.keep(finding('f1', [], 7_000))
    await box.keep(answer('c2', 'pass', 'r', 9_000))
    await box.keep({ ...answer('c3', 'pass', 'r', 3_000), id: 'answer/2/c3', inspection: 2 })
    expect(await box.flush('lin')).toBe(true)
    expect(server.sheets.map((s) => s.begun)).toEqual([3_000, 7_000, 7_000].map((at) => new Date(at).toISOString()))
  })
})
