/** The map of stations on a canvas: outlines below, stations above with the worst on top, names where there is room. Nothing is fetched. */
import Feature from 'ol/Feature.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import Point from 'ol/geom/Point.js'
import { defaults as interactions } from 'ol/interaction/defaults.js'
import VectorLayer from 'ol/layer/Vector.js'
import OlMap from 'ol/Map.js'
import { fromLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import Circle from 'ol/style/Circle.js'
import Fill from 'ol/style/Fill.js'
import type Image from 'ol/style/Image.js'
import RegularShape from 'ol/style/RegularShape.js'
import Stroke from 'ol/style/Stroke.js'
import Style from 'ol/style/Style.js'
import Text from 'ol/style/Text.js'
import View from 'ol/View.js'
import type { Boundaries } from '@/api/types'
import { token } from '@/lib/token'
import type { Shape } from '@/components/LevelShape.vue'

export interface Drawn {
  id: string
  lon: number
  lat: number
  shape: Shape
  rank: number
  /** Needs somebody: its name stands whatever the scale. */
  calls: boolean
  name: string
}

export interface Scene {
  list: () => readonly Drawn[]
  chosen: () => string
  outline: (code: string) => string
  picked: (id: string) => void
  hovered: (id: string) => void
}

export interface StationMap {
  /** Reads the list again. */
  place: () => void
  /** Draws anew, as after a change of theme or language. */
  repaint: () => void
  outlines: (shapes: Boundaries | null) => void
  zoom: (by: number) => void
  /** Shows all of it. */
  fit: () => void
  go: (lon: number, lat: number) => void
  remove: () => void
}

/** From so many metres a pixel on, names of stations that need nobody are left out. */
const NAMES_FROM = 90
const FEW = 80

const wall = (): boolean => window.innerWidth >= 1920
const size = (): number => (wall() ? 1.5 : 1)

function imageOf(shape: Shape, chosen: boolean): Image {
  const k = size() * (chosen ? 1.35 : 1)
  const fill = (name: string) => new Fill({ color: token(name) })
  const edge = (name: string, width = 1) => new Stroke({ color: token(chosen ? '--ink' : name), width: chosen ? 2.5 : width })
  switch (shape) {
    case 'triangle': return new RegularShape({ points: 3, radius: 9 * k, fill: fill('--level-1'), stroke: edge('--surface') })
    case 'diamond': return new RegularShape({ points: 4, radius: 8 * k, fill: fill('--level-2'), stroke: edge('--level-edge-2') })
    case 'square': return new RegularShape({ points: 4, radius: 8 * k, angle: Math.PI / 4, fill: fill('--level-3'), stroke: edge('--level-edge-3') })
    case 'hollow': return new Circle({ radius: 4.5 * k, fill: fill('--surface'), stroke: edge('--offline', 1.8) })
    default: return new Circle({ radius: 4 * k, fill: fill('--normal'), stroke: edge('--surface') })
  }
}

const halo = (): Stroke => new Stroke({ color: token('--surface'), width: 3 })
const font = (px: number, weight = ''): string => `${weight} ${Math.round(px * (wall() ? 1.4 : 1))}px ${getComputedStyle(document.body).fontFamily}`.trim()

type Mark = Feature<Point>
const drawnOf = (f: Mark): Drawn => f.get('drawn') as Drawn

export function stationMap(box: HTMLElement, scene: Scene): StationMap {
  const held = new Map<string, Mark>()
  const images = new Map<string, Style>()
  const look = (d: Drawn): Style => {
    const chosen = d.id === scene.chosen()
    const key = `${d.shape} ${chosen}`
    let style = images.get(key)
    if (!style) images.set(key, (style = new Style({ image: imageOf(d.shape, chosen) })))
    return style
  }
  const ground = new VectorSource()
  const area = new VectorLayer({
    source: ground,
    declutter: 'outlines',
    style: (f) =>
      new Style({
        fill: new Fill({ color: token('--surface') }),
        stroke: new Stroke({ color: token('--line-strong'), width: 1 }),
        text: new Text({ text: scene.outline(String(f.get('code'))), font: font(12), fill: new Fill({ color: token('--muted') }), stroke: halo(), overflow: true }),
      }),
  })
  const marks = new VectorSource<Mark>()
  const byRank = (a: Mark, b: Mark): number => drawnOf(a).rank - drawnOf(b).rank
  const points = new VectorLayer({ source: marks, renderOrder: (a, b) => byRank(a as Mark, b as Mark), style: (f) => look(drawnOf(f as Mark)), updateWhileInteracting: true })
  const names = new VectorLayer({
    source: marks,
    // Names give way to each other, the more urgent one stays; the points are never decluttered.
    declutter: 'names',
    renderOrder: (a, b) => byRank(b as Mark, a as Mark),
    style: (f, resolution) => {
      const d = drawnOf(f as Mark)
      if (!d.calls && d.id !== scene.chosen() && resolution > NAMES_FROM && held.size > FEW) return undefined
      return new Style({
        text: new Text({
          text: d.name, font: font(12, d.calls ? '600' : ''), offsetY: -14 * size(), fill: new Fill({ color: token('--ink') }), stroke: halo(),
        }),
      })
    },
  })
  const map = new OlMap({
    target: box, controls: [], layers: [area, points, names],
    interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
    view: new View({ center: fromLonLat([120.6, 29.7]), zoom: 9, minZoom: 4, maxZoom: 17 }),
  })
  const place = (): void => {
    const stay = new Set<string>()
    const fresh: Mark[] = []
    for (const d of scene.list()) {
      stay.add(d.id)
      const known = held.get(d.id)
      if (!known) {
        const f: Mark = new Feature({ geometry: new Point(fromLonLat([d.lon, d.lat])), drawn: d })
        held.set(d.id, f)
        fresh.push(f)
        continue
      }
      const was = drawnOf(known)
      if (was.lon !== d.lon || was.lat !== d.lat) known.setGeometry(new Point(fromLonLat([d.lon, d.lat])))
      known.set('drawn', d, true)
    }
    const gone = [...held].filter(([id]) => !stay.has(id))
    for (const [id] of gone) held.delete(id)
    // One by one is dear where many go, as when a filter is set.
    if (gone.length > 500) {
      marks.clear(true)
      marks.addFeatures([...held.values()])
    } else {
      for (const [, f] of gone) marks.removeFeature(f)
      marks.addFeatures(fresh)
    }
    marks.changed()
  }
  const fit = (): void => {
    const extent = (ground.isEmpty() ? marks : ground).getExtent()
    if (extent?.every(Number.isFinite)) map.getView().fit(extent, { padding: [28, 28, 28, 28], maxZoom: 12 })
  }
  place()
  map.once('change:size', fit)
  fit()
  /** The worst of the stations at the pointer, and of those the nearest. */
  const at = (pixel: number[]): string => {
    const coordinate = map.getCoordinateFromPixel(pixel)
    if (!coordinate) return ''
    const reach = (map.getView().getResolution() ?? 1) * 10 * size()
    const [x = 0, y = 0] = coordinate
    const away = (f: Mark): number => {
      const [fx = 0, fy = 0] = f.getGeometry()?.getCoordinates() ?? []
      return Math.hypot(fx - x, fy - y)
    }
    const near = marks.getFeaturesInExtent([x - reach, y - reach, x + reach, y + reach]).sort((a, b) => byRank(b, a) || away(a) - away(b))
    return near[0] ? drawnOf(near[0]).id : ''
  }
  map.on('click', (event) => scene.picked(at(event.pixel)))
  map.on('pointermove', (event) => {
    if (event.dragging) return
    const id = at(event.pixel)
    box.style.cursor = id ? 'pointer' : ''
    scene.hovered(id)
  })
  const outlines = (shapes: Boundaries | null): void => {
    const first = ground.isEmpty()
    ground.clear()
    if (shapes?.features?.length) ground.addFeatures(new GeoJSON().readFeatures(shapes, { dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' }))
    if (first) fit()
  }
  return {
    place,
    repaint: () => {
      images.clear()
      for (const layer of [area, points, names]) layer.changed()
    },
    outlines,
    zoom: (by) => map.getView().animate({ zoom: (map.getView().getZoom() ?? 9) + by, duration: 150 }),
    fit,
    go: (lon, lat) => map.getView().animate({ center: fromLonLat([lon, lat]), zoom: Math.max(map.getView().getZoom() ?? 11, 11), duration: 250 }),
    remove: () => {
      map.setTarget(undefined)
      map.dispose()
    },
  }
}
