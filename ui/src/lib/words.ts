/** How a domain writes its messages. Stands apart from i18n, which gathers them. */

export interface Tree {
  [key: string]: string | Tree
}

type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** One domain's words. A key that English lacks does not compile. */
export function words<T extends Tree>(both: { zh: T; en: Same<T> }): { zh: Tree; en: Tree } {
  return both as { zh: Tree; en: Tree }
}

/** Merges trees; a key that two domains claim is a mistake and is said so. */
export function gather(parts: readonly Tree[]): Tree {
  const all: Tree = {}
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) {
      if (key in all) throw new Error(`two domains use the message key ${key}`)
      all[key] = value
    }
  }
  return all
}
