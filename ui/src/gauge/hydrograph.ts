/** What a hydrograph draws, apart from where. */
import type { ChartOption } from '@/components/chart'
import { number } from '@/lib/number'
import { clock, shortDateTime } from '@/lib/time'
import type { GaugeSeries } from './read'

export interface Limit { name: string; level: number }

export interface Look { ink: string; muted: string; line: string; strong: string; surface: string; level: string; rain: string; font: string; levelName: string; rainName: string; doubted: string; present: string; verdicts: Record<Verdict, string> }

type Pair = [number, number | null]

/** The points that count; an absent one breaks the line. */
export const counted = (s: GaugeSeries | null): Pair[] => (s?.points ?? []).map((p) => [Date.parse(p.at), p.counts ? (p.value ?? null) : null])

const VERDICTS = ['rejected', 'corrected', 'accepted'] as const
export type Verdict = (typeof VERDICTS)[number]

const marked = (s: GaugeSeries | null, is: (flags: readonly string[], counts: boolean) => boolean): Pair[] =>
  (s?.points ?? []).filter((p) => p.value !== null && is(p.flags ?? [], p.counts)).map((p) => [Date.parse(p.at), p.value])

/** The points that a person judged so. */
export const judged = (s: GaugeSeries | null, verdict: Verdict): Pair[] => marked(s, (flags) => flags.includes(verdict))

/** The points that have a figure and do not count, or that a check doubts, and that nobody has judged. */
export const doubted = (s: GaugeSeries | null): Pair[] => marked(s, (flags, counts) => (!counts || flags.length > 0) && !VERDICTS.some((v) => flags.includes(v)))

/** A cross for what is not used, a diamond for what was put in its place, a dot for what holds. */
const MARKS: Record<Verdict, string> = { rejected: 'path://M2 0L6 4L10 0L12 2L8 6L12 10L10 12L6 8L2 12L0 10L4 6L0 2Z', corrected: 'diamond', accepted: 'circle' }

/** The top of the level axis, with room for the rain that hangs there; in tenths. */
export const roof = (least: number, most: number, rain: boolean): number => Math.ceil((most + Math.max(most - least, 0.2) * (rain ? 0.5 : 0.1)) * 10) / 10

/** The day stands at midnight, and beside 08:00, at which the hydrological day begins. */
const stamp = (v: number): string => (clock(v) === '00:00' ? shortDateTime(v).slice(0, 5) : clock(v) === '08:00' ? shortDateTime(v) : clock(v))

export function hydrographOption(level: GaugeSeries | null, rain: GaugeSeries | null, limits: readonly Limit[], now: number | null, look: Look): ChartOption {
  const axis = { axisLabel: { color: look.muted, fontSize: 12 }, nameTextStyle: { color: look.muted, fontSize: 12 }, nameGap: 10 }
  // The lowest limit is always in sight; the higher ones are where the water comes near them.
  const lowest = limits.length ? Math.min(...limits.map((l) => l.level)) : -Infinity
  const most = Math.max(1, ...counted(rain).map((p) => p[1] ?? 0))
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: look.font },
    grid: { left: 8, right: 16, top: 40, bottom: 4, containLabel: true },
    legend: { top: 4, right: 8, itemWidth: 18, itemHeight: 8, textStyle: { color: look.muted, fontSize: 12 } },
    tooltip: {
      trigger: 'axis', renderMode: 'richText', backgroundColor: look.surface, borderColor: look.strong, shadowBlur: 0, shadowColor: 'transparent', textStyle: { color: look.ink, fontSize: 12 },
      valueFormatter: (v) => number(typeof v === 'number' ? v : null, 2),
    },
    xAxis: {
      type: 'time', ...(now === null ? {} : { max: (v) => Math.max(v.max, now) }), axisLine: { lineStyle: { color: look.strong } },
      axisLabel: { color: look.muted, fontSize: 12, hideOverlap: true, formatter: stamp },
    },
    yAxis: [
      { type: 'value', name: level?.quantity.unit ?? '', scale: true, max: (v) => roof(v.min, Math.max(v.max, lowest), rain !== null), ...axis, splitLine: { lineStyle: { color: look.line } } },
      // Rain takes the upper third, hanging from the top.
      { type: 'value', name: rain?.quantity.unit ?? '', inverse: true, nameLocation: 'start', min: 0, max: Math.ceil(most * 3), ...axis, splitLine: { show: false } },
    ],
    series: [
      { type: 'bar', name: look.rainName, yAxisIndex: 1, data: counted(rain), itemStyle: { color: look.rain }, barMaxWidth: 6, large: true },
      {
        type: 'line', name: look.levelName, data: counted(level), showSymbol: false, connectNulls: false, lineStyle: { width: 2, color: look.level }, itemStyle: { color: look.level },
        markLine: {
          silent: true, symbol: 'none', animation: false, lineStyle: { color: look.muted, type: 'dashed' },
          data: [
            ...limits.map((l) => ({ yAxis: l.level, label: { formatter: `${l.name} ${number(l.level, 2)}`, position: 'insideStartTop' as const, color: look.ink } })),
            ...(now === null ? [] : [{ xAxis: now, lineStyle: { color: look.ink, type: 'solid' as const, width: 1 }, label: { formatter: look.present, color: look.ink, position: 'insideMiddleTop' as const } }]),
          ],
        },
      },
      { type: 'line', name: look.doubted, data: doubted(level), lineStyle: { width: 0 }, symbol: 'emptyCircle', symbolSize: 7, showSymbol: true, itemStyle: { color: look.ink } },
      ...VERDICTS.filter((v) => judged(level, v).length > 0).map((v) => ({
        type: 'line' as const, name: look.verdicts[v], data: judged(level, v), lineStyle: { width: 0 }, symbol: MARKS[v], symbolSize: 9, showSymbol: true, itemStyle: { color: look.ink },
      })),
    ],
  }
}
