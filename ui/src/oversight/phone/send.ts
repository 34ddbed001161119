/** The outbox of this page: sends when the network is back, when the page is looked at again, and every now and then. */
import { computed, ref, shallowRef, watch } from 'vue'
import type { SheetSaved } from '@/api/oversight'
import { session } from '@/identity/session'
import { post } from '@/lib/client'
import { whenWell } from '@/lib/trouble'
import { filledDetail } from '../read'
import { uploadPhoto } from '@/lib/upload'
import { entryStore } from './idb'
import { Outbox, waits, type Entry } from './outbox'

const FIRST = 4_000
const LONGEST = 60_000

const all = shallowRef<Entry[]>([])
const ticks = ref(0)
/** True where this browser keeps nothing, as in some private windows. */
export const broken = ref(false)

const listeners = new Set<(after: SheetSaved) => void>()

const outbox = new Outbox(
  entryStore,
  {
    upload: uploadPhoto,
    record: async (inspection, sheet) => filledDetail(await post<SheetSaved>(`/api/inspections/${inspection}/sheet`, sheet)),
  },
  () => Date.now(),
  () => {
    all.value = outbox.entries()
    ticks.value++
  },
  (after) => listeners.forEach((act) => act(after)),
)

const account = (): string => session.value?.account.id ?? ''

/** What this account has written here. */
export const entries = computed(() => all.value.filter((e) => e.account === account()))
/** How much waits for another account to sign in. */
export const ofOthers = computed(() => all.value.filter((e) => e.account !== account() && waits(e)).length)

export function isSending(id: string): boolean {
  void ticks.value
  return outbox.isSending(id)
}

/** Calls act with each inspection that a receipt brought, until the returned function is called. */
export function whenReceived(act: (after: SheetSaved) => void): () => void {
  listeners.add(act)
  return () => listeners.delete(act)
}

let timer: ReturnType<typeof setTimeout> | undefined
let pause = FIRST

/** Sends now; what does not go through is tried again, less and less often. */
export async function sendNow(): Promise<void> {
  clearTimeout(timer)
  if (!account()) return
  const done = await locked(() => outbox.flush(account()))
  if (done && !entries.value.some(waits)) pause = FIRST
  else {
    timer = setTimeout(() => void sendNow(), pause)
    pause = Math.min(pause * 2, LONGEST)
  }
}

/** Two tabs must not send at once; where the browser has no locks, the ids alone keep things single. */
async function locked(act: () => Promise<boolean>): Promise<boolean> {
  if (!('locks' in navigator)) return act()
  return navigator.locks.request('anlan-phone-outbox', { ifAvailable: true }, (lock) => (lock ? act() : false))
}

let safe = false

export async function keep(entry: Entry): Promise<void> {
  await outbox.keep(entry)
  if (!safe) {
    safe = true
    // Asks the browser not to throw it away when space runs short.
    void navigator.storage?.persist?.().catch(() => false)
  }
  pause = FIRST
  void sendNow()
}

export const drop = (id: string): Promise<boolean> => outbox.drop(id)

let started: Promise<void> | null = null

/** Reads what is kept and begins to send; called by every page of the phone, and once by the shell for what an earlier visit left. */
export function startOutbox(): Promise<void> {
  started ??= begin()
  return started
}

async function begin(): Promise<void> {
  try {
    await outbox.load()
  } catch {
    broken.value = true
    return
  }
  const go = (): void => {
    pause = FIRST
    void sendNow()
  }
  window.addEventListener('online', go)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && go())
  whenWell(go)
  watch(() => account(), go)
  go()
}
