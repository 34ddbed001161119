// usage: node nu-shot.mjs account lang theme width path out [full]
import { chromium } from 'playwright-core'
const base = process.env.BASE || 'http://127.0.0.1:18177'
const [account, ...rest] = process.argv.slice(2)
const jobs = rest.map((j) => j.split('|')) // path|out|lang|theme|width
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [path, out, lang = 'zh', theme = 'light', width = '1440', full = 'full'] of jobs) {
  const w = +width
  const ctx = await browser.newContext({ viewport: { width: w, height: w < 500 ? 844 : 900 }, locale: lang === 'zh' ? 'zh-CN' : 'en-GB' })
  const l = lang === 'zh' ? 'zh' : 'en'
  await ctx.addInitScript(([l, t]) => { localStorage.setItem('anlan.language', l); localStorage.setItem('anlan.theme', t) }, [l, theme])
  const r = await ctx.request.post(base + '/api/session', { data: { login: account, password: 'Demo-2026-water' }, headers: { Origin: base } })
  if (!r.ok()) console.log('login', r.status(), await r.text())
  const p = await ctx.newPage()
  p.on('console', (m) => { if (m.type() === 'error') console.log(path, 'console', m.text().slice(0, 200)) })
  p.on('response', (x) => { if (x.status() >= 400) console.log(path, x.status(), x.url()) })
  await p.goto(base + path, { waitUntil: 'networkidle' })
  await p.waitForTimeout(700)
  const sw = await p.evaluate(() => document.documentElement.scrollWidth)
  if (sw > w) console.log(path, 'sideways', sw)
  await p.screenshot({ path: `/tmp/nu/${out}.png`, fullPage: full === 'full' })
  await ctx.close()
}
await browser.close()
