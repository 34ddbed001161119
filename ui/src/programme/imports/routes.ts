import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/imports',
    component: () => import('./ImportsPage.vue'),
    meta: { title: 'imports.title', permission: 'import.write', rail: { icon: 'import', order: 11, group: 'work', keys: 'u' } },
  },
  {
    path: '/imports/:id',
    component: () => import('./ImportPage.vue'),
    meta: { title: 'imports.title', permission: 'import.write' },
  },
] satisfies RouteRecordRaw[]
