import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/sign-in', component: () => import('./SignInPage.vue'), meta: { title: 'identity.signIn', open: true } },
  { path: '/me/password', component: () => import('./PasswordPage.vue'), meta: { title: 'identity.changePassword' } },
] satisfies RouteRecordRaw[]
