import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/objects',
    component: () => import('./ObjectsPage.vue'),
    meta: { title: 'objects.title', permission: 'object.read', rail: { icon: 'objects', order: 19, group: 'keep', keys: 'o' } },
  },
  { path: '/objects/:id(\\d+)', component: () => import('./ObjectPage.vue'), meta: { title: 'objects.one', permission: 'object.read' } },
] satisfies RouteRecordRaw[]
