/** Drafts of packs, kept in this browser until they are saved or given up. */
export interface Draft {
  /** The version that it rests on; 0 for a pack that does not stand yet. */
  base: number
  source: string
}

const PREFIX = 'anlan.pack.'

export function keptDraft(id: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null') as Partial<Draft> | null
    return kept && typeof kept.base === 'number' && typeof kept.source === 'string' ? { base: kept.base, source: kept.source } : null
  } catch {
    return null
  }
}

export function keepDraft(id: string, draft: Draft): void {
  try {
    localStorage.setItem(PREFIX + id, JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing still edits; what is not saved is then lost with the page.
  }
}

export function forgetDraft(id: string): void {
  try {
    localStorage.removeItem(PREFIX + id)
  } catch {
    // Nothing was kept.
  }
}

/** The packs of which a draft is kept. */
export function keptDrafts(): string[] {
  try {
    return Object.keys(localStorage).filter((k) => k.startsWith(PREFIX)).map((k) => k.slice(PREFIX.length))
  } catch {
    return []
  }
}
