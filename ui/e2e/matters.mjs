// The closed loop walked through by its four people: an inspector finds something, the county confirms, plans, shows its work and
// submits, the reviewer assigns and closes, and the director sees it counted. A serious problem makes the county look elsewhere.
import { axe, settled, signIn, watched } from './walk.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

async function call(page, method, path, body) {
  return page.evaluate(
    async ([m, p, b]) => {
      const answer = await fetch(p, { method: m, headers: { 'Content-Type': 'application/json' }, ...(b ? { body: JSON.stringify(b) } : {}) })
      return { status: answer.status, body: answer.status === 204 ? null : await answer.json() }
    },
    [method, path, body],
  )
}

/** A person at work in a window of their own. */
async function person(browser, site, login, wrongs) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const { page, wrong } = await watched(context, site.base)
  await signIn(page, site.base, site.accounts.find((a) => a.login === login))
  wrongs.push(wrong)
  return page
}

/** Chooses a move by the word on its button, fills in what it needs, and sends it. */
async function move(page, word, fill = async () => {}) {
  await page.click(`.bar .acts button:has-text("${word}")`)
  await fill()
  await page.click('.bar form button[type=submit]')
  await page.waitForSelector('.bar form', { state: 'detached' })
  await settled(page)
}

const stateOf = async (page) => page.textContent('.headline .line strong')

async function finds(page, client = 'e2e-loop') {
  const objects = (await call(page, 'GET', '/api/objects?kind=reservoir&division=330624&limit=5')).body.items
  const object = objects[objects.length - 1]
  const made = await call(page, 'POST', '/api/inspections', { client, checklist: 'small-reservoirs', object: object.id, mode: 'open' })
  must(made.status === 200, `the inspection was not begun: ${JSON.stringify(made.body)}`)
  const detail = (await call(page, 'GET', `/api/inspections/${made.body.id}`)).body
  const clauses = detail.list.sections.flatMap((s) => s.clauses)
  const bad = clauses.find((c) => c.severity === 'serious' && !c.hazard)
  const answers = Object.fromEntries(clauses.filter((c) => c !== bad).map((c) => [c.code, 'pass']))
  const sheet = await call(page, 'POST', `/api/inspections/${made.body.id}/sheet`, { answers, findings: [{ client: 'one', clause: bad.code, severity: 'serious', detail: '端到端：现场发现', place: {} }] })
  must(sheet.status === 200, `the sheet was refused: ${JSON.stringify(sheet.body)}`)
  await call(page, 'POST', `/api/inspections/${made.body.id}/done`)
  return (await call(page, 'GET', `/api/matters?source=inspection&source_id=${made.body.id}`)).body.items[0].id
}

