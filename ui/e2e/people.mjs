// People at work in windows of their own, and what the stories of the loop do again and again.
import { settled, signIn, watched } from './walk.mjs'

export function must(truth, words) {
  if (!truth) throw new Error(words)
}

/** Asks the API as the person of a page. */
export async function call(page, method, path, body) {
  return page.evaluate(
    async ([m, p, b]) => {
      const answer = await fetch(p, { method: m, headers: { 'Content-Type': 'application/json' }, ...(b ? { body: JSON.stringify(b) } : {}) })
      return { status: answer.status, body: answer.headers.get('content-type')?.includes('json') ? await answer.json() : null }
    },
    [method, path, body],
  )
}

export const read = (page, path) => call(page, 'GET', path)

/** A person at work; what goes wrong in the window is added to wrongs. */
export async function person(browser, site, login, wrongs, dress = {}) {
  const context = await browser.newContext({ viewport: { width: dress.width ?? 1440, height: 900 } })
  await context.addInitScript((l) => localStorage.setItem('anlan.language', l), dress.language ?? 'zh')
  const { page, wrong } = await watched(context, site.base)
  await signIn(page, site.base, site.accounts.find((a) => a.login === login))
  wrongs.push(wrong)
  return page
}

export async function open(page, site, path) {
  await page.goto(site.base + path)
  await settled(page)
}

/** A small picture, made by the browser itself; each is another, as a camera's are. */
export async function picture(page, type = 'image/png') {
  const bytes = await page.evaluate(async (media) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 64
    const pen = canvas.getContext('2d')
    for (let x = 0; x < 64; x += 8) {
      for (let y = 0; y < 64; y += 8) {
        pen.fillStyle = Math.random() < 0.5 ? 'black' : 'white'
        pen.fillRect(x, y, 8, 8)
      }
    }
    const blob = await new Promise((done) => canvas.toBlob(done, media))
    return [...new Uint8Array(await blob.arrayBuffer())]
  }, type)
  return Buffer.from(bytes)
}

/** Chooses a move of a matter by the word on its button, fills in what it needs, and sends it. */
export async function move(page, word, fill = async () => {}) {
  await page.click(`.bar .acts button:text-is("${word}")`)
  await fill()
  await page.click('.bar form button[type=submit]')
  await page.waitForSelector('.bar form', { state: 'detached' })
  await settled(page)
}

/** The state of a matter as its page says it. */
export const stateOf = (page) => page.textContent('.headline .line strong')

/** An inspector goes to a reservoir of 新昌 with a list, and finds what is asked for: a serious problem, and a hazard beside it. */
export async function finds(page, client, kinds = ['finding']) {
  const objects = (await read(page, '/api/objects?kind=reservoir&division=330624&limit=5')).body.items
  const made = await call(page, 'POST', '/api/inspections', { client, checklist: 'small-reservoirs', object: objects.at(-1).id, mode: 'open' })
  must(made.status === 200, `the inspection was not begun: ${JSON.stringify(made.body)}`)
  const detail = (await read(page, `/api/inspections/${made.body.id}`)).body
  const clauses = detail.list.sections.flatMap((s) => s.clauses)
  const bad = kinds.map((kind) => clauses.find((c) => c.severity === 'serious' && Boolean(c.hazard) === (kind === 'hazard')))
  const answers = Object.fromEntries(clauses.filter((c) => !bad.includes(c)).map((c) => [c.code, 'pass']))
  const findings = bad.map((c, i) => ({ client: `f${i}`, clause: c.code, severity: 'serious', detail: '端到端：现场发现', place: {} }))
  const sheet = await call(page, 'POST', `/api/inspections/${made.body.id}/sheet`, { answers, findings })
  must(sheet.status === 200, `the sheet was refused: ${JSON.stringify(sheet.body)}`)
  await call(page, 'POST', `/api/inspections/${made.body.id}/done`)
  const list = (await read(page, `/api/matters?source=inspection&source_id=${made.body.id}`)).body.items
  return kinds.map((kind) => list.find((m) => m.kind === kind).id)
}
