import type { RouteRecordRaw } from 'vue-router'

const permission = 'inspection.read'

export default [
  {
    path: '/inspections',
    component: () => import('./PlansPage.vue'),
    meta: { title: 'inspect.title', permission, rail: { icon: 'inspect', order: 15, group: 'work', keys: 'i' } },
  },
  { path: '/inspections/all', component: () => import('./InspectionsPage.vue'), meta: { title: 'inspect.all.title', permission } },
  { path: '/inspections/teams', component: () => import('./TeamsPage.vue'), meta: { title: 'inspect.teams.title', permission } },
  { path: '/inspections/new', component: () => import('./StartPage.vue'), meta: { title: 'inspect.start.title', permission: 'inspection.record' } },
  { path: '/inspections/plans/:id(\\d+)', component: () => import('./PlanPage.vue'), meta: { title: 'inspect.plan.title', permission } },
  { path: '/inspections/:id(\\d+)', component: () => import('./InspectionPage.vue'), meta: { title: 'inspect.sheet.title', permission } },
  { path: '/m/inspections', component: () => import('./phone/PhoneListPage.vue'), meta: { title: 'inspect.phone.title', permission } },
  { path: '/m/inspections/:id(\\d+)', component: () => import('./phone/PhoneSheetPage.vue'), meta: { title: 'inspect.sheet.title', permission } },
] satisfies RouteRecordRaw[]
