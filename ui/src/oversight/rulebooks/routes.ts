import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/inspections/rulebooks', component: () => import('./RulebooksPage.vue'), meta: { title: 'rulebook.title', permission: 'pack.read' } },
] satisfies RouteRecordRaw[]
