/** The shapes of accounts and the audit log, as the server's structs have them. */
import type { Text } from './types'

export interface Grant {
  id?: string
  role: string
  line: string
  division: string
}

export interface Account {
  id: string
  login: string
  name: string
  division: string
  must_change: boolean
  locked: boolean
  disabled_at?: string | null
  created_at: string
  seen_at?: string | null
  grants: Grant[] | null
}

export interface Role {
  id: string
  name: Text
  permissions: string[]
}

/** Told to the administrator once. */
export interface FirstPassword {
  id: string
  password: string
}

export interface AuditEntry {
  seq: number
  at: string
  actor: string
  action: string
  object_kind: string
  object_id: string
  division?: string
  detail: unknown
  hash: string
}

export interface AuditPage {
  items: AuditEntry[]
  next?: number
}

export interface AuditReport {
  entries: number
  ok: boolean
  broken: { seq: number; reason: 'changed' | 'removed' | 'relinked' | 'cut_off' | 'inserted' }[] | null
}
