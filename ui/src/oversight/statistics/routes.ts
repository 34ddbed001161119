import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/oversight/statistics',
    component: () => import('./StatisticsPage.vue'),
    meta: { title: 'weigh.title', permission: 'matter.read', rail: { icon: 'chart', order: 5, group: 'view', keys: 's' } },
  },
] satisfies RouteRecordRaw[]
