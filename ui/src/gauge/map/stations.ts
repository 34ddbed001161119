/** The stations of the map: read whole once, then only what has changed. */
import type { components } from '@/api/schema'
import type { Full } from '@/api/types'
import { get } from '@/lib/client'
import { useResource, type Resource } from '@/lib/resource'
import { stateOfEvents, type State } from '../read'

export type Mark = Full<components['schemas']['GaugeMark']>
type Answer = Full<components['schemas']['GaugeMap']>

export type Kind = 'level' | 'rain' | 'reservoir'
export const KINDS: readonly Kind[] = ['level', 'rain', 'reservoir']

/** What the legend filters by; silence and having never spoken look the same on the map. */
export const STATES: readonly State[] = ['guarantee', 'flood_limit', 'warning', 'rain', 'no_data', 'normal']

export interface Station extends Mark {
  state: State
  kind: Kind
  /** The worst has the highest. */
  rank: number
}

export function stationOf(m: Mark): Station {
  const known = stateOfEvents(m.events ?? [], m.level !== undefined || m.rain !== undefined)
  const state = known === 'absent' || (known === 'normal' && m.silent) ? 'no_data' : known
  const kind = m.class === 'RR' ? 'reservoir' : ['PP', 'MM', 'BB'].includes(m.class) ? 'rain' : 'level'
  return { ...m, state, kind, rank: STATES.length - STATES.indexOf(state) }
}

type Ask = (since: number, signal: AbortSignal) => Promise<Answer>

const ask: Ask = (since, signal) => get<Answer>('/api/gauges/map', { since: since || undefined }, signal)

/** Reads what is new since the last read; all where that does not add up, as when a station was taken out of use. */
export function reader(read: Ask = ask): (signal: AbortSignal) => Promise<Station[]> {
  const known = new Map<number, Station>()
  let version = 0
  return async (signal) => {
    let answer = await read(version, signal)
    const fresh = (answer.stations ?? []).filter((m) => !known.has(m.object)).length
    if (version > 0 && known.size + fresh !== answer.of) {
      answer = await read(0, signal)
      known.clear()
    }
    for (const m of answer.stations ?? []) known.set(m.object, stationOf(m))
    version = answer.version
    return [...known.values()]
  }
}

export function useStations(): Resource<Station[]> {
  const next = reader()
  return useResource(() => 'map', (_, signal) => next(signal), ['gauge.changed', 'registry.changed'])
}

export interface Wanted {
  text: string
  states: ReadonlySet<State>
  kinds: ReadonlySet<Kind>
}

const matches = (s: Station, text: string): boolean => !text || `${s.name.zh} ${s.name.en} ${s.code}`.toLowerCase().includes(text)

/** One for all: making it is what costs. */
const collator = new Intl.Collator('zh', { numeric: true })

/** What stands on the map and in the list, the worst first. */
export function shown(all: readonly Station[], want: Wanted): Station[] {
  const text = want.text.trim().toLowerCase()
  return all
    .filter((s) => want.states.has(s.state) && want.kinds.has(s.kind) && matches(s, text))
    .sort((a, b) => b.rank - a.rank || collator.compare(a.name.zh, b.name.zh))
}

/** How many there are of each state, among the kinds that are shown. */
export function counts(all: readonly Station[], kinds: ReadonlySet<Kind>): Record<State, number> {
  const out = { guarantee: 0, flood_limit: 0, warning: 0, rain: 0, no_data: 0, normal: 0, absent: 0 }
  for (const s of all) if (kinds.has(s.kind)) out[s.state]++
  return out
}
