import type { RouteRecordRaw } from 'vue-router'

const permission = 'project.read'

export default [
  { path: '/projects', component: () => import('./ProjectsPage.vue'), meta: { title: 'project.title', permission, rail: { icon: 'project', order: 9.5, group: 'work', keys: 'j' } } },
  { path: '/projects/gantt', component: () => import('./gantt/GanttPage.vue'), meta: { title: 'project.tabs.gantt', permission } },
  { path: '/projects/map', component: () => import('./map/ProjectMapPage.vue'), meta: { title: 'project.tabs.map', permission } },
  { path: '/projects/funding', component: () => import('./money/FundingPage.vue'), meta: { title: 'project.tabs.funding', permission } },
  { path: '/projects/plans', component: () => import('./plans/PlansPage.vue'), meta: { title: 'project.tabs.plans', permission } },
  { path: '/projects/gaps', component: () => import('./plans/GapsPage.vue'), meta: { title: 'project.tabs.gaps', permission } },
  { path: '/projects/lists', component: () => import('./plans/ListsPage.vue'), meta: { title: 'project.tabs.lists', permission } },
  { path: '/projects/import', component: () => import('./plans/ImportPage.vue'), meta: { title: 'project.tabs.import', permission: 'project.write' } },
  { path: '/projects/:id(\\d+)', component: () => import('./one/ProjectPage.vue'), meta: { title: 'project.one', permission } },
] satisfies RouteRecordRaw[]
