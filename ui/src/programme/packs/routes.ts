import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/packs',
    component: () => import('./PacksPage.vue'),
    meta: { title: 'packs.title', permission: 'pack.write', rail: { icon: 'pack', order: 20, group: 'keep', keys: 'k' } },
  },
  { path: '/packs/:id', component: () => import('./PackPage.vue'), meta: { title: 'packs.title', permission: 'pack.write' } },
] satisfies RouteRecordRaw[]
