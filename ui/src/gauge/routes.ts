import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/gauges',
    component: () => import('./GaugesPage.vue'),
    meta: { title: 'gauge.title', permission: 'object.read', rail: { icon: 'gauge', order: 6, group: 'view' } },
  },
  { path: '/gauges/:id(\\d+)', component: () => import('./GaugePage.vue'), meta: { title: 'gauge.one', permission: 'object.read' } },
  { path: '/gauges/quarantine', component: () => import('./QuarantinePage.vue'), meta: { title: 'gauge.quarantine', permission: 'object.read' } },
] satisfies RouteRecordRaw[]
