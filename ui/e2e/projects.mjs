// Major projects walked through by counties and the city: a clerk tells a month, which moves the lag; guards refuse in words and lose
// nothing that was typed; a county sees its own; a part in service does not hide the lag; timeline, map and money open.
import { axe, settled, signIn, watched } from './walk.mjs'
import { workbook } from './xlsx.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

const countyOf = { '330602': 'yuecheng', '330603': 'keqiao', '330604': 'shangyu', '330624': 'xinchang', '330681': 'zhuji', '330683': 'shengzhou', '330600-BH': 'binhai' }

async function ask(page, path, body) {
  return page.evaluate(
    async ([p, b]) => {
      const answer = await fetch(p, b ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(b) } : {})
      return { status: answer.status, body: answer.headers.get('content-type')?.includes('json') ? await answer.json() : null }
    },
    [path, body],
  )
}

/** A person at work in a window of their own. */
async function person(browser, site, login, wrongs, dress = {}) {
  const context = await browser.newContext({ viewport: { width: dress.width ?? 1440, height: 900 } })
  await context.addInitScript((l) => localStorage.setItem('anlan.language', l), dress.language ?? 'zh')
  const { page, wrong } = await watched(context, site.base)
  await signIn(page, site.base, site.accounts.find((a) => a.login === login))
  wrongs.push(wrong)
  return page
}

async function open(page, site, path) {
  await page.goto(site.base + path)
  await settled(page)
}

const picture = (page) =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 64
    canvas.getContext('2d').fillRect(8, 8, 48, 48)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'))
    return [...new Uint8Array(await blob.arrayBuffer())]
  })

/** A county tells more work of the last month than it had: the lag shrinks where everybody reads it, and the first figure is kept. */
async function month({ browser, site }, wrongs) {
  const city = await person(browser, site, 'guiji', wrongs)
  const row = (await ask(city, '/api/projects?pace=severe&sort=gap')).body.items.find((r) => r.parts === 1)
  const before = row.lag.money
  const county = await person(browser, site, countyOf[row.division.code], wrongs)
  await open(county, site, `/projects/${row.id}`)
  const at = before.through
  const field = `input[name="${at}-actual"]`
  await county.click('section:has(#project-months) header .btn.primary')
  const was = Number(await county.inputValue(field))
  await county.fill(field, 'abc')
  must(await county.isDisabled('section:has(#project-months) form button[type=submit]'), 'what is no number can be sent')
  await county.fill(field, String(was + 1500))
  await county.fill(`input[name="note-${at}"]`, '端到端：补报监理确认的工程量')
  await county.setInputFiles('section:has(#project-months) form input[type=file]', { name: '进度.png', mimeType: 'image/png', buffer: Buffer.from(await picture(county)) })
  await county.click('section:has(#project-months) form button[type=submit]')
  await county.waitForSelector('section:has(#project-months) .said')
  await settled(county)
  await county.waitForSelector('section:has(#project-photos) img')
  const after = (await ask(city, `/api/projects/${row.id}`)).body.lag.money
  must(after.done === Math.round((before.done + 1500) * 100) / 100 && after.gap > before.gap, `the lag did not move: ${JSON.stringify([before, after])}`)
  await open(city, site, `/projects?q=${encodeURIComponent(row.name.zh)}`)
  must((await city.textContent('.list tbody')).includes(after.rate.toFixed(1)), 'the list does not tell the new rate')
  await county.click(`section:has(#project-months) tr:has(th:text-is("${Number(at.slice(5))}月")) td:nth-of-type(2) button`)
  await county.waitForSelector('.side li:nth-of-type(2)')
  must((await county.textContent('.side')).includes('补报监理确认'), 'the revision does not say why')
  return row.id
}

