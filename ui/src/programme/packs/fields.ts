/** The fields of each part of a pack, in the order in which a form asks for them. What a value may be is checked by the server. */
import { heads, type Item, type Part } from './shape'

export type FieldKind =
  | 'text' | 'names' | 'prose' | 'choice' | 'unit' | 'number' | 'whole' | 'switch' | 'lines' | 'days'
  | 'indicator' | 'indicators' | 'target' | 'targets' | 'divisions' | 'work'
  /** Whether an indicator is filed, a ratio, computed or a stage; takes the keys of all four. */
  | 'shape'
  /** Which forms ask for an indicator; kept with the forms. */
  | 'forms'

export interface Field {
  key: string
  kind: FieldKind
  options?: readonly string[]
  /** Asked for only where this holds. */
  when?: (item: Item) => boolean
  /** Stands under "more", for what few need. */
  more?: boolean
}

const levels = ['county', 'city', 'province']
const cadences = ['month', 'quarter', 'half', 'year']

export const fieldsOf: Record<Part | 'head', readonly Field[]> = {
  head: heads.map((key) => ({ key, kind: key === 'order' ? 'whole' : key === 'line' ? 'work' : key === 'basis' ? 'prose' : 'names' })),
  indicators: [
    { key: 'code', kind: 'text' },
    { key: 'name', kind: 'names' },
    { key: 'shape', kind: 'shape' },
    { key: 'unit', kind: 'unit', when: (i) => !i.ratio && !i.options },
    { key: 'show', kind: 'unit', when: (i) => !i.ratio && !i.options },
    { key: 'decimals', kind: 'whole' },
    { key: 'kind', kind: 'choice', options: ['cumulative', 'period', 'stock'] },
    { key: 'better', kind: 'choice', options: ['more', 'less', 'neither'] },
    { key: 'rollup', kind: 'choice', options: ['sum', 'none', 'max', 'min'] },
    { key: 'level', kind: 'choice', options: levels },
    { key: 'cadence', kind: 'choice', options: cadences },
    { key: 'forms', kind: 'forms', when: (i) => !i.formula },
    { key: 'definition', kind: 'prose' },
    { key: 'office', kind: 'names' },
    { key: 'reader', kind: 'names' },
    { key: 'counted', kind: 'text', more: true, when: (i) => !i.formula && !i.options },
    { key: 'headline', kind: 'switch' },
    { key: 'min', kind: 'number', more: true },
    { key: 'max', kind: 'number', more: true },
    { key: 'jump', kind: 'number', more: true },
    { key: 'parts', kind: 'indicators', more: true },
    { key: 'aliases', kind: 'lines', more: true },
    { key: 'covers', kind: 'lines', more: true },
  ],
  forms: [
    { key: 'id', kind: 'text' },
    { key: 'title', kind: 'names' },
    { key: 'level', kind: 'choice', options: levels },
    { key: 'cadence', kind: 'choice', options: cadences },
    { key: 'due_day', kind: 'whole' },
    { key: 'review_days', kind: 'whole' },
    { key: 'lines', kind: 'indicators' },
  ],
  targets: [
    { key: 'id', kind: 'text' },
    { key: 'name', kind: 'names' },
    { key: 'indicator', kind: 'indicator' },
    { key: 'issuer', kind: 'choice', options: levels },
    { key: 'judge', kind: 'choice', options: ['completion', 'threshold', 'growth', 'rate'] },
    { key: 'of', kind: 'target', when: (i) => i.judge === 'rate' },
    { key: 'due', kind: 'text' },
    { key: 'curve', kind: 'choice', options: ['linear', 'month', 'at_due'] },
    { key: 'split', kind: 'switch' },
    { key: 'headline', kind: 'switch' },
    { key: 'tolerance', kind: 'number' },
    { key: 'serious', kind: 'number' },
    { key: 'fixed', kind: 'number', more: true },
    { key: 'since', kind: 'whole', more: true },
    { key: 'aliases', kind: 'lines', more: true },
    { key: 'covers', kind: 'lines', more: true },
  ],
  deadlines: [
    { key: 'id', kind: 'text' },
    { key: 'title', kind: 'names' },
    { key: 'due', kind: 'text' },
    { key: 'targets', kind: 'targets' },
    { key: 'remind', kind: 'days' },
    { key: 'covers', kind: 'lines', more: true },
  ],
  peers: [
    { key: 'id', kind: 'text' },
    { key: 'name', kind: 'names' },
    { key: 'level', kind: 'choice', options: levels },
    { key: 'functional', kind: 'switch' },
    { key: 'except', kind: 'divisions' },
  ],
}

const empty = { zh: '', en: '' }

/** A new item: what most of its kind have, and nothing invented. */
export function blank(part: Part): Item {
  switch (part) {
    case 'indicators':
      return { code: '', name: empty, unit: '', decimals: 0, kind: 'cumulative', better: 'more', rollup: 'sum', level: 'county', cadence: 'month', office: empty, reader: empty, definition: empty, headline: false }
    case 'forms':
      return { id: '', title: empty, level: 'county', cadence: 'month', due_day: 5, review_days: 3, lines: [] }
    case 'targets':
      return { id: '', name: empty, indicator: '', issuer: 'city', judge: 'completion', due: '12-31', curve: 'linear', split: true, tolerance: 0, serious: 0, headline: false }
    case 'deadlines':
      return { id: '', title: empty, due: '12-31', targets: [] }
    case 'peers':
      return { id: '', name: empty, level: 'county', functional: true }
  }
}
