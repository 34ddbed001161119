/** One act after another against the server, with what was refused. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asFault, type Fault } from '@/lib/fault'

export interface Save {
  busy: Ref<boolean>
  fault: ShallowRef<Fault | null>
  /** True where the act went through. */
  attempt: (act: () => Promise<unknown>) => Promise<boolean>
}

export function useSave(): Save {
  const busy = ref(false)
  const fault = shallowRef<Fault | null>(null)
  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    fault.value = null
    try {
      await act()
      return true
    } catch (thrown) {
      fault.value = asFault(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, fault, attempt }
}
