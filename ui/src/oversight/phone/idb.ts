/** The phone's own store: what waits to be sent, and what was taken along for places with no signal. */
import type { Entry, OutboxStore } from './outbox'

const NAME = 'anlan-phone'
const ENTRIES = 'entries'
const THINGS = 'things'

let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((answer, fail) => {
    const asked = indexedDB.open(NAME, 1)
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(ENTRIES, { keyPath: 'id' })
      asked.result.createObjectStore(THINGS)
    }
    asked.onsuccess = () => {
      // A newer page in another tab wants to change the store: it must not wait for this one.
      asked.result.onversionchange = () => {
        asked.result.close()
        opened = null
      }
      answer(asked.result)
    }
    asked.onerror = () => fail(asked.error)
  })
  opened.catch(() => (opened = null))
  return opened
}

/** Runs one request in its transaction and waits until that is on the disk. */
async function within<T>(store: string, mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  return new Promise<T>((answer, fail) => {
    const tx = db.transaction(store, mode, { durability: 'strict' })
    const asked = act(tx.objectStore(store))
    tx.oncomplete = () => answer(asked.result)
    tx.onerror = tx.onabort = () => fail(tx.error ?? asked.error)
  })
}

export const entryStore: OutboxStore = {
  all: () => within<Entry[]>(ENTRIES, 'readonly', (s) => s.getAll() as IDBRequest<Entry[]>),
  put: async (entry) => void (await within(ENTRIES, 'readwrite', (s) => s.put(entry))),
  remove: async (id) => void (await within(ENTRIES, 'readwrite', (s) => s.delete(id))),
}

/** One thing under a key, such as an inspection that was taken along; undefined where there is none. */
export const readThing = <T>(key: string): Promise<T | undefined> => within<T | undefined>(THINGS, 'readonly', (s) => s.get(key) as IDBRequest<T | undefined>)

export const keepThing = async (key: string, thing: unknown): Promise<void> => void (await within(THINGS, 'readwrite', (s) => s.put(thing, key)))

export const dropThing = async (key: string): Promise<void> => void (await within(THINGS, 'readwrite', (s) => s.delete(key)))