/** Two tell the same month at once: the later sees both figures and loses nothing. */
async function twoAtOnce({ browser, site }, id) {
  const city = await person(browser, site, 'guiji', [])
  const project = (await ask(city, `/api/projects/${id}`)).body
  const login = countyOf[project.division.code]
  const [one, other] = [await person(browser, site, login, []), await person(browser, site, login, [])]
  const field = `input[name="${project.lag.money.through}-actual"]`
  for (const page of [one, other]) {
    await open(page, site, `/projects/${id}`)
    await page.click('section:has(#project-months) header .btn.primary')
  }
  await one.fill(field, '3100')
  await other.fill(field, '3200')
  await other.click('section:has(#project-months) form button[type=submit]')
  await other.waitForSelector('section:has(#project-months) .said')
  await one.click('section:has(#project-months) form button[type=submit]')
  await one.waitForSelector('section:has(#project-months) form li:has-text("3,200")')
  must((await one.inputValue(field)) === '3100', 'a conflict loses what was typed')
  await one.click('section:has(#project-months) form li button')
  await one.click('section:has(#project-months) form button[type=submit]')
  await one.waitForSelector('section:has(#project-months) .said')
}

/** The first project whose whole has a next milestone of which `fits` holds, and who writes it. */
async function withNext(page, query, fits) {
  for (const r of (await ask(page, `/api/projects?${query}&limit=100`)).body.items) {
    const d = (await ask(page, `/api/projects/${r.id}`)).body
    const part = d.parts_list.find((p) => p.leaf && !p.shared && countyOf[p.division.code] && fits(p))
    if (part) return { id: r.id, name: r.name.zh, part }
  }
  throw new Error(`no project of ${query} fits`)
}

async function guards({ browser, site }, wrongs) {
  const city = await person(browser, site, 'guiji', wrongs)
  const next = (p, id) => p.next.find((n) => n.milestone === id)
  // No construction before the design is approved: said beside the step, and by the server to who asks all the same.
  const early = await withNext(city, 'stage=feasibility', (p) => next(p, 'started')?.refused.length)
  const clerk = await person(browser, site, countyOf[early.part.division.code], wrongs)
  await open(clerk, site, `/projects/${early.id}?part=${early.part.id}`)
  const started = '[data-milestone=started]'
  must((await clerk.textContent(started)).includes('初步设计未批复不得开工'), `the page says ${await clerk.textContent(started)}`)
  must(await clerk.isDisabled(`${started} [data-take]`), 'the step can be begun')
  const quiet = await person(browser, site, countyOf[early.part.division.code], [])
  const answer = await ask(quiet, `/api/project-parts/${early.part.id}/steps`, { client_id: 'e2e-start-0001', milestone: 'started', document: '端到端〔2026〕1号' })
  must(answer.status === 409 && answer.body.code === 'project.guard' && answer.body.fields.some((f) => f.zh.includes('初步设计未批复')), JSON.stringify(answer))
  // More than ten percent over the feasibility study: refused on sending, with all that was typed still there.
  const over = await withNext(city, 'stage=feasibility', (p) => next(p, 'design_approved') && !next(p, 'design_approved').refused.length)
  const page = await person(browser, site, countyOf[over.part.division.code], [])
  await open(page, site, `/projects/${over.id}?part=${over.part.id}`)
  await page.click('[data-take=design_approved]')
  await page.fill('dialog input[name=document]', '端到端〔2026〕2号')
  must(await page.isDisabled('dialog button[type=submit]'), 'a design can be approved without its amount')
  await page.fill('dialog input[name=amount]', '9000000')
  await page.click('dialog button[type=submit]')
  await page.waitForSelector('dialog [role=alert]')
  must((await page.textContent('dialog')).includes('重新批复可研'), `the dialog says ${await page.textContent('dialog')}`)
  must((await page.inputValue('dialog input[name=document]')) === '端到端〔2026〕2号', 'a refusal loses what was typed')
  // The line is down: the same holds.
  await page.fill('dialog input[name=amount]', '100')
  await page.route('**/steps', (route) => route.abort())
  await page.click('dialog button[type=submit]')
  await page.waitForSelector('dialog [role=alert]:has-text("无法连接")')
  must((await page.inputValue('dialog input[name=amount]')) === '100', 'an outage loses what was typed')
  await page.unroute('**/steps')
  await page.click('dialog button[type=submit]')
  await page.waitForSelector('dialog', { state: 'detached' })
  // It awaits somebody else: the county is not offered to approve it, the city's reviewer is, and then it counts.
  const rung = '[data-milestone=design_approved]'
  await page.waitForSelector(`${rung} .awaits`)
  must(!(await page.locator(`${rung}.done`).count()) && !(await page.locator('[data-approve]').count()), 'a county approves its own design')
  const reviewer = await person(browser, site, 'shenhe', wrongs)
  await open(reviewer, site, `/projects?awaits=true&q=${encodeURIComponent(over.name)}`)
  must((await reviewer.textContent('.list tbody')).includes('待核准'), 'the list does not tell what awaits approval')
  await open(reviewer, site, `/projects/${over.id}?part=${over.part.id}`)
  await reviewer.click('[data-approve=design_approved]')
  await reviewer.waitForSelector(`${rung}.done`)
  await open(page, site, `/projects/${over.id}?part=${over.part.id}`)
  must((await page.textContent(`${rung}.done`)).includes('核准') && !(await page.locator(`${rung} .link-btn`).count()), 'a county is offered to take back what the city approved')
  // And back, with a reason, by who approves.
  await reviewer.click(`${rung} .link-btn`)
  await reviewer.fill('dialog textarea', '端到端：文号有误')
  await reviewer.click('dialog button[type=submit]')
  await reviewer.waitForSelector('dialog', { state: 'detached' })
  await reviewer.waitForSelector('.undone s')
  must((await reviewer.textContent('.undone')).includes('端到端：文号有误'), 'the reason is not told')
  return over.id
}

