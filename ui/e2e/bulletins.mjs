// A bulletin from its frozen figures to the counties: planning drafts it and changes a number, which is flagged; two at once and an outage
// lose nothing that was typed; the director approves and issues; a county signs for it; a return that is corrected shows against it.
import { axe, settled, signIn, watched } from './walk.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

const countyOf = { '330602': 'yuecheng', '330603': 'keqiao', '330604': 'shangyu', '330624': 'xinchang', '330681': 'zhuji', '330683': 'shengzhou', '330600-BH': 'binhai' }

async function ask(page, path, method = 'GET', body = undefined) {
  return page.evaluate(
    async ([p, m, b]) => {
      const answer = await fetch(p, { method: m, ...(b ? { body: JSON.stringify(b), headers: { 'Content-Type': 'application/json' } } : {}) })
      const json = answer.headers.get('content-type')?.includes('json')
      return { status: answer.status, body: json ? await answer.json() : null }
    },
    [path, method, body],
  )
}

/** A person at work in a window of their own. */
async function person(browser, site, login, wrongs, dress = {}) {
  const context = await browser.newContext({ viewport: { width: dress.width ?? 1440, height: 900 } })
  await context.addInitScript(([l, t]) => {
    localStorage.setItem('anlan.language', l)
    localStorage.setItem('anlan.theme', t)
  }, [dress.language ?? 'zh', dress.theme ?? 'light'])
  const { page, wrong } = await watched(context, site.base)
  await signIn(page, site.base, site.accounts.find((a) => a.login === login))
  wrongs.push(wrong)
  return page
}

async function open(page, site, path) {
  await page.goto(site.base + path)
  await settled(page)
}

const idOf = (page) => Number(new URL(page.url()).pathname.split('/')[2])
const firstFigured = '.piece.paragraph:has(.fig)'

/** Takes the first paragraph with figures under the pen and writes it anew. */
async function write(page, change) {
  const words = page.locator(`${firstFigured} .words`).first()
  const id = await page.locator(firstFigured).first().getAttribute('id')
  await words.dblclick({ position: { x: 6, y: 6 } })
  const pen = page.locator(`#${id} textarea.pen`)
  await pen.waitFor()
  const text = change(await pen.inputValue())
  await pen.fill(text)
  return { id, pen, text }
}

async function drafted({ browser, site }, wrongs) {
  const guiji = await person(browser, site, 'guiji', wrongs)
  await open(guiji, site, '/bulletins')
  await guiji.click('.actions .btn.primary')
  await guiji.selectOption('dialog select[name=kind]', 'county-ranking')
  await guiji.fill('dialog input[name=period]', '2026-05')
  await guiji.click('dialog button[type=submit]')
  await guiji.waitForURL(/\/bulletins\/\d+/)
  await settled(guiji)
  // A number leads to its figure and source.
  const fig = guiji.locator('.paper .fig').first()
  const said = await fig.textContent()
  await fig.click()
  await guiji.waitForSelector('.figures li.chosen .detail')
  must((await guiji.textContent('.figures li.chosen .value')) === said, `the figure beside is not ${said}`)
  must((await guiji.textContent('.figures li.chosen .detail')).includes('来源'), 'the figure tells no source')
  return { guiji, id: idOf(guiji) }
}

async function flagged({ site }, guiji, id) {
  const before = (await ask(guiji, `/api/bulletins/${id}`)).body
  must(before.flags.length === 0, `a fresh draft has flags: ${JSON.stringify(before.flags)}`)
  const { id: piece } = await write(guiji, (t) => t.replace(/\d+\.\d+/, '98.7'))
  await guiji.waitForSelector(`#${piece} .odd-list:has-text("98.7")`)
  await guiji.click(`#${piece} .tools .btn.primary`)
  await guiji.waitForSelector(`#${piece} .flags`)
  must((await guiji.textContent('.state')).includes('与快照不一致'), 'the page does not say that a number differs')
  must((await guiji.textContent(`#${piece}`)).includes('98.7'), 'the changed paragraph does not stand')
  await open(guiji, site, `/bulletins/${id}?tab=flags`)
  must((await guiji.textContent('.in .flags')).includes('98.7'), 'the list of flags lacks it')
}

