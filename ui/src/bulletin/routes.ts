import type { RouteRecordRaw } from 'vue-router'

const permission = 'bulletin.read'

export default [
  { path: '/bulletins', component: () => import('./BulletinsPage.vue'), meta: { title: 'bulletin.title', permission, rail: { icon: 'bulletin', order: 7, group: 'view', keys: 'b' } } },
  { path: '/bulletins/:id(\\d+)', component: () => import('./BulletinPage.vue'), meta: { title: 'bulletin.one', permission } },
  { path: '/bulletins/:id(\\d+)/compare', component: () => import('./ComparePage.vue'), meta: { title: 'bulletin.compare.title', permission } },
] satisfies RouteRecordRaw[]
