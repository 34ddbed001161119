import type { RouteRecordRaw } from 'vue-router'

const permission = 'matter.read'

export default [
  { path: '/matters', component: () => import('./MattersPage.vue'), meta: { title: 'matter.title', permission, rail: { icon: 'link', order: 9, group: 'work', keys: 'x' } } },
  { path: '/matters/:id(\\d+)', component: () => import('./MatterPage.vue'), meta: { title: 'matter.page', permission } },
] satisfies RouteRecordRaw[]