/** A number in the title is flagged, and the flag leads to it. */
async function titled({ site }, guiji, id) {
  const paper = (await ask(guiji, `/api/bulletins/${id}`)).body
  const put = async (edit, title) => (await ask(guiji, `/api/bulletins/${id}`, 'PATCH', { edit, title, changes: [] })).body
  const now = await put(paper.edit, `${paper.full_title}（77号）`)
  await open(guiji, site, `/bulletins/${id}?tab=flags`)
  await guiji.waitForSelector('#piece-title .flags:has-text("77")')
  await guiji.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await guiji.click('.in .flags li:has-text("77") .link-btn')
  await guiji.waitForFunction(() => {
    const at = document.getElementById('piece-title')?.getBoundingClientRect()
    return at && at.top >= 0 && at.bottom <= window.innerHeight
  })
  await put(now.edit, paper.full_title)
}

/** The figures of the draft are taken anew: what was written stays, and so does its flag. */
async function anew({ site }, guiji, id) {
  await open(guiji, site, `/bulletins/${id}`)
  const before = (await ask(guiji, `/api/bulletins/${id}`)).body
  await guiji.click('.actions .btn:has-text("重新冻结数据")')
  await guiji.click('dialog button[type=submit]')
  await guiji.waitForSelector('dialog', { state: 'detached' })
  await guiji.waitForSelector('.paper:has-text("98.7")')
  const after = (await ask(guiji, `/api/bulletins/${id}`)).body
  must(after.edit === before.edit + 1 && after.flags.some((f) => f.is.includes('98.7')), `frozen anew: ${JSON.stringify([before.edit, after.edit, after.flags])}`)
  must(after.steps.some((s) => s.move === 'freeze'), 'the history does not tell that it was frozen anew')
}