export async function matters({ browser, site, check }) {
  const wrongs = []
  let id = 0
  await check('the loop: inspector, county, reviewer, director', async () => {
    const inspector = await person(browser, site, 'ducha', wrongs)
    const county = await person(browser, site, 'xinchang', wrongs)
    const reviewer = await person(browser, site, 'shenhe', wrongs)
    id = await finds(inspector)
    await county.goto(`${site.base}/work`)
    await settled(county)
    await county.click(`a[href="/matters/${id}"]`)
    await settled(county)
    await move(county, '确认')
    must((await stateOf(county)) === '待交办', `after the confirmation: ${await stateOf(county)}`)
    await reviewer.goto(`${site.base}/matters/${id}`)
    await settled(reviewer)
    await move(reviewer, '交办', async () => {
      // The county's bureau answers already, so its people are offered at once; another unit would bring its own.
      await reviewer.waitForSelector('.bar .offered button')
      await reviewer.fill('.bar input[name=person]', '新昌填报')
      await reviewer.waitForFunction(() => document.querySelectorAll('.bar .offered button').length === 1)
      await reviewer.click('.bar .offered button')
      await reviewer.fill('.bar input[type=date]', '2026-07-20')
    })
    await county.reload()
    await settled(county)
    await move(county, '报整改措施', () => county.fill('.bar textarea', '落实责任人并公示'))
    await county.setInputFiles('.box input[type=file]', { name: '整改后.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await picture(county)) })
    await county.waitForSelector('.box figure img')
    must((await county.textContent('.box .sending')).includes('已上传'), 'the upload does not say that it is done')
    must((await county.locator('.box .pair:has(.hole):has(figure)').count()) === 1, 'the photo of the work does not stand beside the hole of what was found')
    await move(county, '提交复核')
    must((await stateOf(county)) === '待复核', `after the submission: ${await stateOf(county)}`)
    await reviewer.reload()
    await settled(reviewer)
    await move(reviewer, '销号', () => reviewer.check('.bar input[value=site]'))
    must((await stateOf(reviewer)) === '已销号', `after the review: ${await stateOf(reviewer)}`)
    await reviewer.waitForSelector('a:has-text("举一反三")')
    const director = await person(browser, site, 'juzhang', wrongs)
    await director.goto(`${site.base}/oversight/statistics?scope=330600`)
    await settled(director)
    must((await director.locator('table').count()) >= 3, 'the statistics have not their tables')
    const none = [...(await axe(director)), ...(await axe(county))]
    must(!none.length, none.join('\n'))
  })
  await check('the matter shows its history, and its files go to nobody outside', async () => {
    const other = await person(browser, site, 'keqiao', [])
    const refused = await call(other, 'GET', `/api/matters/${id}`)
    must(refused.status === 404, `another county sees it: ${refused.status}`)
    const list = (await call(other, 'GET', '/api/matters?scope=330600')).body.items
    must(list.every((m) => m.division.code === '330603'), 'another county sees matters that are not its own')
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
  await check('the three lists, the board and the documents', async () => {
    const reviewer = await person(browser, site, 'shenhe', wrongs)
    for (const query of ['list=responsibility', 'list=rectification', 'view=board', 'overdue=true&sort=-severity']) {
      await reviewer.goto(`${site.base}/matters?scope=330600&${query}`)
      await settled(reviewer)
    }
    for (const path of ['/api/matters/list.docx?list=problem&live=true', '/api/matters/list.xlsx?list=rectification', `/api/matters/${id}/notice.docx`]) {
      const status = await reviewer.evaluate(async (p) => (await fetch(p)).status, path)
      must(status === 200, `${path}: ${status}`)
    }
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
  await check('a day of the calendar opens the matters of that day, as many as it says', async () => {
    const reviewer = await person(browser, site, 'shenhe', wrongs)
    await reviewer.goto(`${site.base}/matters?scope=330600&view=calendar&month=2026-06&kind=finding,hazard`)
    await settled(reviewer)
    const none = await axe(reviewer)
    must(!none.length, none.join('\n'))
    const told = Number.parseInt(await reviewer.textContent('.month .day .count'), 10)
    await reviewer.focus('.month .day')
    await reviewer.keyboard.press('Enter')
    await reviewer.waitForSelector('tbody tr')
    await settled(reviewer)
    const at = new URL(reviewer.url()).searchParams
    must(at.get('due_from') === at.get('due_to') && at.get('kind') === 'finding,hazard', `the list is ${reviewer.url()}`)
    must((await reviewer.locator('tbody tr').count()) === told, `the day says ${told}`)
    await reviewer.goBack()
    await reviewer.waitForSelector('.month .day')
  })
  await check('what statistics call overdue is as many as the list behind', async () => {
    const director = await person(browser, site, 'juzhang', wrongs)
    const stats = (await call(director, 'GET', '/api/oversight/statistics?scope=330600')).body
    const i = stats.measures.findIndex((m) => m.code === 'overdue')
    for (const row of [...stats.rows, stats.total]) {
      const list = (await call(director, 'GET', `/api/matters?kind=finding,hazard&overdue_first=true&scope=${row.division.code}&limit=1`)).body
      must(list.total === row.values[i].value, `${row.division.code}: ${row.values[i].value} counted, ${list.total} listed`)
    }
    must(stats.total.values[i].value > 0, 'nothing is overdue in the demo city')
  })
  await check('a card of the board is moved by keyboard and by drag, only where the server lets it', async () => {
    const inspector = await person(browser, site, 'ducha', wrongs)
    const county = await person(browser, site, 'xinchang', wrongs)
    const one = await finds(inspector, 'e2e-board-1')
    const two = await finds(inspector, 'e2e-board-2')
    await county.setViewportSize({ width: 1440, height: 3000 })
    await county.goto(`${site.base}/matters?scope=330624&view=board&kind=finding`)
    await settled(county)
    const card = (n) => `.card:has([data-move="${n}"])`
    await county.focus(`[data-move="${one}"]`)
    await county.keyboard.press('Enter')
    await county.waitForSelector('.moves button')
    must((await county.$$eval('.moves button', (l) => l.map((b) => b.textContent.trim()))).join().includes('待交办'), 'the confirmation is not offered')
    const none = await axe(county)
    must(!none.length, none.join('\n'))
    await county.keyboard.press('Enter') // the confirmation needs nothing more
    await county.waitForSelector(`[data-state=confirmed] ${card(one)}`)
    // A dispute needs a reason: the drop opens the matter's own form with that move.
    await county.dragAndDrop(`${card(two)} .face`, '[data-state=assigned]')
    must((await county.locator(`[data-state=found] ${card(two)}`).count()) === 1, 'the card went where it may not')
    const from = await county.locator(`${card(two)} .face`).boundingBox()
    const to = await county.locator('[data-state=disputed]').boundingBox()
    await county.mouse.move(from.x + 30, from.y + 10)
    await county.mouse.down()
    await county.mouse.move(from.x + 60, from.y + 20, { steps: 4 })
    await county.waitForSelector('[data-state=disputed].takes')
    await county.mouse.move(to.x + 60, to.y + 30, { steps: 6 })
    await county.mouse.up()
    await county.waitForSelector('aside.side .bar form textarea')
    await county.fill('aside.side .bar form textarea', '不属实')
    await county.click('aside.side .bar form button[type=submit]')
    await county.waitForSelector(`[data-state=disputed] ${card(two)}`)
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
  await check('a filter is named, opens the list next time, is renamed and deleted', async () => {
    const reviewer = await person(browser, site, 'shenhe', wrongs)
    const menu = '.popover > button:has-text("已存筛选")'
    await reviewer.goto(`${site.base}/matters?scope=330600&severity=3&live=true`)
    await settled(reviewer)
    await reviewer.click(menu)
    await reviewer.fill('.saved .add input', '严重未办结')
    await reviewer.keyboard.press('Enter')
    await reviewer.waitForSelector('.saved .pick[aria-current=true]')
    await reviewer.click('.saved [data-mark]')
    await reviewer.waitForSelector('.saved [data-mark][aria-pressed=true]')
    const none = await axe(reviewer)
    must(!none.length, none.join('\n'))
    await reviewer.setViewportSize({ width: 390, height: 844 })
    await reviewer.reload()
    await settled(reviewer)
    await reviewer.click('.popover > button:has-text("严重未办结")')
    must(await reviewer.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'the menu of filters stands beyond a phone')
    await reviewer.setViewportSize({ width: 1440, height: 900 })
    await reviewer.goto(`${site.base}/matters`)
    await reviewer.waitForURL((url) => url.searchParams.get('severity') === '3' && url.searchParams.get('live') === 'true')
    await settled(reviewer)
    await reviewer.click('.list .tools .link-btn')
    await reviewer.waitForURL((url) => !url.searchParams.has('severity'))
    await reviewer.click(menu)
    await reviewer.click('.saved .icon-btn[title="重命名"]')
    await reviewer.fill('.saved .rename input', '严重')
    await reviewer.keyboard.press('Enter')
    await reviewer.waitForSelector('.saved .pick:has-text("严重")')
    await reviewer.click('.saved .pick')
    await reviewer.waitForURL((url) => url.searchParams.get('severity') === '3')
    await reviewer.click('.popover > button:has-text("严重")')
    await reviewer.click('.saved .icon-btn[title="删除"]')
    await reviewer.click('.saved .btn.danger')
    await reviewer.waitForSelector('.saved .pick', { state: 'detached' })
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
}

/** A small picture, made by the browser itself. */
async function picture(page) {
  return page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 64
    canvas.getContext('2d').fillRect(8, 8, 48, 48)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'))
    return [...new Uint8Array(await blob.arrayBuffer())]
  })
}
