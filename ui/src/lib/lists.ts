/** A list with nothing in it may come as null; what the pages read has lists only. */

/**
 * Puts an empty list where the data has null, at each of the paths; "rows.cells" means the cells of every row. It changes the
 * data that it is given and returns it.
 */
export function filled<T>(data: T, paths: readonly string[]): T {
  for (const path of paths) fill(data, path.split('.'))
  return data
}

function fill(at: unknown, [key, ...rest]: string[]): void {
  if (typeof at !== 'object' || at === null || key === undefined) return
  if (Array.isArray(at)) {
    for (const one of at) fill(one, [key, ...rest])
    return
  }
  const record = at as Record<string, unknown>
  record[key] ??= []
  if (rest.length) fill(record[key], rest)
}
