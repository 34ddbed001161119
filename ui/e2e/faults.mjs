// The server or its store goes away under an open return: the page says so, keeps what was typed, and saves it by itself.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers, sparePort } from './server.mjs'
import { settled, signIn } from './walk.mjs'

const COUNTY = { login: 'shengzhou', password: 'Demo-2026-water' }
const BANNER = '.trouble'
const CELL = '[data-cell="0:value"]'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

/** A server of the story's own that can be killed and started again on the same data. */
async function ownServer(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'anlan-faults-'))
  const port = await sparePort()
  const base = `http://127.0.0.1:${port}`
  let child
  let ended
  const run = async (...args) => {
    child = spawn(binary, [...args, '--listen', `127.0.0.1:${port}`], { stdio: 'ignore' })
    ended = new Promise((r) => child.once('exit', r))
    must(await answers(base, () => child.exitCode === null, 60), `anlan ${args[0]} did not come up`)
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const serve = () => run('serve', '--database', join(folder, 'demo.db'))
  await run('demo', '--keep', folder)
  await kill()
  await serve()
  return { base, kill, serve, stop: async () => (await kill(), rm(folder, { recursive: true, force: true })) }
}

const value = (page, id) => page.evaluate(async (n) => (await (await fetch(`/api/returns/${n}`)).json()).rows[0].value, id)

/** Until the server holds the figure; nobody presses anything. */
async function saved(page, id, want) {
  for (let i = 0; i < 150; i++) {
    if ((await value(page, id).catch(() => null)) === want) return
    await page.waitForTimeout(200)
  }
  throw new Error(`the figure typed before, ${want}, was not saved afterwards`)
}

export async function faults({ browser, check, binary }) {
  const server = await ownServer(binary)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    const page = await context.newPage()
    await signIn(page, server.base, COUNTY)
    const id = await page.evaluate(async () => {
      const body = JSON.stringify({ form: 'supervision.county.month', division: '330683', period: '2026-05' })
      return (await (await fetch('/api/returns', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()).id
    })
    await page.goto(`${server.base}/returns/${id}`)
    await settled(page)
    await check('a killed server: the page says so, keeps what is typed, and saves it when the server is back', async () => {
      await server.kill()
      await page.fill(CELL, '41')
      await page.waitForSelector(BANNER)
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'server-away.png') })
      must((await page.inputValue(CELL)) === '41', 'what was typed is gone')
      await server.serve()
      await page.waitForSelector(BANNER, { state: 'detached', timeout: 20_000 })
      must((await page.inputValue(CELL)) === '41', 'what was typed is gone after the server came back')
      await saved(page, id, 41)
    })
    await check('a full disk is said in the store’s own words, and the save follows by itself', async () => {
      const reason = { zh: '磁盘已满，未保存', en: 'the disk is full; nothing was saved' }
      const refuse = (body) => (route) => route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify(body) })
      await page.route('**/lines', refuse({ kind: 'unavailable', code: 'store.unavailable', message: reason }))
      await page.route('**/healthz', refuse({ ok: false, store: { ok: false, engine: 'sqlite', since: new Date().toISOString(), reason } }))
      await page.fill(CELL, '42')
      await page.waitForSelector(BANNER)
      must((await page.textContent(BANNER)).includes(reason.zh), 'the banner does not say why')
      await page.waitForTimeout(3500) // A second look at the health does not change it.
      must(await page.isVisible(BANNER), 'the banner went although nothing changed')
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, 'disk-full.png') })
      await page.unroute('**/lines')
      await page.unroute('**/healthz')
      await page.waitForSelector(BANNER, { state: 'detached', timeout: 20_000 })
      await saved(page, id, 42)
    })
    await check('a reload while the server’s store is away waits instead of asking to sign in', async () => {
      const away = (route) => route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ kind: 'unavailable', code: 'store.unavailable', message: { zh: '连不上数据库，未保存', en: 'the database cannot be reached; nothing was saved' } }) })
      await page.route('**/api/me', away)
      await page.route('**/healthz', away)
      await page.reload()
      await page.waitForSelector(BANNER)
      must(!page.url().includes('sign-in'), 'the page asks to sign in')
      await page.unroute('**/api/me')
      await page.unroute('**/healthz')
      await page.waitForSelector(CELL, { timeout: 20_000 })
    })
    await check('a cell in error is not said to be saved', async () => {
      await page.fill(CELL, 'abc')
      await page.fill('[data-cell="1:value"]', '7')
      await page.waitForFunction(() => document.querySelector('.saving')?.textContent.includes('有误'), undefined, { timeout: 10_000 })
      must(!(await page.textContent('.saving')).startsWith('已保存'), 'it says saved')
      await page.fill(CELL, '43')
      await saved(page, id, 43)
    })
    await check('the template of the open return comes as a workbook', async () => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=下载填报模板')])
      must(file.suggestedFilename().endsWith('.xlsx'), file.suggestedFilename())
    })
  } finally {
    await context.close()
    await server.stop()
  }
}
