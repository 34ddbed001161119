/** What the keys and values of a pack are called on the screen. */
type Say = (key: string) => string

const elsewhere: Record<string, string> = { kind: 'view.kind', better: 'view.better', cadence: 'view.cadence', level: 'view.level', issuer: 'view.level' }

/** A value of a field that is chosen from a few. */
export const choiceWord = (t: Say, field: string, value: string): string => t(`${elsewhere[field] ?? `packs.choices.${field}`}.${value}`)

const chosen = new Set(['kind', 'better', 'cadence', 'level', 'issuer', 'rollup', 'judge', 'curve'])

/** A value as a list of changes shows it. */
export function valueWord(t: Say, field: string, value: string): string {
  if (value === 'true' || value === 'false') return t(`packs.${value}`)
  return chosen.has(field) && /^[a-z_]+$/.test(value) ? choiceWord(t, field, value) : value
}
