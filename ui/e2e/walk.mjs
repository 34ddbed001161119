// Every page of the rail in both languages and themes: nothing from elsewhere, no breach of the content policy, no error in
// the console, no message key on show, nothing wider than the screen, and no A or AA violation that axe finds.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page that notes everything that should not happen. */
export async function watched(context, base) {
  const page = await context.newPage()
  const wrong = []
  page.on('console', (m) => m.type() === 'error' && wrong.push(`console: ${m.text()}`))
  page.on('pageerror', (e) => wrong.push(`error: ${e.message}`))
  page.on('request', (r) => {
    const url = r.url()
    if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:')) wrong.push(`request elsewhere: ${url}`)
  })
  page.on('response', (r) => r.status() >= 400 && r.status() !== 401 && wrong.push(`${r.status()} ${r.url()}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))
  })
  return { page, wrong }
}

export async function signIn(page, base, account) {
  await page.goto(`${base}/sign-in`)
  await page.fill('input[name=login]', account.login)
  await page.fill('input[name=password]', account.password)
  await page.click('button[type=submit]')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await settled(page)
}

/** Until nothing is loading and the skeleton is gone. */
export async function settled(page) {
  await page.waitForSelector('h1')
  await page.waitForFunction(() => !document.querySelector('.skeleton'), undefined, { timeout: 10_000 })
  await page.waitForTimeout(350)
}

export async function axe(page) {
  await page.evaluate(axeSource)
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  return result.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`)
}

function none(list) {
  if (list.length) throw new Error([...new Set(list)].slice(0, 12).join('\n'))
}

const overflow = () => (document.documentElement.scrollWidth > window.innerWidth + 1 ? [`wider than the screen: ${document.documentElement.scrollWidth}`] : [])
const bareKeys = () => [...(document.body.innerText.match(/\b(?:view|ui|shell|identity|work|keep)\.[a-z][\w.]+\b/gi) ?? [])]

/** Pages that the rail leads to, and one page behind each kind of link. */
async function paths(page, base) {
  await page.goto(`${base}/`)
  await settled(page)
  const rail = await page.$$eval('nav.rail a', (list) => list.map((a) => a.getAttribute('href')))
  const indicator = await page.$$eval('.matrix tbody th a', (list) => list.slice(0, 1).map((a) => a.getAttribute('href')))
  return [...rail, ...indicator]
}

async function look(context, site, path) {
  const { page, wrong } = await watched(context, site.base)
  try {
    await page.goto(site.base + path)
    await settled(page)
    none([...wrong, ...(await page.evaluate(overflow)), ...(await page.evaluate(bareKeys)), ...(await axe(page))])
  } finally {
    await page.close()
  }
}

/** One person's pages in one dress; those in `seen` are left out, and the others are added. */
async function tour({ browser, site, check }, account, [language, theme], seen) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript(([l, t]) => {
    localStorage.setItem('anlan.language', l)
    localStorage.setItem('anlan.theme', t)
  }, [language, theme])
  const dress = `${account.login}, ${language}, ${theme}`
  const { page, wrong } = await watched(context, site.base)
  let list = []
  await check(`sign in (${dress})`, async () => {
    await page.goto(`${site.base}/sign-in`)
    await settled(page)
    none(await axe(page))
    await signIn(page, site.base, account)
    none(wrong)
    list = await paths(page, site.base)
  })
  await page.close()
  const rest = list.filter((path) => !seen.has(path))
  rest.forEach((path) => seen.add(path))
  // Two pages at a time: the checks of one run while the other waits for its data.
  const hand = async () => {
    for (let path = rest.shift(); path; path = rest.shift()) {
      const at = path
      await check(`${at} (${dress})`, () => look(context, site, at))
    }
  }
  await Promise.all([hand(), hand()])
  await context.close()
}

export async function walk(on) {
  const [account, ...others] = on.site.accounts
  if (!account) throw new Error('no demo account was printed')
  for (const dress of [['zh', 'light'], ['en', 'dark'], ['zh', 'dark'], ['en', 'light']]) {
    const seen = new Set()
    await tour(on, account, dress, seen)
    // What only others may see is looked at in two of the four dresses; the counties all see the same.
    if (dress.join() === 'zh,light' || dress.join() === 'en,dark') for (const other of others.slice(0, 5)) await tour(on, other, dress, seen)
  }
  await phone({ ...on, account })
}

async function phone({ browser, site, check, account }) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const { page, wrong } = await watched(context, site.base)
  await signIn(page, site.base, account)
  for (const path of await paths(page, site.base)) {
    await check(`${path} on a phone`, async () => {
      await page.goto(site.base + path)
      await settled(page)
      none([...wrong.splice(0), ...(await page.evaluate(overflow))])
    })
  }
  await context.close()
}
