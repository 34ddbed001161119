import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/returns',
    component: () => import('./ReturnsPage.vue'),
    meta: { title: 'file.returns.title', permission: 'return.read', rail: { icon: 'returns', order: 10, group: 'work', keys: 'f' } },
  },
  {
    path: '/returns/:id(\\d+)',
    component: () => import('./ReturnPage.vue'),
    meta: { title: 'file.returns.title', permission: 'return.read' },
  },
] satisfies RouteRecordRaw[]
