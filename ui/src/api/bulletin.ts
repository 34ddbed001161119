/** The shapes of bulletins under the names that their pages use. */
import type { components } from './schema'
import type { Full } from './types'

type Schemas = components['schemas']
/** What the server leaves null where there is none. */
type Or<T, More> = Omit<T, keyof More> & More

export type BulletinKind = Full<Schemas['BulletinKindRow']>
export type BulletinRow = Full<Schemas['BulletinRow']>
export type BulletinState = BulletinRow['state']
export type BulletinList = Full<Schemas['BulletinList']>
export type BulletinRun = Full<Schemas['BulletinRun']>
export type BulletinFlag = Full<Schemas['BulletinFlag']>
export type BulletinTable = Full<Schemas['BulletinTable']>
export type BulletinChart = Full<Schemas['BulletinChart']>
export type BulletinPiece = Or<Full<Schemas['BulletinPiece']>, { table: BulletinTable | null; chart: BulletinChart | null }>
export type BulletinOrigin = Full<Schemas['BulletinOrigin']>
export type BulletinFigure = Or<Full<Schemas['BulletinFigureRow']>, { origin: BulletinOrigin | null }>
export type BulletinRecipient = Full<Schemas['BulletinRecipientRow']>
export type BulletinCorrection = Or<Full<Schemas['BulletinCorrection']>, { origin: BulletinOrigin | null }>
export type BulletinPair = Full<Schemas['BulletinPair']>
export type BulletinPairs = Full<Schemas['BulletinPairs']>
export type BulletinPaper = Or<
  Full<Schemas['BulletinPaper']>,
  { blocks: BulletinPiece[]; figures: BulletinFigure[]; original: BulletinRow | null; previous: BulletinRow | null }
>
export type BulletinMove = 'edit' | 'freeze' | 'submit' | 'send_back' | 'approve' | 'issue' | 'withdraw'
export type BulletinEdit = Full<Schemas['BulletinEdit']>

export const bulletinStates = ['draft', 'submitted', 'approved', 'issued', 'withdrawn'] as const
