/** OpenLayers as this product uses it: outlines without a base layer, shaded, with labels. Nothing is fetched from elsewhere. */
import Feature from 'ol/Feature.js'
import LineString from 'ol/geom/LineString.js'
import Point from 'ol/geom/Point.js'
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import { defaults as interactions } from 'ol/interaction/defaults.js'
import VectorLayer from 'ol/layer/Vector.js'
import { fromLonLat } from 'ol/proj.js'
import VectorSource from 'ol/source/Vector.js'
import Circle from 'ol/style/Circle.js'
import Fill from 'ol/style/Fill.js'
import RegularShape from 'ol/style/RegularShape.js'
import Stroke from 'ol/style/Stroke.js'
import Style from 'ol/style/Style.js'
import Text from 'ol/style/Text.js'
import type { Boundaries } from '@/api/types'
import { token } from '@/lib/token'

export interface Paint {
  fill: string
  text: string
  line: string
  halo: string
  label: string
  chosen: boolean
}

/** A thing at a place. Colour only with its shape; the greater rank lies on top. */
export interface PointMark {
  id: string
  lon: number
  lat: number
  label: string
  shape: 'triangle' | 'diamond' | 'square' | 'circle' | 'ring' | 'hollow' | 'rest'
  rank: number
  /** The course of a thing that is long: its mark stands on it. */
  line?: readonly (readonly [number, number])[]
}

export interface Points {
  list: () => readonly PointMark[]
  chosen: () => string
  picked: (id: string) => void
  hovered: (label: string) => void
}

export interface ShadedMap {
  repaint: () => void
  /** Reads the points again. */
  place: () => void
  zoom: (by: number) => void
  remove: () => void
}

function markOf(mark: PointMark, chosen: boolean): Style {
  const edge = new Stroke({ color: chosen ? token('--ink') : token('--surface'), width: chosen ? 2.5 : 1 })
  const size = chosen ? 8 : 6
  const image = {
    diamond: () => new RegularShape({ points: 4, radius: size + 1, angle: 0, fill: new Fill({ color: token('--level-2') }), stroke: new Stroke({ color: token('--level-edge-2'), width: chosen ? 2.5 : 1 }) }),
    ring: () => new Circle({ radius: size - 2, fill: new Fill({ color: token('--surface') }), stroke: new Stroke({ color: token('--primary'), width: chosen ? 3 : 1.6 }) }),
    rest: () => new Circle({ radius: size - 2.5, fill: new Fill({ color: token('--series-last') }), stroke: edge }),
    triangle: () => new RegularShape({ points: 3, radius: size + 1, fill: new Fill({ color: token('--level-1') }), stroke: edge }),
    square: () => new RegularShape({ points: 4, radius: size, angle: Math.PI / 4, fill: new Fill({ color: token('--level-3') }), stroke: new Stroke({ color: token('--level-edge-3'), width: chosen ? 2.5 : 1 }) }),
    hollow: () => new Circle({ radius: size - 1.5, fill: new Fill({ color: token('--surface') }), stroke: new Stroke({ color: token('--offline'), width: chosen ? 3 : 1.6 }) }),
    circle: () => new Circle({ radius: size - 2, fill: new Fill({ color: token('--primary') }), stroke: edge }),
  }[mark.shape]()
  return new Style({ image, zIndex: chosen ? 99 : mark.rank })
}

const lineColour: Record<PointMark['shape'], string> = { triangle: '--level-1', diamond: '--level-2', square: '--level-3', circle: '--primary', ring: '--bar', hollow: '--offline', rest: '--series-last' }

function lineOf(mark: PointMark, chosen: boolean): Style[] {
  const stroke = (colour: string, width: number): Style => new Style({ stroke: new Stroke({ color: token(colour), width }), zIndex: chosen ? 99 : mark.rank })
  return [stroke(chosen ? '--ink' : '--surface', chosen ? 7 : 6), stroke(lineColour[mark.shape], 3.5)]
}

/** Draws the outlines; paint says how each code looks, picked and hovered tell what the pointer is on. */
export function shadedMap(
  box: HTMLElement,
  shapes: Boundaries,
  paint: (code: string) => Paint,
  picked: (code: string) => void,
  hovered: (code: string) => void,
  points?: Points,
): ShadedMap {
  const features = new GeoJSON().readFeatures(shapes, { dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' })
  const source = new VectorSource({ features })
  const layer = new VectorLayer({
    source,
    // Labels give way to each other; the areas themselves are always drawn.
    declutter: 'labels',
    style: (feature) => {
      const p = paint(String(feature.get('code')))
      return new Style({
        zIndex: p.chosen ? 2 : 1,
        fill: new Fill({ color: p.fill }),
        stroke: new Stroke({ color: p.line, width: p.chosen ? 2.5 : 1 }),
        text: new Text({
          text: p.label,
          font: `12px ${getComputedStyle(document.body).fontFamily}`,
          fill: new Fill({ color: p.text }),
          stroke: new Stroke({ color: p.halo, width: 3 }),
          overflow: true,
        }),
      })
    },
  })
  const marks = new VectorSource<Feature<Point | LineString>>()
  // Never decluttered: a point that gave way to another could be the one that somebody must see.
  const above = new VectorLayer({ source: marks, style: (feature) => (feature.getGeometry()?.getType() === 'LineString' ? lineOf : markOf)(feature.get('mark') as PointMark, points?.chosen() === feature.get('id')) })
  const place = (): void => {
    marks.clear()
    for (const mark of points?.list() ?? []) {
      if (mark.line) marks.addFeature(new Feature<Point | LineString>({ geometry: new LineString(mark.line.map((p) => fromLonLat([...p]))), id: mark.id, mark }))
      marks.addFeature(new Feature<Point | LineString>({ geometry: new Point(fromLonLat([mark.lon, mark.lat])), id: mark.id, mark }))
    }
  }
  place()
  const map = new OlMap({
    target: box,
    controls: [],
    interactions: interactions({ mouseWheelZoom: false, altShiftDragRotate: false, pinchRotate: false }),
    layers: [layer, above],
    view: new View({ center: [0, 0], zoom: 8 }),
  })
  const fit = (): void => {
    const extent = source.getExtent()
    if (extent && !source.isEmpty()) map.getView().fit(extent, { padding: [16, 16, 16, 16] })
  }
  map.once('change:size', fit)
  fit()
  const markAt = (pixel: number[]): PointMark | undefined =>
    map.forEachFeatureAtPixel(pixel, (f) => f.get('mark') as PointMark | undefined, { layerFilter: (l) => l === above, hitTolerance: 4 }) ?? undefined
  const codeAt = (pixel: number[]): string => {
    const hit = map.forEachFeatureAtPixel(pixel, (f) => (f instanceof Feature ? String(f.get('code')) : ''), { layerFilter: (l) => l === layer })
    return typeof hit === 'string' ? hit : ''
  }
  map.on('click', (event) => {
    const mark = markAt(event.pixel)
    if (mark) return points?.picked(mark.id)
    const code = codeAt(event.pixel)
    if (code) picked(code)
  })
  map.on('pointermove', (event) => {
    const mark = markAt(event.pixel)
    const code = codeAt(event.pixel)
    box.style.cursor = mark || (code && !points) ? 'pointer' : ''
    points?.hovered(mark?.label ?? '')
    hovered(code)
  })
  return {
    repaint: () => {
      layer.changed()
      above.changed()
    },
    place,
    zoom: (by) => map.getView().animate({ zoom: (map.getView().getZoom() ?? 8) + by, duration: 150 }),
    remove: () => {
      map.setTarget(undefined)
      map.dispose()
    },
  }
}
