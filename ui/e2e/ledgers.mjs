// The ledgers walked through by a county and the city: a station is brought to its acceptance with a photograph and a document and
// struck off, which moves the line of the year; a river is scored and goes on; two at once lose nothing that was typed.
import { must, open, person, picture, read } from './people.mjs'
import { axe, settled } from './walk.mjs'

const countyOf = { '330602': 'yuecheng', '330603': 'keqiao', '330604': 'shangyu', '330624': 'xinchang', '330681': 'zhuji', '330683': 'shengzhou', '330600-BH': 'binhai' }

/** Takes a step by the word on its button. */
async function take(page, word, fill = async () => {}) {
  await page.click(`.entry .acts button:has-text("${word}")`)
  await fill()
  await page.click('.entry form button[type=submit]')
  await page.waitForSelector('.entry form', { state: 'detached' })
  await settled(page)
}

const stateOf = (page) => page.textContent('.entry .line strong')

/** How many were left at the end of the day, as the table of the chart says. */
async function leftToday(page, site) {
  await open(page, site, '/ledgers/small-hydropower?scope=330600')
  await page.click('.chart header button')
  const rows = await page.$$eval('.chart tbody tr', (list) => list.map((r) => [...r.children].map((c) => c.textContent.trim())))
  const known = rows.filter((r) => r[1] !== '—')
  return { day: known.at(-1)[0], left: Number(known.at(-1)[1]), figure: Number((await page.$$eval('.figures dd', (list) => list.map((d) => d.textContent)))[2]) }
}

async function strikeOff({ browser, site }, wrongs) {
  const city = await person(browser, site, 'shenhe', wrongs)
  const before = await leftToday(city, site)
  const station = (await read(city, '/api/ledgers/small-hydropower/entries?state=working&track=rectify&limit=1')).body.items[0]
  const county = await person(browser, site, countyOf[station.division.code], wrongs)
  await open(county, site, '/ledgers/small-hydropower')
  await county.fill('.list input[type=search]', station.object.name.zh)
  await county.click(`.list tbody tr:has-text("${station.object.name.zh}")`)
  await county.waitForSelector('.side .entry')
  await take(county, '待验收', async () => {
    must(await county.isDisabled('.entry form button[type=submit]'), 'the step can be sent without its evidence')
    await county.fill('.entry input[name=document]', '端到端〔2026〕1号')
    await county.setInputFiles('.entry form input[type=file]', { name: '验收前.png', mimeType: 'image/png', buffer: await picture(county) })
  })
  must((await stateOf(county)) === '待验收', `after the county's step: ${await stateOf(county)}`)
  await county.waitForSelector('.history img')
  must((await county.textContent('.history')).includes('端到端〔2026〕1号'), 'the document is not in the history')
  must(await county.isDisabled('.entry .acts button:has-text("已销号")'), 'the county may strike off')
  must((await county.textContent('.entry')).includes('市级主管部门'), 'it is not said who strikes off')
  await open(city, site, `/ledger-entries/${station.id}`)
  await take(city, '已销号', () => city.fill('.entry input[name=document]', '绍水〔2026〕销号1号'))
  must((await stateOf(city)) === '已销号', `after the city's step: ${await stateOf(city)}`)
  const after = await leftToday(city, site)
  must(after.left === before.left - 1 && after.figure === after.left, `left: ${JSON.stringify([before, after])}`)
  return station.id
}

async function undone({ browser, site }, id, wrongs) {
  const city = await person(browser, site, 'shenhe', wrongs)
  const before = await leftToday(city, site)
  await open(city, site, `/ledger-entries/${id}`)
  await city.click('button:has-text("撤销上一步")')
  await city.fill('dialog textarea', '端到端：核查后退回')
  await city.click('dialog button[type=submit]')
  await city.waitForSelector('dialog', { state: 'detached' })
  await city.waitForSelector('.history s')
  must((await city.textContent('.history')).includes('端到端：核查后退回'), 'the reason is not in the history')
  must((await stateOf(city)) === '待验收', `after the undo: ${await stateOf(city)}`)
  must((await leftToday(city, site)).left === before.left + 1, 'the line did not come back')
}

async function twoAtOnce({ browser, site }, wrongs) {
  const city = await person(browser, site, 'shenhe', wrongs)
  const entry = (await read(city, '/api/ledgers/pond-rehab/entries?state=started&limit=1')).body.items[0]
  const login = countyOf[entry.division.code]
  const [one, other] = [await person(browser, site, login, wrongs), await person(browser, site, 'shenhe', [])]
  for (const page of [one, other]) await open(page, site, `/ledger-entries/${entry.id}`)
  await one.click('.entry .acts button:has-text("完工")')
  await one.fill('.entry textarea[name=note]', '端到端：不能丢的说明')
  // The other changes the day meanwhile: what is typed stays and can be sent.
  await other.click('button:has-text("调整")')
  await other.fill('dialog input[type=date]', '2026-12-10')
  await other.fill('dialog textarea >> nth=1', '端到端：改期')
  await other.click('dialog button[type=submit]')
  await other.waitForSelector('dialog', { state: 'detached' })
  must((await one.inputValue('.entry textarea[name=note]')) === '端到端：不能丢的说明', 'what was typed is lost')
  // A step that the server refuses because somebody was faster keeps what was typed, too.
  await one.route('**/steps', (route) => route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify({ kind: 'conflict', code: 'ledger.edit', message: { zh: '该条目已被他人更新', en: 'somebody else has changed the entry' } }) }))
  await one.setInputFiles('.entry form input[type=file]', { name: '完工.png', mimeType: 'image/png', buffer: await picture(one) })
  await one.click('.entry form button[type=submit]')
  await one.waitForSelector('.entry form [role=alert]')
  must((await one.inputValue('.entry textarea[name=note]')) === '端到端：不能丢的说明', 'a conflict loses what was typed')
  await one.unroute('**/steps')
  await one.waitForSelector('.entry form button[type=submit]:enabled')
  await one.click('.entry form button[type=submit]')
  await one.waitForSelector('.entry form', { state: 'detached' })
  await one.waitForSelector('.history:has-text("端到端：不能丢的说明")')
}

