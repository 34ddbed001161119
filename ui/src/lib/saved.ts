/** Filters that a person keeps: the keys of a list's URL as one query string, and back. */

/** The keys that hold something, in the order of `keys`; the same filter always gives the same text. */
export function pack(read: (key: string) => string, keys: readonly string[]): string {
  const params = new URLSearchParams()
  for (const key of keys) {
    const value = read(key)
    if (value) params.set(key, value)
  }
  return params.toString()
}

/** Every key of the list, empty where the text has none; what the list does not know any more is left out. */
export function unpack(text: string, keys: readonly string[]): Record<string, string> {
  const params = new URLSearchParams(text)
  return Object.fromEntries(keys.map((key) => [key, params.get(key) ?? '']))
}
