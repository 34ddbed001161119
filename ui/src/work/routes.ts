import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/work',
    component: () => import('./WorkPage.vue'),
    meta: { title: 'todo.title', permission: 'matter.read', rail: { icon: 'bell', order: 8, group: 'work', keys: 'w' } },
  },
] satisfies RouteRecordRaw[]
