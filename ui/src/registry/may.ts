/** Whether the person may change what belongs to a division. Screens show fields by it; the server decides. */
import { session } from '@/identity/session'
import { pathTo } from './divisions'

export function mayChange(division: string, permission = 'registry.write'): boolean {
  const above = new Set(pathTo(division).map((d) => d.code))
  return (session.value?.permissions ?? []).some((p) => p.permission === permission && above.has(p.division))
}
