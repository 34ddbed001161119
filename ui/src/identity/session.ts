/** Who is signed in and what that person may do; the server says both. */
import { computed, readonly, shallowRef } from 'vue'
import type { Me } from '@/api/types'
import { get, post, remove } from '@/lib/client'
import { closeEvents, openEvents } from '@/lib/events'
import { asFault } from '@/lib/fault'
import { whenWell } from '@/lib/trouble'

const me = shallowRef<Me | null>(null)
let asked: Promise<Me | null> | null = null

export const session = readonly(me)

function take(answer: Me): Me {
  me.value = answer
  openEvents()
  return answer
}

/** Asks once who is signed in; null where nobody is. */
export function whoAmI(): Promise<Me | null> {
  asked ??= get<Me>('/api/me').then(take, (thrown) => {
    asked = null
    // A server that is away says nothing of who is signed in: the page waits for it.
    return ['offline', 'unavailable'].includes(asFault(thrown).kind) ? again() : null
  })
  return asked
}

function again(): Promise<Me | null> {
  return new Promise((answer) => {
    const stop = whenWell(() => {
      stop()
      answer(whoAmI())
    })
  })
}

export async function signIn(login: string, password: string): Promise<Me> {
  await post<unknown>('/api/session', { login, password })
  asked = get<Me>('/api/me').then(take)
  return (await asked) as Me
}

export async function signOut(): Promise<void> {
  await remove('/api/session').catch(() => undefined)
  forget()
}

/** Drops what is known of the person, as when the session ended. */
export function forget(): void {
  me.value = null
  asked = null
  closeEvents()
}

/** Reads again, after the demo's clock or one's own account changed. */
export async function refreshMe(): Promise<void> {
  asked = null
  await whoAmI()
}

/**
 * Whether the person may do this at all, or in this line of work. Screens hide and disable by it; the server decides, also
 * about the division.
 */
export function can(permission: string, line?: string): boolean {
  return (me.value?.permissions ?? []).some(
    (p) => p.permission === permission && (!line || p.line === '*' || p.line === line),
  )
}

/** The place that pages open with, as the server says: the city for those who see it, else the person's own division. */
export const home = computed(() => me.value?.server.city || me.value?.account.division || '')
