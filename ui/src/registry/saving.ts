/** Sends one change after another and keeps what was refused; where somebody else was faster, what stands now. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asFault, type Fault } from '@/lib/fault'

export interface Saving<T> {
  busy: Ref<boolean>
  fault: ShallowRef<Fault | null>
  theirs: ShallowRef<T | null>
  /** True where the act went through. */
  attempt: (act: () => Promise<unknown>) => Promise<boolean>
}

export function useSaving<T extends { edit: number }>(): Saving<T> {
  const busy = ref(false)
  const fault = shallowRef<Fault | null>(null)
  const theirs: ShallowRef<T | null> = shallowRef(null)

  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    fault.value = null
    theirs.value = null
    try {
      await act()
      return true
    } catch (thrown) {
      const refused = asFault(thrown)
      if (refused.code === 'registry.stale' && refused.current) theirs.value = refused.current as T
      else fault.value = refused
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, fault, theirs, attempt }
}
