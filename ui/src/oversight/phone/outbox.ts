/**
 * What an inspector writes on a phone, kept there until the server has given its receipt. Every finding has an id made here, so
 * that one sent twice is kept once; an answer is the latest word on its clause. Knows neither IndexedDB nor HTTP.
 */
import type { Answer, Place, Severity, Sheet, SheetSaved } from '@/api/oversight'
import type { Text } from '@/api/types'
import { asFault, type Fault, type FaultKind } from '@/lib/fault'

interface Kept {
  id: string
  account: string
  inspection: number
  /** Milliseconds since 1970, as are all instants here. */
  made: number
  /** Changes with each word on the same thing; a receipt counts only for what was sent. */
  rev: string
  tries: number
  sent?: number
  refused?: Text
}

export interface KeptAnswer extends Kept {
  kind: 'answer'
  clause: string
  answer: Answer
}

export interface KeptNote extends Kept {
  kind: 'note'
  text: string
}

export interface KeptPhoto {
  name: string
  /** Gone once the finding has its receipt. */
  blob?: Blob
  /** Once it is uploaded. */
  hash?: string
}

export interface KeptFinding extends Kept {
  kind: 'finding'
  clause: string
  severity: Severity
  detail: string
  place: Place
  photos: KeptPhoto[]
  /** The matter that it became. */
  matter?: number
}

export type Entry = KeptAnswer | KeptNote | KeptFinding

export interface OutboxStore {
  all(): Promise<Entry[]>
  put(entry: Entry): Promise<void>
  remove(id: string): Promise<void>
}

export interface Transport {
  upload(blob: Blob, name: string): Promise<string>
  record(inspection: number, sheet: Sheet): Promise<SheetSaved>
}

/** Faults after which the same thing may yet be taken; all others are refusals. */
const passing: readonly FaultKind[] = ['offline', 'unavailable', 'too_many', 'internal', 'unauthenticated']

/** How long what was sent stays on show. */
const KEEP_SENT = 14 * 86_400_000

export const waits = (e: Entry): boolean => e.sent === undefined && e.refused === undefined

/** Whether it may be changed or deleted: never while the server may already have it. */
export const loose = (e: Entry): boolean => e.refused !== undefined || (e.sent === undefined && e.tries === 0)

export class Outbox {
  private readonly kept = new Map<string, Entry>()
  private readonly flying = new Set<string>()
  private running: Promise<boolean> | null = null

  constructor(
    private readonly store: OutboxStore,
    private readonly transport: Transport,
    private readonly now: () => number,
    /** Called after every change of what is kept or under way. */
    private readonly changed: () => void = () => undefined,
    /** Told of each receipt, with the inspection as it stands then. */
    private readonly received: (after: SheetSaved) => void = () => undefined,
  ) {}

  entries(): Entry[] {
    return [...this.kept.values()].sort((a, b) => a.made - b.made || a.id.localeCompare(b.id))
  }

  isSending(id: string): boolean {
    return this.flying.has(id)
  }

  /** Reads what is kept, as after a reload: what was under way then waits again. */
  async load(): Promise<void> {
    const all = await this.store.all()
    this.kept.clear()
    for (const e of all) {
      if (e.sent !== undefined && e.sent < this.now() - KEEP_SENT) await this.store.remove(e.id)
      else this.kept.set(e.id, e)
    }
    this.changed()
  }

  /** Keeps one thing; it is on the phone when this returns, and an error means that it is not. */
  async keep(entry: Entry): Promise<void> {
    await this.store.put(entry)
    this.kept.set(entry.id, entry)
    this.changed()
  }

  /** Deletes what the server has not taken; false where it may have. */
  async drop(id: string): Promise<boolean> {
    const e = this.kept.get(id)
    if (!e || !loose(e) || this.flying.has(id)) return false
    await this.store.remove(id)
    this.kept.delete(id)
    this.changed()
    return true
  }

  /** Sends what waits for an account; true where nothing waits any more, false where it is to be tried again later. */
  flush(account: string): Promise<boolean> {
    this.running ??= this.run(account).finally(() => (this.running = null))
    return this.running
  }

  private async run(account: string): Promise<boolean> {
    /** What the server stumbled over in this run: it holds back nothing else. */
    const later = new Set<string>()
    const waiting = (): Entry[] => this.entries().filter((e) => e.account === account && waits(e) && !later.has(e.id))
    try {
      for (let [next] = waiting(); next; [next] = waiting()) {
        const at = next.inspection
        const words = waiting().filter((e): e is KeptAnswer | KeptNote => e.inspection === at && e.kind !== 'finding')
        const finding = words.length ? undefined : waiting().find((e): e is KeptFinding => e.inspection === at && e.kind === 'finding')
        try {
          if (words.length) await this.sendWords(at, words)
          else if (finding) await this.sendFinding(finding.id)
        } catch (thrown) {
          if (asFault(thrown).kind !== 'internal') throw thrown
          for (const e of finding ? [finding] : words) later.add(e.id)
        }
      }
      return later.size === 0
    } catch (thrown) {
      if (passing.includes(asFault(thrown).kind)) return false
      throw thrown
    } finally {
      this.flying.clear()
      this.changed()
    }
  }

