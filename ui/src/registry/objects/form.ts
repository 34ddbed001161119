/** The form of an object: what stands as text under the person's hands, and back. */
import type { ObjectFacts, WaterObject } from '@/api/types'
import { parseNumber } from '@/lib/number'

export interface ObjectEntry {
  nameZh: string
  nameEn: string
  kind: string
  scheme: string
  code: string
  division: string
  organisation: string
  river: string
  lon: string
  lat: string
  scale: string
  storage: string
  height: string
  installed: string
  population: string
  supply: string
  length: string
  commissioned: string
  impounded: string
  appraised: string
  class: string
  period: string
  reinforced: string
  countyTown: string
  disposition: string
  charging: string
}

export type Figures = 'storage' | 'height' | 'installed' | 'population' | 'supply' | 'length'
export type Days = 'commissioned' | 'impounded' | 'appraised' | 'reinforced'

/** The figures that a kind is asked for, each with the key of its unit. */
export function figuresOf(kind: string): { key: Figures; unit: string }[] {
  const all: Record<string, { key: Figures; unit: string }[]> = {
    reservoir: [{ key: 'storage', unit: 'storage' }, { key: 'height', unit: 'length' }],
    pond: [{ key: 'storage', unit: 'storage' }, { key: 'height', unit: 'length' }],
    hydropower: [{ key: 'installed', unit: 'installed' }],
    waterworks: [{ key: 'population', unit: 'population' }, { key: 'supply', unit: 'supply' }],
    village: [{ key: 'population', unit: 'population' }],
    old_well: [{ key: 'population', unit: 'population' }],
    construction: [],
  }
  return all[kind] ?? [{ key: 'length', unit: 'length' }]
}

export const daysOf = (kind: string): Days[] => (kind === 'reservoir' ? ['commissioned', 'impounded', 'appraised', 'reinforced'] : ['commissioned'])

const text = (value: number | boolean | null | undefined): string => (value === null || value === undefined ? '' : String(value))

export const formOf = (o: WaterObject | null): ObjectEntry => ({
  nameZh: o?.name.zh ?? '', nameEn: o?.name.en ?? '', kind: o?.kind ?? 'reservoir', scheme: o?.scheme ?? '', code: o?.code ?? '',
  division: o?.division ?? '', organisation: o?.organisation ?? '', river: o?.river ?? '', lon: text(o?.place?.lon), lat: text(o?.place?.lat),
  scale: o?.scale ?? '', storage: text(o?.storage_wan_m3), height: text(o?.dam_height_m), installed: text(o?.installed_kw), population: text(o?.population),
  supply: text(o?.supply_m3_day), length: text(o?.length_m), commissioned: o?.commissioned_on ?? '', impounded: o?.impounded_on ?? '', appraised: o?.appraised_on ?? '',
  class: text(o?.appraisal_class), period: text(o?.appraisal_period_years), reinforced: o?.reinforced_on ?? '', countyTown: text(o?.affects_county_town),
  disposition: o?.disposition ?? '', charging: o?.charging ?? '',
})

/** The fields whose text is no number. */
export const badNumbers = (f: ObjectEntry): (keyof ObjectEntry)[] =>
  (['lon', 'lat', 'storage', 'height', 'installed', 'population', 'supply', 'length'] as const).filter((k) => f[k].trim() !== '' && parseNumber(f[k]) === null)

/** Facts as they are to stand: an empty field is left out, and with that taken away. */
export function factsOf(f: ObjectEntry): ObjectFacts {
  const out: ObjectFacts = {}
  const words = { river: f.river, scale: f.scale, commissioned_on: f.commissioned, impounded_on: f.impounded, appraised_on: f.appraised, reinforced_on: f.reinforced, disposition: f.disposition, charging: f.charging }
  for (const [k, v] of Object.entries(words)) if (v.trim()) Object.assign(out, { [k]: v.trim() })
  const figures = { storage_wan_m3: f.storage, dam_height_m: f.height, installed_kw: f.installed, population: f.population, supply_m3_day: f.supply, length_m: f.length, appraisal_class: f.class, appraisal_period_years: f.period }
  for (const [k, v] of Object.entries(figures)) if (parseNumber(v) !== null) Object.assign(out, { [k]: parseNumber(v) })
  if (f.countyTown) out.affects_county_town = f.countyTown === 'true'
  const lon = parseNumber(f.lon)
  const lat = parseNumber(f.lat)
  if (lon !== null && lat !== null) out.place = { lon, lat }
  return out
}
