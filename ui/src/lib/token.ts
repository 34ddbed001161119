/** A colour of the theme as a canvas needs it. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
