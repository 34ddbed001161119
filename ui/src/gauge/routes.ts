import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/gauges/map',
    component: () => import('./map/MapPage.vue'),
    meta: { title: 'gaugeMap.title', permission: 'object.read', rail: { icon: 'map', order: 5.5, group: 'view', keys: 'm' } },
  },
  {
    path: '/gauges',
    component: () => import('./GaugesPage.vue'),
    meta: { title: 'gauge.title', permission: 'object.read', rail: { icon: 'gauge', order: 6, group: 'view', keys: 'g' } },
  },
  { path: '/gauges/:id(\\d+)', component: () => import('./GaugePage.vue'), meta: { title: 'gauge.one', permission: 'object.read' } },
  { path: '/gauges/reservoirs', component: () => import('./board/ReservoirsPage.vue'), meta: { title: 'gaugeBoard.dams.title', permission: 'object.read' } },
  { path: '/gauges/rain', component: () => import('./board/RainPage.vue'), meta: { title: 'gaugeBoard.rain.title', permission: 'object.read' } },
  { path: '/gauges/health', component: () => import('./board/HealthPage.vue'), meta: { title: 'gaugeBoard.health.title', permission: 'object.read' } },
  { path: '/gauges/quarantine', component: () => import('./quarantine/QuarantinePage.vue'), meta: { title: 'gauge.quarantine', permission: 'object.read' } },
  { path: '/gauges/events', component: () => import('./events/EventsPage.vue'), meta: { title: 'gaugeEvent.title', permission: 'object.read' } },
  { path: '/gauges/imports', component: () => import('./imports/ImportsPage.vue'), meta: { title: 'gaugeImport.title', permission: 'object.write' } },
  { path: '/gauges/imports/:id', component: () => import('./imports/ImportPage.vue'), meta: { title: 'gaugeImport.title', permission: 'object.write' } },
] satisfies RouteRecordRaw[]
