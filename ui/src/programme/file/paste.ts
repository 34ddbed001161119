/** A block copied from a spreadsheet: rows by newline, cells by tab, a cell with either in it stands in quotes. */

export function parseBlock(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const put = (): void => {
    rows.at(-1)?.push(cell.trim())
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? ''
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (c === '"' && cell === '' && closes(text, i)) quoted = true
    else if (c === '\t') put()
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++
      put()
      rows.push([])
    } else cell += c
  }
  put()
  // A spreadsheet ends its block with a newline, which is no row.
  if (rows.length > 1 && rows.at(-1)?.every((x) => x === '')) rows.pop()
  return rows
}

/** A quote opens a cell only where one closes it again; an inch sign alone is text. */
function closes(text: string, from: number): boolean {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] !== '"') continue
    if (text[i + 1] === '"') i++
    else return i + 1 === text.length || '\t\r\n'.includes(text[i + 1] ?? '')
  }
  return false
}

export const isBlock = (text: string): boolean => /[\t\r\n]/.test(text.replace(/\r?\n$/, ''))

/** One pasted cell with the place it falls on. */
export interface Placed<C> {
  row: number
  column: C
  text: string
}

export interface Landing<C> {
  cells: Placed<C>[]
  /** Rows and columns of the block that fall past the end of the table and are not taken. */
  rowsOver: number
  columnsOver: number
}

/** Lays a block over a table from one cell down and to the right. */
export function land<C>(block: readonly (readonly string[])[], row: number, column: C, rows: number, columns: readonly C[]): Landing<C> {
  const first = Math.max(0, columns.indexOf(column))
  const out: Landing<C> = { cells: [], rowsOver: Math.max(0, row + block.length - rows), columnsOver: 0 }
  block.forEach((line, i) => {
    if (row + i >= rows) return
    line.forEach((text, j) => {
      const at = columns[first + j]
      if (at !== undefined) out.cells.push({ row: row + i, column: at, text })
      else if (text !== '') out.columnsOver = Math.max(out.columnsOver, first + j - columns.length + 1)
    })
  })
  return out
}
