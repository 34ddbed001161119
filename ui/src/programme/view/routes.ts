import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/cockpit',
    component: () => import('./CockpitPage.vue'),
    meta: { title: 'view.cockpit.title', permission: 'figure.read', rail: { icon: 'cockpit', order: 1, group: 'view', keys: 'c' } },
  },
  {
    path: '/ranking',
    component: () => import('./RankingPage.vue'),
    meta: { title: 'view.ranking.title', permission: 'figure.read', rail: { icon: 'ranking', order: 2, group: 'view', keys: 'r' } },
  },
  {
    path: '/deadlines',
    component: () => import('./DeadlinesPage.vue'),
    meta: { title: 'view.deadlines.title', permission: 'figure.read', rail: { icon: 'calendar', order: 3, group: 'view', keys: 'd' } },
  },
  {
    path: '/indicators',
    component: () => import('./CataloguePage.vue'),
    meta: { title: 'view.catalogue.title', permission: 'pack.read', rail: { icon: 'catalogue', order: 4, group: 'view', keys: 'n' } },
  },
  {
    path: '/indicators/:code',
    component: () => import('./IndicatorPage.vue'),
    meta: { title: 'view.indicator.title', permission: 'figure.read' },
  },
] satisfies RouteRecordRaw[]
