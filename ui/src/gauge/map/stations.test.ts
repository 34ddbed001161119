import { describe, expect, it } from 'vitest'
import { counts, KINDS, reader, shown, stationOf, STATES, type Mark } from './stations'

const mark = (object: number, more: Partial<Mark> = {}): Mark => ({ object, name: { zh: `站${object}`, en: '' }, code: `C${object}`, division: '330602', class: 'ZZ', level: { at: '2026-06-08T00:00:00Z', value: 1 }, ...more })
const signal = new AbortController().signal

describe('the stations of the map', () => {
  it('are read whole, then by what changed', async () => {
    const asked: number[] = []
    const answers = [
      { of: 2, version: 5, stations: [mark(1), mark(2)] },
      { of: 2, version: 6, stations: [mark(2, { events: ['warning'] })] },
    ]
    const next = reader(async (since) => (asked.push(since), answers[asked.length - 1]!))
    expect((await next(signal)).map((s) => s.state)).toEqual(['normal', 'normal'])
    expect((await next(signal)).map((s) => s.state)).toEqual(['normal', 'warning'])
    expect(asked).toEqual([0, 5])
  })
  it('are read anew where one is gone', async () => {
    const answers = [{ of: 2, version: 5, stations: [mark(1), mark(2)] }, { of: 1, version: 6, stations: [] }, { of: 1, version: 6, stations: [mark(1)] }]
    const next = reader(async () => answers.shift()!)
    await next(signal)
    expect((await next(signal)).map((s) => s.object)).toEqual([1])
  })
  it('are silent where reports are missed, and stay above a limit where they were', () => {
    expect([mark(1, { silent: true }), mark(2, { silent: true, events: ['warning'] }), mark(3)].map((m) => stationOf(m).state)).toEqual(['no_data', 'warning', 'normal'])
  })
  it('stand the worst first, and silence is never normal', () => {
    const all = [mark(1), mark(2, { level: undefined } as Partial<Mark>), mark(3, { events: ['guarantee', 'warning'] }), mark(4, { class: 'PP', events: ['rain_1440'] })].map(stationOf)
    const want = { text: '', states: new Set(STATES), kinds: new Set(KINDS) }
    expect(shown(all, want).map((s) => s.state)).toEqual(['guarantee', 'rain', 'no_data', 'normal'])
    expect(shown(all, { ...want, text: 'c3' }).map((s) => s.object)).toEqual([3])
    expect(shown(all, { ...want, kinds: new Set(['rain'] as const) }).map((s) => s.object)).toEqual([4])
    expect(counts(all, new Set(['level'] as const))).toMatchObject({ guarantee: 1, no_data: 1, normal: 1, rain: 0 })
  })
})
