import type { RouteRecordRaw } from 'vue-router'

export default [{ path: '/oversight/liability', component: () => import('./LiabilityPage.vue'), meta: { title: 'liable.title', permission: 'matter.read' } }] satisfies RouteRecordRaw[]
