// An inspection walked through: a team and a plan are made, objects drawn and the drawing checked again; an inspector fills in a
// sheet on a phone without a signal, it is sent when the signal is back, and the office completes it. Of an unannounced plan the
// inspected county sees nothing. A sheet that is begun before its plan is ended, and sent after it, is taken.
import { call, must } from './people.mjs'
import { axe, settled, signIn, watched } from './walk.mjs'

const TITLE = '端到端四不两直检查'

async function team(page, base) {
  await page.goto(`${base}/inspections/teams`)
  await settled(page)
  await page.click('.head .actions .btn.primary')
  await page.fill('aside.side input[name=zh]', '端到端检查组')
  const people = (await call(page, 'GET', '/api/people?division=330603&limit=3')).body.items
  for (const p of people) {
    await page.fill('aside.side input[type=search]', p.name)
    await page.click('aside.side .offered button')
  }
  await page.click('aside.side button[type=submit]')
  await page.waitForSelector('table td:has-text("端到端检查组")')
}

async function plan(page, base) {
  await page.goto(`${base}/inspections?new=1`)
  await page.waitForSelector('dialog[open] select[name=checklist] option:nth-child(2)', { state: 'attached' })
  await page.fill('dialog[open] input[name=title]', TITLE)
  await page.selectOption('dialog[open] select[name=mode]', 'unannounced')
  must(await page.isVisible('dialog[open] .veil'), 'the form does not say that the plan is hidden')
  await page.selectOption('dialog[open] select[name=checklist]', 'small-hydropower')
  await page.selectOption('dialog[open] select[name=scope]', '330624')
  await page.check('dialog[open] fieldset input[type=checkbox]')
  await page.click('dialog[open] button[type=submit]')
  await page.waitForURL(/\/inspections\/plans\/\d+/)
  await settled(page)
}

async function drawn(page) {
  await page.click('.head .actions .btn.primary')
  await page.fill('dialog[open] input[name=count]', '4')
  await page.fill('dialog[open] input[name="per-team"]', '1')
  await page.click('dialog[open] button[type=submit]')
  await page.waitForSelector('section.list tbody tr:nth-child(4)')
  await page.click('section.panel header .btn')
  await page.waitForSelector('.said .same')
}

/** Answers every clause without a signal, one of them with a finding and a photo. */
async function onPhone(page, context, base, id) {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${base}/m/inspections?of=all`)
  await page.waitForSelector(`a[href="/m/inspections/${id}"]`)
  await page.waitForFunction(() => /(\d+)\/\1\D/.test(document.querySelector('.phone > p[role=status]')?.textContent ?? ''))
  await context.setOffline(true)
  await page.click(`a[href="/m/inspections/${id}"]`)
  await page.waitForSelector('.clause .choice.pass')
  const clauses = await page.$$('.clause')
  for (const c of clauses.slice(1)) await (await c.$('.choice.pass')).click()
  await page.click('.clause >> nth=0 >> .choice.fail')
  await page.fill('form.write textarea', '泄放管被堵')
  await page.setInputFiles('form.write input[type=file]', { name: 'dam.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') })
  await page.fill('form.write input[name=place]', '坝后')
  const found = await axe(page)
  must(!found.length, found.join('\n'))
  await page.click('form.write button[type=submit]')
  await page.waitForSelector('.clause >> nth=0 >> li.item')
  const bar = await page.textContent('div.bar')
  must(new RegExp(`${clauses.length + 1}`).test(bar), `the bar does not tell what is kept: ${bar}`)
  must((await page.$$('.btn.primary.wide:disabled')).length === 1, 'it can be completed although nothing was sent')
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function signalBack(page, context) {
  await context.setOffline(false)
  await page.waitForSelector('.clause >> nth=0 >> a[href^="/matters/"]', { timeout: 20_000 })
  await page.waitForSelector('.btn.primary.wide:not(:disabled)', { timeout: 20_000 })
  await page.click('.btn.primary.wide')
  await page.click('dialog[open] button[type=submit]')
  await page.waitForSelector('.finished')
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** One clause is answered without a signal, the office ends the plan meanwhile, and the sheet is taken all the same. */
async function endedMeanwhile(page, context, browser, site, account, plan, id) {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${site.base}/m/inspections/${id}`)
  await page.waitForSelector('.clause .choice.pass')
  await context.setOffline(true)
  await page.click('.clause >> nth=0 >> .choice.pass')
  const office = await browser.newContext({ locale: 'zh-CN' })
  const desk = await watched(office, site.base)
  await signIn(desk.page, site.base, account)
  const { edit } = (await call(desk.page, 'GET', `/api/inspection-plans/${plan}`)).body
  const ended = await call(desk.page, 'POST', `/api/inspection-plans/${plan}/finish`, { edit, state: 'done' })
  must(ended.status < 300, `the plan does not end: ${ended.status}`)
  must((await call(desk.page, 'GET', `/api/inspections/${id}`)).status === 404, 'it is still on the plan')
  await context.setOffline(false)
  await page.waitForFunction(async (path) => (await fetch(path)).ok, `/api/inspections/${id}`, { timeout: 90_000, polling: 1000 })
  const after = (await call(desk.page, 'GET', `/api/inspections/${id}`)).body
  must(after.state === 'under_way' && Object.values(after.answers).join() === 'pass', `taken as ${after.state} with ${JSON.stringify(after.answers)}`)
  await office.close()
}

