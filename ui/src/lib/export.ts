/** Tables out: the server writes the file, so that it is the same from every screen. */
import { request } from './client'

export interface ExportColumn {
  head: string[]
  unit?: string
  decimals?: number
}

export interface ExportTable {
  title: string
  subtitle?: string
  notes?: string[]
  columns: ExportColumn[]
  rows: (string | number | null)[][]
}

/** Saves bytes under a name; asks nothing and leaves no address behind. */
export function save(bytes: Blob, name: string): void {
  const address = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** A name that every file system takes. */
export const fileName = (title: string, end: string): string =>
  `${title.replace(/[\\/:*?"<>|\s]+/g, '-').slice(0, 80)}.${end}`

/** A sheet, or the same table as a document in office form. */
export type ExportFormat = 'xlsx' | 'docx'

export async function exportTable(table: ExportTable, format: ExportFormat = 'xlsx'): Promise<void> {
  const answer = await request('POST', '/api/export', { body: { ...table, format } })
  save(await answer.blob(), fileName(table.title, format))
}

/** Fetches a file that the server makes, such as a template. */
export async function download(path: string, name: string): Promise<void> {
  const answer = await request('GET', path)
  save(await answer.blob(), name)
}
