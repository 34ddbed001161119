import type { RouteRecordRaw } from 'vue-router'

export default [
  { path: '/sign-in', component: () => import('./SignInPage.vue'), meta: { title: 'identity.signIn', open: true } },
  { path: '/me/password', component: () => import('./PasswordPage.vue'), meta: { title: 'identity.changePassword' } },
  { path: '/me/sessions', component: () => import('./SessionsPage.vue'), meta: { title: 'identity.sessions.title' } },
  { path: '/me/tokens', component: () => import('./TokensPage.vue'), meta: { title: 'identity.tokens.title' } },
  {
    path: '/accounts',
    component: () => import('./AccountsPage.vue'),
    meta: { title: 'identity.accounts.title', permission: 'account.read', rail: { icon: 'account', order: 22, group: 'keep' } },
  },
  {
    path: '/audit',
    component: () => import('./AuditPage.vue'),
    meta: { title: 'identity.audit.title', permission: 'audit.read', rail: { icon: 'audit', order: 23, group: 'keep' } },
  },
] satisfies RouteRecordRaw[]
