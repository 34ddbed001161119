/** What a person has typed and not saved yet, held against what the server has. */
import type { BulletinEdit, BulletinPiece } from '@/api/bulletin'
import { plain } from './paper'

export interface Draft {
  text: string
  /** What the piece said when the person began. */
  base: string
}
export type Drafts = Record<string, Draft>

/** Whether a person has typed anything yet. */
export const altered = (d: Draft): boolean => d.text.trim() !== d.base

/** The key of the title among the drafts. */
export const TITLE = 'title'

export interface Contest {
  block: string
  mine: string
  /** Empty where the piece is gone or struck out. */
  theirs: string
}

export interface Rebased {
  kept: Drafts
  contests: Contest[]
}

/** Holds drafts against the text as it stands now: what says the same is done with, what somebody else changed too is to be chosen. */
export function rebase(drafts: Drafts, title: string, pieces: readonly BulletinPiece[]): Rebased {
  const kept: Drafts = {}
  const contests: Contest[] = []
  for (const [block, d] of Object.entries(drafts)) {
    const piece = pieces.find((p) => p.id === block)
    const now = block === TITLE ? title : piece && !piece.removed ? plain(piece) : ''
    const typed = altered(d)
    if (typed && now === d.text.trim()) continue
    kept[block] = typed ? d : { text: now, base: now } // a pen that has written nothing stays where it is
    if (typed && now !== d.base) contests.push({ block, mine: d.text, theirs: now })
  }
  return { kept, contests }
}

/** What is sent for the drafts. */
export function changesOf(drafts: Drafts): { title?: string; changes: BulletinEdit[] } {
  const changes: BulletinEdit[] = Object.entries(drafts)
    .filter(([block, d]) => block !== TITLE && altered(d))
    .map(([block, d]) => ({ op: 'set', block, text: d.text }))
  const title = drafts[TITLE]
  return title && altered(title) ? { title: title.text, changes } : { changes }
}

const key = (id: string): string => `anlan.bulletin.${id}`

/** Drafts outlive the page: a lost connection, a closed tab, a session that ended. */
export function keep(id: string, drafts: Drafts): void {
  try {
    const typed = Object.fromEntries(Object.entries(drafts).filter(([, d]) => altered(d)))
    if (Object.keys(typed).length) localStorage.setItem(key(id), JSON.stringify(typed))
    else localStorage.removeItem(key(id))
  } catch {
    // A browser that keeps nothing loses only what a reload would have brought back.
  }
}

export function kept(id: string): Drafts {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(id)) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    const sound = Object.entries(stored).filter((e): e is [string, Draft] => typeof e[1]?.text === 'string' && typeof e[1]?.base === 'string')
    return Object.fromEntries(sound)
  } catch {
    return {}
  }
}