  /** Answers and the note go together; where one is refused, each goes alone, so that one bad one holds back no other. */
  private async sendWords(inspection: number, words: readonly (KeptAnswer | KeptNote)[]): Promise<void> {
    for (const e of words) this.flying.add(e.id)
    this.changed()
    try {
      const sheet: Sheet = { answers: {}, begun: this.begun(words[0]) }
      for (const e of words) {
        if (e.kind === 'answer') sheet.answers[e.clause] = e.answer
        else sheet.note = e.text
      }
      const after = await this.transport.record(inspection, sheet)
      for (const e of words) await this.settle(e, (now) => (now.sent = this.now()))
      this.received(after)
    } catch (thrown) {
      const fault = refusal(thrown)
      const [only] = words
      if (words.length === 1 && only) await this.settle(only, (now) => (now.refused = fault.text))
      else for (const e of words) await this.sendWords(inspection, [e])
    } finally {
      for (const e of words) this.flying.delete(e.id)
    }
  }

  private async sendFinding(id: string): Promise<void> {
    const started = this.kept.get(id) as KeptFinding
    this.flying.add(id)
    // Before the first byte leaves: from now on the server may have it.
    await this.change(id, (e) => e.tries++)
    let lost = false
    try {
      for (;;) {
        const files = await this.upload(id)
        try {
          const f = started
          const after = await this.transport.record(f.inspection, {
            answers: {},
            begun: this.begun(f),
            findings: [{ client: f.rev, clause: f.clause, severity: f.severity, detail: f.detail, place: f.place, files, at: new Date(f.made).toISOString() }],
          })
          await this.settle(started, (e) => {
            e.sent = this.now()
            if (e.kind !== 'finding') return
            const matter = after.made[0]
            if (matter !== undefined) e.matter = matter
            e.photos = e.photos.map((p) => ({ name: p.name, ...(p.hash ? { hash: p.hash } : {}) }))
          })
          await this.supersede(f)
          this.received(after)
          return
        } catch (thrown) {
          // A file that hung on nothing for long is swept away; its bytes are still here.
          if (asFault(thrown).code !== 'evidence.unknown' || lost) throw thrown
          lost = true
          await this.change(id, (e) => e.kind === 'finding' && e.photos.forEach((p) => p.blob && delete p.hash))
        }
      }
    } catch (thrown) {
      const fault = refusal(thrown)
      await this.settle(started, (e) => (e.refused = fault.text))
    } finally {
      this.flying.delete(id)
    }
  }

  /** When the sheet was first written on here: where its plan has ended meanwhile, it is taken by that. */
  private begun(of: Kept | undefined): string {
    const made = this.entries().filter((e) => e.account === of?.account && e.inspection === of.inspection).map((e) => e.made)
    return new Date(made[0] ?? this.now()).toISOString()
  }

  /** A refused answer to a clause says nothing any more once the clause has its finding. */
  private async supersede(f: KeptFinding): Promise<void> {
    for (const e of this.entries()) {
      if (e.kind !== 'answer' || !e.refused || e.account !== f.account || e.inspection !== f.inspection || e.clause !== f.clause) continue
      await this.store.remove(e.id)
      this.kept.delete(e.id)
    }
  }

  /** Puts in the photos that are not in yet, and remembers each at once: no second try sends it again. */
  private async upload(id: string): Promise<string[]> {
    const photos = (this.kept.get(id) as KeptFinding).photos
    for (const [i, p] of photos.entries()) {
      if (p.hash || !p.blob) continue
      const hash = await this.transport.upload(p.blob, p.name)
      await this.change(id, (e) => {
        const photo = e.kind === 'finding' ? e.photos[i] : undefined
        if (photo) photo.hash = hash
      })
    }
    return (this.kept.get(id) as KeptFinding).photos.flatMap((p) => (p.hash ? [p.hash] : []))
  }

  /** Writes the outcome of what was sent, unless there is a later word on the same thing by now. */
  private async settle(sent: Entry, outcome: (e: Entry) => unknown): Promise<void> {
    if (this.kept.get(sent.id)?.rev === sent.rev) await this.change(sent.id, outcome)
  }

  private async change(id: string, act: (e: Entry) => unknown): Promise<void> {
    const old = this.kept.get(id)
    if (!old) return
    const fresh: Entry = old.kind === 'finding' ? { ...old, photos: old.photos.map((p) => ({ ...p })) } : { ...old }
    act(fresh)
    await this.keep(fresh)
  }
}

/** The fault of a refusal; what may pass goes on up. */
function refusal(thrown: unknown): Fault {
  const fault = asFault(thrown)
  if (passing.includes(fault.kind)) throw thrown
  return fault
}
