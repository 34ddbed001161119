import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/counted',
    component: () => import('./CountedPage.vue'),
    meta: { title: 'counted.title', permission: 'figure.read', rail: { icon: 'review', order: 14, group: 'work', keys: 'z' } },
  },
] satisfies RouteRecordRaw[]
