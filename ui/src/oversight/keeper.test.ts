import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'

const held = ref<{ permission: string; line: string; division: string }[]>([])
vi.mock('@/identity/session', () => ({ session: { get value() { return { permissions: held.value } } } }))
const tree = [{ code: '330600', level: 'city' }, { code: '330602', level: 'county' }, { code: '330602101', level: 'town' }]
vi.mock('@/registry/divisions', () => ({ pathTo: (code: string) => tree.slice(0, tree.findIndex((d) => d.code === code) + 1) }))

const { keeperOf, linesAt, modesOf } = await import('./keeper')

describe('who keeps an inspection', () => {
  beforeEach(() => (held.value = [{ permission: 'inspection.record', line: 'reservoirs', division: '330602' }]))

  it('is the division furthest up in which the person may do it', () => {
    expect(keeperOf('inspection.record', 'reservoirs', '330602101')?.code).toBe('330602')
    held.value.push({ permission: 'inspection.record', line: '*', division: '330600' })
    expect(keeperOf('inspection.record', 'reservoirs', '330602101')?.code).toBe('330600')
  })

  it('is nobody in another line, for another thing or above', () => {
    expect(keeperOf('inspection.record', 'rivers', '330602')).toBeUndefined()
    expect(keeperOf('inspection.plan', 'reservoirs', '330602')).toBeUndefined()
    expect(keeperOf('inspection.record', 'reservoirs', '330600')).toBeUndefined()
  })

  it('names the province and the ministry only from the city up', () => {
    expect(modesOf(keeperOf('inspection.record', 'reservoirs', '330602'))).toEqual(['open', 'unannounced', 'self'])
    held.value = [{ permission: 'inspection.record', line: '*', division: '330600' }]
    expect(modesOf(keeperOf('inspection.record', 'reservoirs', '330602'))).toContain('ministerial')
  })

  it('makes teams for the lines that are held there', () => {
    expect(linesAt('inspection.record', '330602101')).toEqual(['reservoirs'])
    expect(linesAt('inspection.record', '330600')).toEqual([])
  })
})
