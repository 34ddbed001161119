/** Whose office keeps an inspection, and what that office may put on record; the server decides by the same rule. */
import { modes, type Mode } from '@/api/oversight'
import type { Division } from '@/api/types'
import { session } from '@/identity/session'
import { pathTo } from '@/registry/divisions'

/** The division furthest up, at or above a place, at which the person may do something in a line of work, or in any where none is named. */
export function keeperOf(permission: string, line: string | undefined, place: string): Division | undefined {
  const held = (session.value?.permissions ?? []).filter((p) => p.permission === permission && (p.line === '*' || !line || p.line === line))
  const above = pathTo(place)
  return above.find((_, n) => above.slice(0, n + 1).some((up) => held.some((p) => p.division === up.code)))
}

/** What the province or the ministry inspected is put on record by the city or above. */
export const modesOf = (keeper: Division | undefined): readonly Mode[] =>
  keeper && ['province', 'city'].includes(keeper.level) ? modes : modes.filter((m) => m !== 'provincial' && m !== 'ministerial')

/** Lines of work for which the person may make teams of a division: "*" where it is all. */
export function linesAt(permission: string, place: string): string[] {
  const above = new Set(pathTo(place).map((d) => d.code))
  return (session.value?.permissions ?? []).filter((p) => p.permission === permission && above.has(p.division)).map((p) => p.line)
}
