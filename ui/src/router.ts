/** Pages by address. Each domain states its own in routes.ts; /m is kept for the phone. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { can, forget, session, whoAmI } from './identity/session'
import { whenSignedOut } from './lib/client'
import { say } from './lib/i18n'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the title. */
    title?: string
    /** Shown without signing in. */
    open?: boolean
    /** Permission without which the page is hidden and says so. */
    permission?: string
    /** Place in the rail; a page without one is reached from others. */
    rail?: { icon: string; order: number; group: 'view' | 'work' | 'keep'; keys?: string }
  }
}

const found = import.meta.glob<{ default: RouteRecordRaw[] }>('./*/**/routes.ts', { eager: true })

export const pages: RouteRecordRaw[] = Object.values(found).flatMap((m) => m.default)

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: () => import('./shell/NotFoundPage.vue') },
    ...pages,
    { path: '/:rest(.*)*', component: () => import('./shell/NotFoundPage.vue'), meta: { title: 'shell.notFound' } },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

/** The first page of the rail that the person may see. */
function firstPage(): string {
  const open = pages.filter((p) => p.meta?.rail && (!p.meta.permission || can(p.meta.permission)))
  open.sort((a, b) => (a.meta?.rail?.order ?? 0) - (b.meta?.rail?.order ?? 0))
  return open[0]?.path ?? '/me/password'
}

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  const me = session.value ?? (await whoAmI())
  if (!me) return { path: '/sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
  if (me.account.must_change && to.path !== '/me/password') return '/me/password'
  return to.path === '/' ? firstPage() : true
})

whenSignedOut(() => {
  forget()
  const at = router.currentRoute.value
  if (!at.meta.open) void router.push({ path: '/sign-in', query: { to: at.fullPath } })
})

export function setTitle(name: string): void {
  document.title = name ? `${name} · ${say({ zh: '安澜', en: 'Anlan' })}` : say({ zh: '安澜', en: 'Anlan' })
}
