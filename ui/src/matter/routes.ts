import type { RouteRecordRaw } from 'vue-router'

const permission = 'matter.read'

export default [
  { path: '/work', component: () => import('./WorkPage.vue'), meta: { title: 'work.title', permission, rail: { icon: 'bell', order: 8, group: 'work', keys: 'w' } } },
  { path: '/matters', component: () => import('./MattersPage.vue'), meta: { title: 'matter.title', permission, rail: { icon: 'link', order: 9, group: 'work', keys: 'x' } } },
  { path: '/matters/:id(\\d+)', component: () => import('./MatterPage.vue'), meta: { title: 'matter.page', permission } },
  { path: '/oversight/statistics', component: () => import('./StatisticsPage.vue'), meta: { title: 'stats.title', permission, rail: { icon: 'chart', order: 5, group: 'view', keys: 's' } } },
] satisfies RouteRecordRaw[]