async function marks({ browser, site }, wrongs) {
  const city = await person(browser, site, 'shenhe', wrongs)
  const entry = (await read(city, '/api/ledgers/rural-five-100/entries?lacks=platform&limit=1')).body.items[0]
  const county = await person(browser, site, countyOf[entry.division.code], wrongs)
  await open(county, site, `/ledger-entries/${entry.id}`)
  const box = county.locator('[role=switch]').nth(3)
  await box.check()
  await county.waitForFunction(() => document.querySelector('.history')?.textContent.includes('平台上线：达到'))
  must(await box.isChecked(), 'the mark does not hold')
  await open(county, site, '/ledgers/rural-five-100')
  await county.click('section:has(h2:text("分项达标")) td >> nth=0')
  await county.waitForURL(/lacks=task/)
}

/** The first river whose next step wants a score that the city may give. */
async function toScore(page) {
  for (const e of (await read(page, '/api/ledgers/beautiful-rivers/entries?standing=left&limit=200')).body.items) {
    const next = (await read(page, `/api/ledger-entries/${e.id}`)).body.next.find((n) => n.needs.includes('score') && n.may)
    if (next) return { id: e.id, next: next.name.zh }
  }
  throw new Error('no river is to be scored by the city')
}

async function river({ browser, site }, wrongs) {
  const page = await person(browser, site, 'shenhe', wrongs, { width: 390 })
  const { id, next } = await toScore(page)
  await open(page, site, `/ledger-entries/${id}`)
  await page.click('.entry .acts a:has-text("评分")')
  await settled(page)
  must(await page.isDisabled('button[type=submit]'), 'an empty score can be saved')
  for (const yes of await page.$$('.segments .btn:not(.no)')) await yes.click()
  for (const full of await page.$$('.give > .btn')) await full.click()
  const first = page.locator('.points .field').first()
  await first.fill('5.5')
  must((await page.textContent('.sum')).includes('未完成'), 'a deduction without a reason passes')
  await page.fill('.item .label input', '端到端：护岸局部破损')
  must((await page.textContent('.sum')).includes('97.5'), `the sum says ${await page.textContent('.sum')}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1)
  must(!wide, 'the form is wider than the phone')
  // From the top: what the sum covers while one scrolls is not small for it.
  await page.evaluate(() => window.scrollTo(0, 0))
  const none = await axe(page)
  must(!none.length, none.join('\n'))
  await page.click('button[type=submit]')
  await page.waitForURL(/ledger-entries\/\d+$/)
  await page.waitForSelector('.history details')
  must((await page.textContent('.history')).includes('97.5'), 'the score is not in the history')
  await take(page, next)
  must((await stateOf(page)) === next, `after the score: ${await stateOf(page)}`)
  return id
}

export async function ledgers({ browser, site, check }) {
  const wrongs = []
  let station = 0
  let scored = 0
  const on = { browser, site }
  await check('ledgers: a county brings a station on, the city strikes it off, the line of the year moves', async () => (station = await strikeOff(on, wrongs)))
  await check('ledgers: a step taken back stays in the history, struck through', () => undone(on, station, wrongs))
  await check('ledgers: two at once lose nothing that was typed', () => twoAtOnce(on, []))
  await check('ledgers: a mark is set, and a cell leads to what lacks it', () => marks(on, wrongs))
  await check('ledgers: a river is scored on a phone and goes on', async () => (scored = await river(on, wrongs)))
  await check('ledgers: an object says where it stands, and the list comes as a workbook', async () => {
    const page = await person(browser, site, 'shenhe', wrongs)
    const entry = (await read(page, `/api/ledger-entries/${station}`)).body
    await open(page, site, `/objects/${entry.object.id}`)
    await page.waitForSelector(`a[href="/ledger-entries/${station}"]`)
    must((await read(page, '/api/ledgers/small-hydropower/entries.xlsx?standing=left')).status === 200, 'there is no workbook')
    const other = await person(browser, site, countyOf[entry.division.code] === 'keqiao' ? 'zhuji' : 'keqiao', [])
    must((await read(other, `/api/ledger-entries/${station}`)).status === 404, 'another county sees the entry')
  })
  await check('ledgers: nothing wrong that axe or the console finds, in both languages and on a phone', async () => {
    const paths = ['/ledgers', '/ledgers?as_of=2026-03-31', '/ledgers/small-hydropower?county=330681&standing=left', `/ledgers/small-hydropower?selected=${station}`, '/ledgers/rural-five-100', `/ledger-entries/${station}`, `/ledger-entries/${scored}/score`]
    const bad = []
    for (const dress of [{ language: 'zh' }, { language: 'en' }, { language: 'en', width: 390 }]) {
      const page = await person(browser, site, 'shenhe', wrongs, dress)
      for (const path of paths) {
        await open(page, site, path)
        bad.push(...(await axe(page)).map((b) => `${path} (${dress.language}): ${b}`))
        if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1)) bad.push(`${path} is wider than ${dress.width ?? 1440}`)
        const keys = await page.evaluate(() => document.body.innerText.match(/\bledger\.[a-z][\w.]+\b/gi) ?? [])
        bad.push(...keys.map((k) => `${path}: ${k}`))
      }
    }
    must(!bad.length, bad.join('\n'))
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
}
