import { beforeEach, describe, expect, it } from 'vitest'
import type { BulletinPiece } from '@/api/bulletin'
import { changesOf, keep, kept, rebase, TITLE } from './draft'

const piece = (id: string, text: string, more: Partial<BulletinPiece> = {}): BulletinPiece => ({
  id, kind: 'paragraph', runs: [{ text }], composed: text, changed: false, removed: false, added: false, at: null, flags: [], table: null, chart: null, ...more,
})

describe('drafts against what the server has', () => {
  it('drops what says the same, keeps what nobody else touched', () => {
    const now = [piece('b1', '新一'), piece('b2', '旧二')]
    expect(rebase({ b1: { text: '新一', base: '旧一' }, b2: { text: '新二', base: '旧二' } }, '', now)).toEqual({ kept: { b2: { text: '新二', base: '旧二' } }, contests: [] })
  })
  it('leaves a pen that has written nothing where it is, and sends nothing for it', () => {
    expect(rebase({ b1: { text: '旧一', base: '旧一' } }, '', [piece('b1', '他人')])).toEqual({ kept: { b1: { text: '他人', base: '他人' } }, contests: [] })
    expect(changesOf({ b1: { text: '旧一', base: '旧一' }, [TITLE]: { text: '甲', base: '甲' } })).toEqual({ changes: [] })
  })
  it('asks where somebody else changed the same paragraph, or struck it out', () => {
    const now = [piece('b1', '他人'), piece('b2', '旧二', { removed: true })]
    const drafts = { b1: { text: '我的', base: '旧一' }, b2: { text: '我的二', base: '旧二' } }
    expect(rebase(drafts, '', now)).toEqual({ kept: drafts, contests: [{ block: 'b1', mine: '我的', theirs: '他人' }, { block: 'b2', mine: '我的二', theirs: '' }] })
  })
  it('knows the title', () => {
    expect(rebase({ [TITLE]: { text: '甲', base: '乙' } }, '丙', []).contests).toEqual([{ block: TITLE, mine: '甲', theirs: '丙' }])
    expect(changesOf({ [TITLE]: { text: '甲', base: '乙' }, b3: { text: '丁', base: '' } })).toEqual({ title: '甲', changes: [{ op: 'set', block: 'b3', text: '丁' }] })
  })
})

describe('drafts that outlive the page', () => {
  beforeEach(() => {
    const held = new Map<string, string>()
    globalThis.localStorage = { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => void held.set(k, v), removeItem: (k: string) => void held.delete(k) } as Storage
  })
  it('come back, and are gone once saved', () => {
    keep('7', { b1: { text: '甲', base: '乙' } })
    expect(kept('7')).toEqual({ b1: { text: '甲', base: '乙' } })
    keep('7', {})
    expect(kept('7')).toEqual({})
  })
  it('are nothing where the store holds nonsense', () => {
    localStorage.setItem('anlan.bulletin.7', '{"b1":5,"b2":{"text":"甲"}')
    expect(kept('7')).toEqual({})
    localStorage.setItem('anlan.bulletin.7', '{"b1":5,"b2":{"text":"甲"},"b3":null}')
    expect(kept('7')).toEqual({})
  })
})
