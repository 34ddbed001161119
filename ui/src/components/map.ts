/** OpenLayers as this product uses it: outlines without a base layer, shaded, with labels. Nothing is fetched from elsewhere. */
import Feature from 'ol/Feature.js'
import OlMap from 'ol/Map.js'
import View from 'ol/View.js'
import GeoJSON from 'ol/format/GeoJSON.js'
import { defaults as interactions } from 'ol/interaction/defaults.js'
import VectorLayer from 'ol/layer/Vector.js'
import VectorSource from 'ol/source/Vector.js'
import Fill from 'ol/style/Fill.js'
import Stroke from 'ol/style/Stroke.js'
import Style from 'ol/style/Style.js'
import Text from 'ol/style/Text.js'
import type { Boundaries } from '@/api/types'

export interface Paint {
  fill: string
  text: string
  line: string
  halo: string
  label: string
  chosen: boolean
}

export interface ShadedMap {
  repaint: () => void
  remove: () => void
}

/** Draws the outlines; paint says how each code looks, picked and hovered tell what the pointer is on. */
export function shadedMap(
  box: HTMLElement,
  shapes: Boundaries,
  paint: (code: string) => Paint,
  picked: (code: string) => void,
  hovered: (code: string) => void,
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
  const map = new OlMap({
    target: box,
    controls: [],
    interactions: interactions({ mouseWheelZoom: false, altShiftDragRotate: false, pinchRotate: false }),
    layers: [layer],
    view: new View({ center: [0, 0], zoom: 8 }),
  })
  const fit = (): void => {
    const extent = source.getExtent()
    if (extent && !source.isEmpty()) map.getView().fit(extent, { padding: [16, 16, 16, 16] })
  }
  map.once('change:size', fit)
  fit()
  const codeAt = (pixel: number[]): string => {
    const hit = map.forEachFeatureAtPixel(pixel, (f) => (f instanceof Feature ? String(f.get('code')) : ''))
    return typeof hit === 'string' ? hit : ''
  }
  map.on('click', (event) => {
    const code = codeAt(event.pixel)
    if (code) picked(code)
  })
  map.on('pointermove', (event) => {
    const code = codeAt(event.pixel)
    box.style.cursor = code ? 'pointer' : ''
    hovered(code)
  })
  return {
    repaint: () => layer.changed(),
    remove: () => {
      map.setTarget(undefined)
      map.dispose()
    },
  }
}
