/** A pack as the editor handles it: lists of items with a key each, places that a check names, and what two editors did. */
import type { Pack, PackChange } from '@/api/types'

export const parts = ['indicators', 'forms', 'targets', 'deadlines', 'peers'] as const
export type Part = (typeof parts)[number]
export type Item = Record<string, unknown>

/** The keys of a pack that are no list. */
export const heads = ['title', 'line', 'basis', 'order'] as const

export const keyName = (part: Part): 'code' | 'id' => (part === 'indicators' ? 'code' : 'id')
export const keyOf = (part: Part, item: Item): string => String(item[keyName(part)] ?? '')
export const itemsOf = (pack: Pack, part: Part): Item[] => (pack[part] ?? []) as unknown as Item[]
export const withItems = (pack: Pack, part: Part, items: readonly Item[]): Pack => ({ ...pack, [part]: items }) as unknown as Pack

/** Puts a value under a key; an absent one takes the key away. */
export function put(item: Item, key: string, value: unknown): Item {
  const rest = { ...item }
  if (value === undefined || value === null) delete rest[key]
  else rest[key] = value
  return rest
}

/** Where in the pack a fault or a change is: an item of a part, or the head, and which of its fields. */
export interface Place {
  part: Part | 'head'
  index: number
  field: string
}

/**
 * Reads a place as the server writes it: "rivers.indicators[2] river.km.name", "pack.yaml indicators[2].unit (line 41)",
 * "rivers.title". Null for a place in another pack.
 */
export function placeOf(place: string, pack: Pack): Place | null {
  const own = place.startsWith('pack.yaml ') ? place.slice('pack.yaml '.length) : place.startsWith(`${pack.id}.`) ? place.slice(pack.id.length + 1) : null
  if (own === null) return null
  const bare = own.replace(/ \(line \d+\)$/, '')
  const found = /^(indicators|forms|targets|deadlines|peers)\[(\d+)\](.*)$/.exec(bare)
  if (!found) return { part: 'head', index: 0, field: bare.split('.')[0] ?? '' }
  const part = found[1] as Part
  const index = Number(found[2])
  const key = keyOf(part, itemsOf(pack, part)[index] ?? {})
  const rest = (found[3] ?? '').trimStart()
  const after = key && rest.startsWith(key) ? rest.slice(key.length) : rest
  return { part, index, field: after.replace(/^\./, '').split(/[.[]/)[0] ?? '' }
}

/** A change taken apart: of which item, and which field unless the whole item came or went; a field of the head has no part. */
export function changed({ place, what }: Pick<PackChange, 'place' | 'what'>): { part: Part | 'head'; key: string; field: string } {
  const part = parts.find((p) => place.startsWith(`${p}.`))
  if (!part) return { part: 'head', key: '', field: place }
  const rest = place.slice(part.length + 1)
  const cut = what === 'changed' ? rest.lastIndexOf('.') : -1
  return { part, key: cut < 0 ? rest : rest.slice(0, cut), field: cut < 0 ? '' : rest.slice(cut + 1) }
}

function listOf(text: string | undefined): string[] | null {
  if (text === '—' || text === undefined) return []
  if (!text.startsWith('[')) return null
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((v) => typeof v !== 'object') ? list.map(String) : null
  } catch {
    return null
  }
}

/** Before and after of a change; of two lists only what left and what came. */
export function sides(change: PackChange): { before: string[]; after: string[] } {
  const was = listOf(change.before)
  const now = listOf(change.after)
  if (!was || !now || (!was.length && !now.length)) return { before: [change.before ?? '—'], after: [change.after ?? '—'] }
  const left = was.filter((v) => !now.includes(v))
  const came = now.filter((v) => !was.includes(v))
  return left.length || came.length ? { before: left, after: came } : { before: was, after: now }
}

/** The forms of the pack that ask for an indicator. */
export const askedBy = (pack: Pack, code: string): string[] => (pack.forms ?? []).filter((f) => f.lines.includes(code)).map((f) => f.id)

/** Has the forms of the list ask for the indicator, at their end, and no others. */
export function askIn(pack: Pack, code: string, forms: readonly string[]): Pack {
  const next = (pack.forms ?? []).map((f) => {
    const has = f.lines.includes(code)
    if (has === forms.includes(f.id)) return f
    return { ...f, lines: has ? f.lines.filter((c) => c !== code) : [...f.lines, code] }
  })
  return { ...pack, forms: next }
}

/** Renames a key wherever the pack names it, so that an item just added can still be called otherwise. */
export function rename(pack: Pack, part: Part, from: string, to: string): Pack {
  if (!from) return pack
  const swap = (list: string[] | undefined): string[] | undefined => list?.map((c) => (c === from ? to : c))
  if (part === 'indicators') {
    return {
      ...pack,
      forms: pack.forms.map((f) => ({ ...f, lines: swap(f.lines) ?? [] })),
      targets: pack.targets.map((g) => (g.indicator === from ? { ...g, indicator: to } : g)),
    }
  }
  return part === 'targets' ? { ...pack, deadlines: pack.deadlines.map((d) => ({ ...d, targets: swap(d.targets) ?? [] })) } : pack
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const isCodes = (v: unknown): v is string[] => Array.isArray(v) && v.every((c) => typeof c === 'string')

/** What both did to one value; where they did two things, mine counts and the place is told. */
function mergeValue(base: unknown, mine: unknown, theirs: unknown, clash: () => void): unknown {
  if (same(mine, base) || same(mine, theirs)) return theirs
  if (same(theirs, base)) return mine
  const was = base ?? []
  if (isCodes(was) && isCodes(mine) && isCodes(theirs)) {
    const added = mine.filter((c) => !was.includes(c))
    const dropped = was.filter((c) => !mine.includes(c))
    if (added.length || dropped.length) return [...theirs.filter((c) => !dropped.includes(c)), ...added.filter((c) => !theirs.includes(c))]
  }
  clash()
  return mine
}

function mergeItem(base: Item | undefined, mine: Item | undefined, theirs: Item | undefined, clash: (field: string) => void): Item | undefined {
  if (!mine || !theirs) {
    const left = mine ?? theirs
    if (base && same(left, base)) return undefined
    if (base && left) clash('')
    return left
  }
  let out: Item = {}
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    out = put(out, key, mergeValue(base?.[key], mine[key], theirs[key], () => clash(key)))
  }
  return out
}

/** Puts my changes and those of somebody else together, both made to the base. The clashes are places where mine replaced theirs. */
export function merge(base: Pack, mine: Pack, theirs: Pack): { pack: Pack; clashes: string[] } {
  const clashes: string[] = []
  let pack = { ...theirs } as Pack
  for (const head of heads) {
    pack = { ...pack, [head]: mergeValue(base[head], mine[head], theirs[head], () => clashes.push(head)) } as Pack
  }
  for (const part of parts) {
    const of = (p: Pack): Map<string, Item> => new Map(itemsOf(p, part).map((i) => [keyOf(part, i), i]))
    const [was, own, other] = [of(base), of(mine), of(theirs)]
    const items: Item[] = []
    for (const key of new Set([...other.keys(), ...own.keys()])) {
      const item = mergeItem(was.get(key), own.get(key), other.get(key), (field) => clashes.push([part, key, field].filter(Boolean).join('.')))
      if (item) items.push(item)
    }
    pack = withItems(pack, part, items)
  }
  return { pack, clashes }
}
