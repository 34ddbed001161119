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
  {
    path: '/review',
    component: () => import('./ReviewPage.vue'),
    meta: { title: 'file.review.title', permission: 'return.review', rail: { icon: 'review', order: 12, group: 'work', keys: 'v' } },
  },
  {
    path: '/targets',
    component: () => import('./TargetsPage.vue'),
    meta: { title: 'file.targets.title', permission: 'target.read', rail: { icon: 'target', order: 13, group: 'work', keys: 't' } },
  },
] satisfies RouteRecordRaw[]
