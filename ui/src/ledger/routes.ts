import type { RouteRecordRaw } from 'vue-router'

const permission = 'object.read'

export default [
  { path: '/ledgers', component: () => import('./LedgersPage.vue'), meta: { title: 'ledger.title', permission, rail: { icon: 'ledger', order: 15.5, group: 'work', keys: 'l' } } },
  { path: '/ledgers/:id([a-z][a-z0-9-]*)', component: () => import('./LedgerPage.vue'), meta: { title: 'ledger.one', permission } },
  { path: '/ledger-entries/:id(\\d+)', component: () => import('./EntryPage.vue'), meta: { title: 'ledger.entry.title', permission } },
  { path: '/ledger-entries/:id(\\d+)/score', component: () => import('./ScorePage.vue'), meta: { title: 'ledger.score.title', permission } },
] satisfies RouteRecordRaw[]
