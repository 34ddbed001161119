/** Ids made here, so that what is sent twice is kept once. They need no secure context, as `crypto.randomUUID` does. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
