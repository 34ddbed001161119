/** What a permission is called; its code where a newer server knows one that these screens do not. */
import { i18n } from '@/lib/i18n'

export function permissionName(code: string): string {
  const key = `identity.permissions.${code.replace('.', '_')}`
  return i18n.global.te(key) ? i18n.global.t(key) : code
}
