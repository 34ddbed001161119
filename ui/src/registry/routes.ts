import type { RouteRecordRaw } from 'vue-router'

export default [
  {
    path: '/registry',
    component: () => import('./PeoplePage.vue'),
    meta: { title: 'registry.title', permission: 'people.read', rail: { icon: 'people', order: 21, group: 'keep', keys: 'p' } },
  },
  { path: '/registry/posts', component: () => import('./PostsPage.vue'), meta: { title: 'registry.posts.title', permission: 'people.read' } },
  { path: '/registry/organisations', component: () => import('./OrganisationsPage.vue'), meta: { title: 'registry.organisations.title', permission: 'people.read' } },
  { path: '/registry/divisions', component: () => import('./DivisionsPage.vue'), meta: { title: 'registry.divisions.title', permission: 'division.read' } },
] satisfies RouteRecordRaw[]
