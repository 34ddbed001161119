/** Months of a part: what was typed over what is on record, and the curves. */
import type { FigureChange, FigureRevision, ProjectMonth, What } from '@/api/project'
import { amountFrom } from '../form/shape'

export const whats = ['plan', 'actual', 'planned_progress', 'progress'] as const satisfies readonly What[]

export const typedKey = (month: string, what: What): string => `${month}/${what}`

const asText = (value: number | null): string => (value === null ? '' : String(value))

/** What the field of a figure shows: what was typed, else what is on record. */
export const fieldText = (typed: Readonly<Record<string, string>>, m: ProjectMonth, what: What): string => typed[typedKey(m.month, what)] ?? asText(m[what].value)

/** Where a field holds no number. */
export function wrongFields(typed: Readonly<Record<string, string>>): string[] {
  return Object.keys(typed).filter((k) => amountFrom(typed[k] ?? '') === undefined)
}

/**
 * The changes to be sent: what differs from what is on record, each naming the revision that was read when typing began. Notes and
 * photographs go along with the figures of their month; a photograph with no figure touched goes with the progress that stands.
 */
export function changesOf(part: number, months: readonly ProjectMonth[], typed: Readonly<Record<string, string>>, revisions: Readonly<Record<string, number>>, notes: Readonly<Record<string, string>>, files: Readonly<Record<string, string[]>>): FigureChange[] {
  const out: FigureChange[] = []
  for (const m of months) {
    const note = notes[m.month]?.trim()
    const photos = files[m.month] ?? []
    const more = note ? { note } : {}
    const mine: FigureChange[] = []
    for (const what of whats) {
      const text = typed[typedKey(m.month, what)]
      const value = text === undefined ? undefined : amountFrom(text)
      if (value === undefined || value === m[what].value) continue
      mine.push({ part, month: m.month, what, value, revision: revisions[typedKey(m.month, what)] ?? m[what].revision, ...more })
    }
    if (photos.length) {
      const at = mine.find((c) => c.what === 'progress')
      if (at) at.files = photos
      else mine.push({ part, month: m.month, what: 'progress', value: m.progress.value, revision: m.progress.revision, files: photos, ...more })
    }
    out.push(...mine)
  }
  return out
}

/** Figures that somebody else changed since typing began, among those that were typed. */
export function contested(months: readonly ProjectMonth[], typed: Readonly<Record<string, string>>, revisions: Readonly<Record<string, number>>): { month: string; what: What; now: number | null; mine: string }[] {
  return months.flatMap((m) =>
    whats.flatMap((what) => {
      const key = typedKey(m.month, what)
      const mine = typed[key]
      return mine !== undefined && (revisions[key] ?? 0) !== m[what].revision ? [{ month: m.month, what, now: m[what].value, mine }] : []
    }),
  )
}

/** Sums from the year's begin on; they end where a figure is missing, for what is not told is not zero. */
export function soFar(values: readonly (number | null)[]): (number | null)[] {
  let sum: number | null = 0
  return values.map((v) => {
    sum = sum === null || v === null ? null : Math.round((sum + v) * 1e4) / 1e4
    return sum
  })
}

export interface Photo {
  hash: string
  name: string
  month: string
}

/** The pictures of the revisions by month, the earliest month first; one that was put in twice stands once. */
export function photosOf(revisions: readonly FigureRevision[]): Photo[] {
  const seen = new Set<string>()
  const out: Photo[] = []
  for (const r of [...revisions].sort((a, b) => a.month.localeCompare(b.month) || a.id - b.id)) {
    for (const f of r.files) {
      if (seen.has(f.hash) || !f.media.startsWith('image/')) continue
      seen.add(f.hash)
      out.push({ hash: f.hash, name: f.name, month: r.month })
    }
  }
  return out
}
