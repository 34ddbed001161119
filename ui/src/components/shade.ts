/** Classes of a shaded map: one blue in steps for what is fine or ahead, greys toward lag; grades carry the warning shapes. */
import type { Grade } from '@/api/types'
import { number } from '@/lib/number'
import type { Theme } from '@/lib/settings'

export interface MapItem {
  code: string
  name: string
  value: number | null
  text: string
  grade: Grade
}

export interface ShadeClass {
  from: number
  label: string
  light: string
  dark: string
}

const light = ['#e8eef3', '#c9dbe9', '#9dc0da', '#5f97c2', '#0f5e9c']
const dark = ['#1a2d40', '#1e4263', '#275d8c', '#3a80b8', '#74b6ec']

/** Up to five classes of equal width between the least and the greatest, on round numbers. */
export function classes(items: readonly MapItem[]): ShadeClass[] {
  const known = items.map((i) => i.value).filter((v): v is number => v !== null)
  if (!known.length) return []
  const low = Math.min(...known)
  const step = roundStep((Math.max(...known) - low) / 5)
  const start = Math.floor(low / step) * step
  const count = Math.min(5, Math.floor((Math.max(...known) - start) / step) + 1)
  const decimals = step < 1 ? Math.ceil(-Math.log10(step)) : 0
  const n = (v: number): string => number(v, decimals)
  return Array.from({ length: count }, (_, i) => {
    const from = start + i * step
    const last = i === count - 1
    const shade = count === 1 ? 2 : Math.round((i * 4) / (count - 1))
    return {
      from,
      label: last ? `≥ ${n(from)}` : `${n(from)} – ${n(from + step)}`,
      light: light[shade] ?? '',
      dark: dark[shade] ?? '',
    }
  })
}

function roundStep(raw: number): number {
  if (!(raw > 0)) return 1
  const size = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 5, 10].find((m) => m * size >= raw) ?? 10) * size
}

/** How an item is painted: its class, with ink that reads on it; what has no figure stays empty. */
export function shadeOf(item: MapItem | undefined, list: readonly ShadeClass[], theme: Theme): { fill: string; text: string; halo: string } {
  const value = item?.value
  const at = value === null || value === undefined ? -1 : list.findLastIndex((c) => value >= c.from)
  const fill = list[at]?.[theme] ?? (theme === 'light' ? '#ffffff' : '#0e1f30')
  // The two strongest shades of each theme turn the ink around.
  const strong = fill === light[3] || fill === light[4] || fill === dark[4]
  const inkOnPale = theme === 'light' ? !strong : strong
  return { fill, text: inkOnPale ? '#14283a' : '#ffffff', halo: fill }
}
