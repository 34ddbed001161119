/** A finding as it is being written: grade, words, photographs, place. */
import type { Place, Severity } from '@/api/oversight'

export interface Picture {
  name: string
  blob: Blob
}

export interface FindingDraft {
  severity: Severity
  detail: string
  words: string
  lon: number | null
  lat: number | null
  photos: Picture[]
}

export const emptyDraft = (severity: Severity): FindingDraft => ({ severity, detail: '', words: '', lon: null, lat: null, photos: [] })

/** The place as the server takes it; what is not known is left out. */
export function placeOf(d: Pick<FindingDraft, 'words' | 'lon' | 'lat'>): Place {
  const place: Place = {}
  if (d.words.trim()) place.words = d.words.trim()
  if (d.lon !== null && d.lat !== null) {
    place.lon = d.lon
    place.lat = d.lat
  }
  return place
}

export type Nowhere = 'insecure' | 'denied' | 'unsure'

/** Where the device is, to about a metre in the fifth decimal; or why that is not known. */
export function whereAmI(): Promise<{ lon: number; lat: number } | Nowhere> {
  if (!window.isSecureContext || !('geolocation' in navigator)) return Promise.resolve('insecure')
  return new Promise((answer) => {
    navigator.geolocation.getCurrentPosition(
      (p) => answer({ lon: Number(p.coords.longitude.toFixed(6)), lat: Number(p.coords.latitude.toFixed(6)) }),
      (e) => answer(e.code === e.PERMISSION_DENIED ? 'denied' : 'unsure'),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    )
  })
}
