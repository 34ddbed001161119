// Takes pictures of the pages with the stand-in data: node e2e/mock/look.mjs FOLDER [path…]
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { launchOptions } from '../browser.mjs'
import { serve } from './serve.mjs'

const [folder, ...paths] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const server = await serve(8099)
const browser = await chromium.launch(launchOptions())
const shots = [
  ['1440-zh-light', 1440, 900, 'zh', 'light'], ['1440-en-dark', 1440, 900, 'en', 'dark'],
  ['1920-zh-light', 1920, 1080, 'zh', 'light'], ['390-zh-light', 390, 844, 'zh', 'light'], ['390-en-light', 390, 844, 'en', 'light'],
]
const pages = paths.length ? paths : ['/cockpit', '/ranking', '/indicators/inv.construction', '/deadlines?selected=rdw.june', '/indicators', '/sign-in']
for (const [name, width, height, language, theme] of shots) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' })
  await context.addInitScript(([l, t]) => { localStorage.setItem('anlan.language', l); localStorage.setItem('anlan.theme', t) }, [language, theme])
  for (const path of pages) {
    const page = await context.newPage()
    page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log(name, path, m.text()))
    page.on('pageerror', (e) => console.log(name, path, String(e)))
    await page.goto(`http://127.0.0.1:8099${path}`)
    await page.waitForTimeout(900)
    await page.screenshot({ path: `${folder}/${name}${path.replace(/\W+/g, '_')}.png` })
    await page.close()
  }
  await context.close()
}
await browser.close()
server.closeAllConnections()
server.close()
