/** What a page tells the foot: as of when its figures are, and whether it shows a map. */
import { onScopeDispose, reactive, watchEffect } from 'vue'

export const foot = reactive({ asOf: '', map: false })

/** Holds while the page lives. */
export function useFoot(read: () => { asOf?: string | undefined; map?: boolean }): void {
  watchEffect(() => {
    const now = read()
    foot.asOf = now.asOf ?? ''
    foot.map = now.map ?? false
  })
  onScopeDispose(() => {
    foot.asOf = ''
    foot.map = false
  })
}