/** A bulletin prints upright and alone, whatever stands around it on the screen; the archive prints as a list. */
async function printed({ site }, page, id) {
  const pages = async () => [...(await page.pdf({ preferCSSPageSize: true })).toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((m) => Number(m[2]) > Number(m[1]))
  await open(page, site, `/bulletins/${id}`)
  const upright = await pages()
  must(upright.length >= 1 && upright.every(Boolean), `the pages of a bulletin lie across: ${upright}`)
  await page.emulateMedia({ media: 'print' })
  for (const part of ['.head', '.foot', '.beside', '.top', '.rail']) must(!(await page.locator(`${part}:visible`).count()), `${part} is printed with a bulletin`)
  must(await page.locator('.paper .redhead, .paper h2').first().isVisible(), 'the bulletin is not printed')
  await open(page, site, '/bulletins')
  must((await page.locator('.list tbody tr:visible').count()) > 5 && !(await page.locator('.rail:visible').count()), 'the archive is not printed as a list')
  await page.emulateMedia({ media: null })
  must(!(await pages())[0], 'the archive no longer prints crosswise')
}

async function nothingLost({ browser, site }, guiji, id, wrongs) {
  await open(guiji, site, `/bulletins/${id}`)
  const other = await person(browser, site, 'shenhe', wrongs)
  const { id: piece, pen, text } = await write(guiji, (t) => `${t}各地要抓紧推进。`)
  // Somebody else changes the same paragraph meanwhile.
  const paper = (await ask(other, `/api/bulletins/${id}`)).body
  const block = piece.replace('piece-', '')
  const theirs = await ask(other, `/api/bulletins/${id}`, 'PATCH', { edit: paper.edit, changes: [{ op: 'set', block, text: `${paper.blocks.find((b) => b.id === block).composed}请各地重视。` }] })
  must(theirs.status === 200, `the other's change: ${theirs.status}`)
  await guiji.waitForSelector('dialog:has-text("请各地重视")')
  must((await pen.inputValue()) === text, 'a conflict loses what was typed')
  await guiji.click('dialog input[value=mine]')
  await guiji.click('dialog button[type=submit]')
  await guiji.waitForSelector(`#${piece}:has-text("各地要抓紧推进。")`)
  await guiji.waitForSelector(`#${piece} textarea`, { state: 'detached' })
  // The server is away: what was typed waits, outlives the page, and is saved when it is back.
  const again = await write(guiji, (t) => `${t}不能丢的一句。`)
  await guiji.route('**/api/bulletins/*', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
  await guiji.click(`#${piece} .tools .btn.primary`)
  await guiji.waitForSelector('.saving:has-text("未保存")')
  must((await again.pen.inputValue()) === again.text, 'an outage loses what was typed')
  await guiji.unroute('**/api/bulletins/*')
  guiji.once('dialog', (d) => d.accept())
  await guiji.reload()
  await settled(guiji)
  must((await guiji.inputValue(`#${piece} textarea.pen`)) === again.text, 'what was typed did not outlive the page')
  await guiji.click(`#${piece} .tools .btn.primary`)
  await guiji.waitForSelector(`#${piece}:has-text("不能丢的一句。")`)
  await guiji.waitForSelector(`#${piece} textarea`, { state: 'detached' })
}

async function issued({ browser, site }, guiji, id, wrongs) {
  await guiji.click('.actions .btn:has-text("送审")')
  await guiji.waitForSelector('.head .tag:has-text("送审")')
  const director = await person(browser, site, 'juzhang', wrongs)
  await open(director, site, `/bulletins/${id}`)
  await director.click('.actions .btn:has-text("审定")')
  must(await director.isDisabled('dialog button[type=submit]'), 'numbers that differ need no confirmation')
  await director.check('dialog input[name=confirmed]')
  await director.click('dialog button[type=submit]')
  await director.waitForSelector('.head .tag:has-text("已审定")')
  await director.click('.actions .btn:has-text("签发")')
  await director.waitForSelector('dialog input[name=recipient]')
  await director.click('dialog button[type=submit]')
  await director.waitForSelector('.head .tag:has-text("已印发")')
  const number = await director.textContent('h1')
  must(/〔2026〕\d+号/.test(number), `the number is ${number}`)
  must((await director.textContent('.paper')).includes(number), 'the paper lacks its number')
  must((await director.locator('.piece .tools').count()) === 0, 'an issued bulletin can still be changed')
  const pdf = await director.evaluate(async (n) => {
    const answer = await fetch(`/api/bulletins/${n}/document.pdf`)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return { status: answer.status, head: String.fromCharCode(...bytes.slice(0, 8)), hash: [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join() }
  }, id)
  must(pdf.status === 200 && pdf.head.startsWith('%PDF-1.'), `the PDF: ${JSON.stringify(pdf)}`)
  return { director, number, pdf }
}

async function signed({ browser, site }, director, id, number, wrongs) {
  const county = await person(browser, site, 'yuecheng', wrongs, { width: 390 })
  await open(county, site, '/bulletins?unread=true')
  must((await county.textContent('.list')).includes(number), 'the county does not find it among those to sign for')
  await open(county, site, `/bulletins/${id}`)
  must((await county.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'the page is wider than a phone')
  await county.click('.actions .btn:has-text("签收")')
  await county.waitForSelector('.actions .tag:has-text("已签收")')
  await open(director, site, `/bulletins/${id}?tab=receipts`)
  const row = await director.textContent('.receipts tr:has-text("越城")')
  must(!row.includes('未签收'), `the receipt is not shown: ${row}`)
  must((await director.textContent('.state')).includes('1/7'), `the state line: ${await director.textContent('.state')}`)
}

/** A county takes back what was not reviewed yet and files another figure. */
async function corrected({ browser, site }, director, id, pdf, wrongs) {
  const list = (await ask(director, '/api/returns?scope=330600&period=2026-05&form=investment.county.month&limit=50')).body.items
  const target = list.find((r) => r.state === 'submitted')
  must(target, `no return of May waits for review: ${JSON.stringify(list.map((r) => r.state))}`)
  const county = await person(browser, site, countyOf[target.division.code], wrongs)
  const at = `/api/returns/${target.id}`
  let r = (await ask(county, at)).body
  r = (await ask(county, `${at}/moves`, 'POST', { move: 'withdraw', edit: r.edit, reason: '端到端：核对后更正' })).body
  const row = r.rows.find((x) => x.indicator.code === 'inv.construction')
  r = (await ask(county, `${at}/lines`, 'PATCH', { edit: r.edit, lines: [{ indicator: row.indicator.code, value: row.value + 500, note: '端到端更正' }] })).body
  const sent = await ask(county, `${at}/moves`, 'POST', { move: 'submit', edit: r.edit, reason: '' })
  must(sent.status === 200, `the corrected return: ${JSON.stringify(sent.body)}`)
  const before = await director.textContent('.paper')
  await open(director, site, `/bulletins/${id}?tab=corrections`)
  await director.waitForSelector('.in table tbody tr')
  must((await director.textContent('.state')).includes('更正'), 'the page does not say that figures were corrected')
  must((await director.textContent('.paper')) === before, 'the issued text changed')
  const now = await director.evaluate(async (n) => [...new Uint8Array(await crypto.subtle.digest('SHA-256', await (await fetch(`/api/bulletins/${n}/document.pdf`)).arrayBuffer()))].join(), id)
  must(now === pdf.hash, 'the PDF of an issued bulletin changed')
  // The correction is written from here.
  const guiji = await person(browser, site, 'guiji', wrongs)
  await open(guiji, site, `/bulletins/${id}?tab=corrections`)
  await guiji.click('.in .btn.act')
  await guiji.waitForURL((u) => !u.pathname.endsWith(`/${id}`))
  await settled(guiji)
  must((await guiji.textContent('.head')).includes('更正通报'), 'no correction is drafted')
}

/** Pages in a dress each: nothing that axe finds, nothing wider than the screen. */
async function looked({ browser, site }, id, wrongs) {
  for (const dress of [{ language: 'zh', theme: 'light' }, { language: 'en', theme: 'dark' }, { language: 'en', theme: 'light', width: 390 }]) {
    const page = await person(browser, site, 'juzhang', wrongs, dress)
    for (const path of ['/bulletins', `/bulletins/${id}`, `/bulletins/${id}?tab=corrections`, `/bulletins/${id}/compare`]) {
      await open(page, site, path)
      const found = await axe(page)
      must(!found.length, `${path} ${JSON.stringify(dress)}: ${found.join('\n')}`)
      must((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 1, `${path} ${JSON.stringify(dress)} is wider than the screen`)
      const bare = await page.evaluate(() => document.body.innerText.match(/\bbulletin\.[a-z][\w.]+/i))
      must(!bare, `${path} shows the key ${bare}`)
    }
    await page.context().close()
  }
}

export async function bulletins(on) {
  const wrongs = []
  let guiji
  let id
  let out
  await on.check('planning drafts a bulletin, and a number leads to its source', async () => ({ guiji, id } = await drafted(on, wrongs)))
  if (!id) return
  await on.check('a number that the snapshot does not know is flagged', () => flagged(on, guiji, id))
  await on.check('a number in the title is flagged, and the flag leads to it', () => titled(on, guiji, id))
  await on.check('a draft takes its figures anew and keeps what was written', () => anew(on, guiji, id))
  await on.check('two at once and an outage lose nothing of a bulletin', () => nothingLost(on, guiji, id, wrongs))
  await on.check('the director approves and issues it', async () => (out = await issued(on, guiji, id, wrongs)))
  if (!out) return
  await on.check('a county signs for it', () => signed(on, out.director, id, out.number, wrongs))
  await on.check('a corrected return shows against it and changes nothing', () => corrected(on, out.director, id, out.pdf, wrongs))
  await on.check('a bulletin prints upright and alone, the archive as a list', () => printed(on, out.director, id))
  await on.check('the pages of bulletins are clean in both languages and on a phone', () => looked(on, id, wrongs))
  await on.check('no page of bulletins complained', () => {
    const list = wrongs.flat().filter((w) => !/ERR_FAILED|409 /.test(w))
    must(!list.length, [...new Set(list)].slice(0, 10).join('\n'))
  })
}