async function money({ browser, site }, id, wrongs) {
  const city = await person(browser, site, 'guiji', wrongs)
  const d = (await ask(city, `/api/projects/${id}`)).body
  const page = await person(browser, site, countyOf[d.division.code], wrongs)
  await open(page, site, `/projects/${id}`)
  await page.click('section:has(#project-money) > header .btn')
  await page.selectOption('dialog select[name=source]', 'private')
  await page.selectOption('dialog select[name=step]', 'arrived')
  await page.fill('dialog input[name=amount]', '321')
  await page.click('dialog button[type=submit]')
  await page.waitForSelector('dialog [role=status]')
  must((await page.textContent('dialog')).includes('超过'), 'what exceeds is not warned of')
  await page.click('dialog button[type=submit]')
  await page.waitForSelector('section:has(#project-money) .warn')
  await page.click('section:has(#project-money) summary')
  await page.click('section:has(#project-money) tr:has-text("社会资本") .link-btn')
  await page.fill('dialog textarea', '端到端：误录')
  await page.click('dialog button[type=submit]')
  await page.waitForSelector('section:has(#project-money) s')
}

async function apart({ browser, site }, wrongs) {
  const city = await person(browser, site, 'guiji', [])
  const theirs = (await ask(city, '/api/projects?division=330681&limit=100')).body.items.find((r) => r.counties.every((c) => c.code === '330681'))
  const page = await person(browser, site, 'yuecheng', wrongs)
  await open(page, site, '/projects')
  must(!(await page.textContent('.list tbody')).includes(theirs.name.zh), "another county's project is in the list")
  const quiet = await person(browser, site, 'yuecheng', [])
  must((await ask(quiet, `/api/projects/${theirs.id}`)).status === 404, "another county's project can be read")
  await open(quiet, site, `/projects/${theirs.id}`)
  must(!(await quiet.textContent('main')).includes(theirs.name.zh), "another county's project is on the page")
}

async function views({ browser, site }, wrongs) {
  const page = await person(browser, site, 'guiji', wrongs)
  await open(page, site, '/projects')
  must((await page.textContent('.list tbody')).includes('个部分已投运，项目仍滞后'), 'the part in service hides the lag')
  await page.click('.list tbody tr:has-text("项目仍滞后")')
  await page.waitForURL(/projects\/\d+/)
  await settled(page)
  must((await page.textContent('p.state')).includes('项目仍滞后'), 'the page does not tell it')
  await open(page, site, '/projects/gantt')
  must((await page.locator('.gantt rect').count()) > 60, 'the timeline has no bars')
  await page.focus('.gantt a.row')
  await page.keyboard.press('ArrowDown')
  must(await page.evaluate(() => document.activeElement === document.querySelectorAll('.gantt a.row')[1]), 'the arrow does not move')
  await page.click('button:has-text("看表格")')
  await page.waitForSelector('table td:has-text("建设实施")')
  await open(page, site, '/projects/map')
  await page.waitForSelector('.map canvas')
  const all = await page.locator('.list ul > li').count()
  await page.click('[data-class=severe]')
  await page.waitForFunction((n) => document.querySelectorAll('.list ul > li').length < n, all)
  await open(page, site, '/projects/funding')
  await page.waitForSelector('section:has(#funding-county) tbody tr')
  must((await page.textContent('.fall')).includes('合计'), 'there is no sum of the money')
  must((await page.locator('section:has(#funding-county) tbody tr').count()) >= 7, 'counties are missing')
}

