/** Keys: `/` search, `j k` move, `Enter` open, `e` edit, `g` and a letter goes, `?` lists them. Never while somebody types. */
import { onScopeDispose, shallowReactive } from 'vue'

export interface Shortcut {
  /** "j", "?", "g c" (two strokes) */
  keys: string
  label: string
  act: () => void
}

const stack = shallowReactive<Shortcut[]>([])

/** All that hold now, newest first; the list behind `?` shows them. */
export const shortcuts: readonly Shortcut[] = stack

export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

let pending = ''
let timer: ReturnType<typeof setTimeout> | undefined

/** Handles one key stroke; true where a shortcut took it. */
export function stroke(key: string): boolean {
  const wanted = pending ? `${pending} ${key}` : key
  const hit = [...stack].reverse().find((s) => s.keys === wanted)
  pending = ''
  clearTimeout(timer)
  if (hit) {
    hit.act()
    return true
  }
  if (stack.some((s) => s.keys.startsWith(`${key} `))) {
    pending = key
    timer = setTimeout(() => (pending = ''), 1200)
    return true
  }
  return false
}

export function installKeys(target: Window): void {
  target.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return
    if (document.querySelector('dialog[open]')) return
    // Enter belongs to whatever has the focus, if anything does.
    if (event.key === 'Enter' && event.target !== document.body) return
    if (stroke(event.key)) event.preventDefault()
  })
}

/** Holds while the component lives. */
export function useShortcuts(list: readonly Shortcut[]): void {
  stack.push(...list)
  onScopeDispose(() => {
    for (const one of list) {
      const at = stack.indexOf(one)
      if (at >= 0) stack.splice(at, 1)
    }
  })
}
