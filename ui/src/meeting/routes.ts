import type { RouteRecordRaw } from 'vue-router'

const permission = 'matter.read'

export default [
  {
    path: '/meetings',
    component: () => import('./MeetingsPage.vue'),
    meta: { title: 'meeting.title', permission, rail: { icon: 'meeting', order: 16, group: 'work', keys: 'e' } },
  },
  { path: '/meetings/new', component: () => import('./NewMeetingPage.vue'), meta: { title: 'meeting.new', permission: 'meeting.write' } },
  { path: '/meetings/:id', component: () => import('./MeetingPage.vue'), meta: { title: 'meeting.page', permission } },
] satisfies RouteRecordRaw[]
