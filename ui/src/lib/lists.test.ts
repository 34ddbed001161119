import { expect, it } from 'vitest'
import { filled } from './lists'

it('puts lists where there were none, at any depth, and leaves the rest', () => {
  const data = { rows: [{ cells: null }, { cells: [1] }], due: null, name: null }
  expect(filled(data, ['rows.cells', 'due', 'absent'])).toEqual({ rows: [{ cells: [] }, { cells: [1] }], due: [], name: null, absent: [] })
  expect(filled({ rows: null }, ['rows.cells', 'rows'])).toEqual({ rows: [] })
})