export async function inspections({ browser, site, check }) {
  const account = (login) => site.accounts.find((a) => a.login === login)
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })
  const { page, wrong } = await watched(context, site.base)
  let id = 0
  let other = 0
  let number = 0
  await signIn(page, site.base, account('shenhe'))
  await check('inspections: a team is made', () => team(page, site.base))
  await check('inspections: a plan is made and says that it is hidden', () => plan(page, site.base))
  await check('inspections: objects are drawn, and the drawing comes out the same again', async () => {
    await drawn(page)
    number = Number(new URL(page.url()).pathname.split('/').pop())
    const detail = (await call(page, 'GET', `/api/inspection-plans/${number}`)).body
    must(detail.drawing.drawn.length === 4 && detail.inspections.length === 4, 'not four were drawn')
    id = detail.inspections[0].id
    other = detail.inspections[1].id
    must(!wrong.length, wrong.join('\n'))
  })
  await check('inspections: a sheet is filled in with no signal', () => onPhone(page, context, site.base, id))
  await check('inspections: it is sent once the signal is back, and completed', async () => {
    await signalBack(page, context)
    const after = (await call(page, 'GET', `/api/inspections/${id}`)).body
    must(after.state === 'done' && after.findings.length === 1, `${after.state} with ${after.findings.length} findings`)
    const evidence = (await call(page, 'GET', `/api/matters/${after.findings[0].id}`)).body
    must(JSON.stringify(evidence).includes('dam.png') || (evidence.evidence ?? []).length === 1, 'the photo is not at the matter')
  })
  await check('inspections: the inspected county sees nothing of it', async () => {
    const theirs = await browser.newContext({ locale: 'zh-CN' })
    const seen = await watched(theirs, site.base)
    await signIn(seen.page, site.base, account('xinchang'))
    await seen.page.goto(`${site.base}/inspections`)
    await settled(seen.page)
    must(!(await seen.page.textContent('main')).includes(TITLE), 'the county sees the plan')
    for (const path of [`/api/inspection-plans/${number}`, `/api/inspections/${id}`]) must((await call(seen.page, 'GET', path)).status === 404, `${path} is there`)
    await theirs.close()
  })
  await check('inspections: a sheet begun before its plan ended is taken after it', () => endedMeanwhile(page, context, browser, site, account('shenhe'), number, other))
  await context.close()
}
