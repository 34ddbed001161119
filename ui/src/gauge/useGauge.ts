/** One station with its curves, read again whenever it reports. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { serverNow } from '@/identity/now'
import { say } from '@/lib/i18n'
import { useResource } from '@/lib/resource'
import { dateOf } from '@/lib/time'
import { LEVELS, limitAt, readGauge, readSeries, words, type GaugeReading } from './read'

const DAY = 86_400_000

export const quantityOf = (code: string) => words.value?.quantities.find((q) => q.code === code)
export const quantityName = (code: string): string => say(quantityOf(code)?.name) || code
export const flagName = (code: string): string => say(words.value?.flags.find((n) => n.code === code)?.name) || code
export const flagNames = (r: Pick<GaugeReading, 'flags'>): string => (r.flags ?? []).map(flagName).join(' · ')

/** The curves of the days until an instant, or until now; they have at most so many points, and a small chart needs fewer. */
export function useGauge(id: () => string, days: () => number, most = 4000, until: () => number | null = () => null) {
  const { t } = useI18n()
  const gauge = useResource(() => id() || null, (at, signal) => readGauge(at, signal), ['gauge.changed'])
  const g = computed(() => gauge.data.value)
  const series = (quantity: () => string | undefined) =>
    useResource(
      () => (quantity() && g.value ? { id: String(g.value.object), quantity: quantity() ?? '', days: days(), until: until() } : null),
      (s, signal) => {
        const end = s.until ?? serverNow() + 60_000
        return readSeries(s.id, s.quantity, new Date(end - s.days * DAY).toISOString(), new Date(end).toISOString(), signal, most)
      },
      ['gauge.changed'],
    )
  const levelOf = computed(() => LEVELS.find((q) => g.value?.quantities.includes(q)))
  const hasRain = computed(() => g.value?.quantities.includes('rain') ?? false)
  const levels = series(() => levelOf.value)
  const rains = series(() => (hasRain.value ? 'rain' : undefined))
  // What was read of a station before does not stand under the name of another.
  const level = computed(() => (levelOf.value ? levels.data.value : null))
  const rain = computed(() => (hasRain.value ? rains.data.value : null))
  const limits = computed(() =>
    (g.value?.thresholds ?? []).flatMap((l) => {
      const level = l.quantity === levelOf.value ? limitAt(l, dateOf(until() ?? serverNow()).slice(5).replace('-', '')) : null
      return level === null ? [] : [{ name: t(`gauge.limitNames.${l.kind}`), level }]
    }),
  )
  const drawn = computed(() => (level.value?.points.length ?? 0) + (rain.value?.points.length ?? 0))
  const read = computed(() => (level.value?.read ?? 0) + (rain.value?.read ?? 0))
  const renew = (): Promise<unknown> => Promise.all([gauge.reload(), levels.reload(), rains.reload()])
  return { gauge, g, levelOf, level, rain, limits, drawn, read, renew, reading: computed(() => levels.loading.value || rains.loading.value) }
}