/** A workbook through the import screen: every row's lot, a bad one with its cell, and on asking the good ones alone. */
async function imported({ browser, site }, wrongs) {
  const page = await person(browser, site, 'yuecheng', wrongs)
  await open(page, site, '/projects/import')
  const file = workbook({
    项目: [['项目代码', '项目名称', '项目类别', '管理地区', '总投资（万元）'], ['E2E-1', '端到端导入工程', '排涝', '越城区', 1200], ['E2E-2', '别处的工程', '排涝', '柯桥区', 300]],
    工程部分: [['项目代码', '部分代码', '部分名称', '部分类别', '部分投资（万元）'], ['E2E-1', '01', '东片', '段', 700]],
    月度数据: [['项目代码', '部分代码', '年份', '数据项', '1月', '2月'], ['E2E-1', '01', 2026, '计划投资', 10, 20], ['E2E-1', '01', 2026, '完成投资', 5, '']],
  })
  await page.setInputFiles('.ask input[type=file]', { name: '项目.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: file })
  await page.waitForSelector('tbody .danger')
  const lots = await page.locator('tbody tr').allTextContents()
  must(lots.length === 5 && lots.filter((l) => l.includes('不能导入')).length === 2, `the lots are ${lots.join('\n')}`)
  must(lots.some((l) => l.includes('项目!D3') && l.includes('不在您的填报范围内')) && lots.some((l) => l.includes('招标未完成')), `the reasons are ${lots.join('\n')}`)
  must((await ask(page, '/api/projects?q=E2E-')).body.total === 0, 'a preview wrote')
  await page.click('button.primary:has-text("确认导入 3 行")')
  await page.waitForSelector('[role=status]:has-text("已导入")')
  const found = (await ask(page, '/api/projects?q=E2E-')).body
  must(found.total === 1 && found.items[0].lag.money.year === 30, `what was taken is ${JSON.stringify(found.items)}`)
  return found.items[0].id
}

/** The city keeps a notice of the province and puts a project into it: the project's page and the list of projects tell it. */
async function noticed({ browser, site }, id, wrongs) {
  const page = await person(browser, site, 'guiji', wrongs)
  await open(page, site, '/projects/lists')
  await page.click('header .btn.primary, .head .btn.primary, button:has-text("新建清单")')
  await page.selectOption('dialog select[name=kind]', 'lagging')
  await page.fill('dialog input[name=name]', '端到端通报')
  await page.fill('dialog input[name=issuer]', '省水利厅')
  await page.fill('dialog input[name=document]', '浙水建〔2026〕99号')
  await page.click('dialog button[type=submit]')
  await page.fill('.put input[name=find]', '端到端导入')
  await page.click('.put li button')
  await page.waitForSelector('.side .items li:has-text("端到端导入工程")')
  await open(page, site, `/projects/${id}`)
  must((await page.textContent('main')).includes('浙水建〔2026〕99号') && (await page.textContent('h1 ~ *, .head')).includes('省级通报滞后'), 'the page does not tell that the province named it')
  await open(page, site, '/projects?named=true')
  must((await page.textContent('.list tbody')).includes('端到端导入工程') && (await page.locator('.list tbody tr').count()) === 1, 'the list does not tell whom the latest notice names')
}

/** A county's plan is approved by somebody else, of the city. */
async function planned({ browser, site }, wrongs) {
  const county = await person(browser, site, 'yuecheng', wrongs)
  await open(county, site, '/projects/plans')
  must((await county.textContent('tbody tr:has-text("越城")')).includes('待市级登记批复'), 'the county is not told whom its plan awaits')
  const city = await person(browser, site, 'shenhe', wrongs)
  await open(city, site, '/projects/plans')
  await city.click('tbody tr:has-text("越城") .btn.primary')
  must(await city.isDisabled('dialog button[type=submit]'), 'a plan is approved without a number')
  await city.fill('dialog input[name=document]', '端到端政函〔2026〕1号')
  await city.click('dialog button[type=submit]')
  await city.waitForSelector('tbody tr:has-text("越城"):has-text("端到端政函〔2026〕1号")')
}

/** On paper, A4 across: no table is cut and nothing that only a screen can use is printed. */
async function printed({ browser, site }, id, wrongs) {
  const page = await person(browser, site, 'guiji', wrongs, { width: 1032 }) // 297 mm less two margins of 12 mm
  await page.emulateMedia({ media: 'print' })
  for (const path of ['/projects', `/projects/${id}`, '/projects/funding', '/projects/plans', '/projects/gaps']) {
    await open(page, site, path)
    const bad = await page.evaluate(() => {
      const out = []
      const edge = document.documentElement.clientWidth + 1
      for (const table of document.querySelectorAll('main table')) {
        const name = table.closest('section, .list')?.querySelector('h2, caption')?.textContent ?? table.textContent.slice(0, 20)
        if (!table.getClientRects().length) out.push(`${name}: not printed`)
        if (table.getBoundingClientRect().right > edge) out.push(`${name}: ${Math.round(table.getBoundingClientRect().right)} of ${edge}`)
        for (let up = table.parentElement; up && up !== document.body; up = up.parentElement) {
          const clips = getComputedStyle(up).overflowX !== 'visible' || getComputedStyle(up).overflowY !== 'visible'
          if (clips && (up.scrollWidth > up.clientWidth + 1 || up.scrollHeight > up.clientHeight + 1)) out.push(`${name}: cut by ${up.className || up.tagName}`)
        }
      }
      for (const gone of document.querySelectorAll('.no-print, .frame > .rail')) if (gone.getClientRects().length) out.push(`printed: ${gone.className}`)
      return out
    })
    must(!bad.length, `${path}: ${bad.join('; ')}`)
  }
}

export async function projects({ browser, site, check }) {
  const wrongs = []
  const on = { browser, site }
  let told = 0
  let over = 0
  await check('projects: a clerk tells a month, and the lag moves', async () => (told = await month(on, wrongs)))
  await check('projects: two at once lose nothing that was typed', () => twoAtOnce(on, told))
  await check('projects: guards refuse in words, and a step taken back stays', async () => (over = await guards(on, wrongs)))
  await check('projects: money that exceeds the step before is kept and warned of', () => money(on, told, wrongs))
  let fresh = 0
  await check('projects: a workbook is seen row by row, then taken without its bad row', async () => (fresh = await imported(on, wrongs)))
  await check('projects: a notice of the province is kept, and names whom it lists', () => noticed(on, fresh, wrongs))
  await check("projects: a county's plan is approved by somebody else", () => planned(on, wrongs))
  await check('projects: on paper no table is cut', () => printed(on, told, wrongs))
  await check("projects: a county does not see another's", () => apart(on, wrongs))
  await check('projects: the lag is told beside what is in service; timeline, map and money open', () => views(on, wrongs))
  await check('projects: nothing wrong that axe or the console finds, in both languages and on a phone', async () => {
    // Each page with what tells that it is all there.
    const paths = [
      ['/projects', '.list tbody tr .lag'], [`/projects/${told}`, '#project-matters'], [`/projects/${over}`, '.undone s'], ['/projects/gantt', '.gantt a.row'], ['/projects/gantt?view=table&by=programme', 'tbody tr'],
      ['/projects/map', '.map canvas'], ['/projects/funding', '#funding-county'], ['/projects/plans', 'tbody tr'], ['/projects/gaps', '#gaps-county'], ['/projects/lists?selected=4', '.side .items li'], ['/projects/import', '.ask'],
    ]
    const bad = []
    for (const dress of [{ language: 'zh' }, { language: 'en' }, { language: 'en', width: 390 }]) {
      const page = await person(browser, site, 'guiji', wrongs, dress)
      for (const [path, sign] of paths) {
        await open(page, site, path)
        await page.waitForSelector(sign)
        bad.push(...(await axe(page)).map((b) => `${path} (${dress.language} ${dress.width ?? 1440}): ${b}`))
        if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1)) bad.push(`${path} is wider than ${dress.width ?? 1440}`)
        const keys = await page.evaluate(() => document.body.innerText.match(/\bproject\.[a-z][\w.]+\b/gi) ?? [])
        bad.push(...keys.map((k) => `${path}: ${k}`))
      }
    }
    must(!bad.length, bad.join('\n'))
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
}
