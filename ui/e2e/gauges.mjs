// What the duty officer sees while a typhoon comes: the map and its legend, a station beside it, reservoirs, rain, health, a verdict, a call.
import { execFile } from 'node:child_process'
import { axe, settled, signIn, watched } from './walk.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

const sign = (page, state) => page.$$eval('.legend .sign', (list, name) => Number(list.find((b) => b.textContent.startsWith(name))?.querySelector('b')?.textContent), state)
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

/** The colours that the canvas of the map shows, as rrggbb. */
const painted = (page) =>
  page.evaluate(() => {
    const seen = new Set()
    for (const canvas of document.querySelectorAll('.canvas canvas')) {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) seen.add(data.slice(i, i + 3).reduce((t, v) => t + v.toString(16).padStart(2, '0'), ''))
    }
    return [...seen]
  })

export async function gauges({ browser, site, check, binary }) {
  const account = (login) => site.accounts.find((a) => a.login === login)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript(() => localStorage.getItem('anlan.theme') || (localStorage.setItem('anlan.language', 'zh'), localStorage.setItem('anlan.theme', 'light')))
  const { page, wrong } = await watched(context, site.base)
  const read = (path) => page.evaluate(async (p) => (await fetch(p)).json(), path)
  await signIn(page, site.base, account('juzhang'))

  await check('g m leads to the map; sixty stations stand on it, normal ones as dots', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL(/gauges\/map/)
    await page.waitForSelector('button.row')
    await page.waitForTimeout(1000)
    must((await page.textContent('.side .count')).includes('60 / 60'), await page.textContent('.side .count'))
    must((await sign(page, '正常')) > 0 && (await painted(page)).includes('217a55'), 'no normal station is drawn')
    must((await page.textContent('.foot')).includes('示意图') && (await page.textContent('.foot')).includes('演示数据'), 'the foot does not say what it is')
  })
  await check('a river comes above its limit and its sign changes, live; several are above 警戒 within two minutes', async () => {
    const before = await sign(page, '超警戒')
    must((await page.locator('button.row:has-text("东湖站") svg.dot').count()) === 1, 'the river has no dot')
    // Its county sets the warning level below where its water stands; the frame of the next minute is judged by it.
    const county = await browser.newContext()
    const { login, password } = account('yuecheng')
    await county.request.post(`${site.base}/api/session`, { data: { login, password } })
    const river = (await read('/api/gauges/map')).stations.find((s) => s.name.zh === '东湖站')
    const set = await county.request.post(`${site.base}/api/gauges/${river.object}/thresholds`, {
      data: { quantity: 'level', threshold: { kind: 'guarantee', level: Number((river.level.value - 0.5).toFixed(2)), fall: 0.1, hold_minutes: 30 } },
    })
    must(set.ok(), `the threshold: ${set.status()} ${await set.text()}`)
    await county.close()
    await page.waitForSelector('button.row:has-text("东湖站") svg.triangle', { timeout: 130_000 })
    await page.waitForTimeout(500)
    must((await painted(page)).includes('c81e1e'), 'no triangle is drawn')
    must((await sign(page, '超保证')) > 0, 'the legend does not count it')
    // The typhoon does the same by itself: within two minutes of the start several rivers are above 警戒.
    await page.waitForFunction(() => Number([...document.querySelectorAll('.legend .sign')].find((b) => b.textContent.startsWith('超警戒'))?.querySelector('b')?.textContent) >= 4, undefined, { timeout: 130_000 })
    must((await sign(page, '超警戒')) >= before, 'fewer are above')
    const first = await page.$$eval('button.row svg', (list) => list.map((s) => [...s.classList].at(-1)))
    must(first[0] === 'triangle' && first.indexOf('dot') > first.lastIndexOf('diamond'), 'the worst are not first')
  })
  await check('the legend filters, counts, and is in the address', async () => {
    const normal = await sign(page, '正常')
    await page.click('.legend .sign:has-text("正常")')
    await page.waitForFunction(() => new URL(location.href).searchParams.get('off') === 'normal')
    must(!(await painted(page)).includes('217a55'), 'normal stations are still drawn')
    must((await page.$$('button.row')).length === 60 - normal, `${(await page.$$('button.row')).length} rows, ${normal} are hidden`)
    await page.click('.legend .sign:has-text("正常")')
    await page.click('.legend .sign:has-text("雨量站")')
    await page.waitForFunction(() => document.querySelector('.side .count').textContent.includes('44 / 60'))
    await page.click('.legend .sign:has-text("雨量站")')
  })
  await check('a station is found by name, and its card tells level, limit and curve', async () => {
    await page.fill('.find input', '诸暨站')
    await page.waitForFunction(() => document.querySelectorAll('button.row').length === 1)
    await page.press('.find input', 'Enter')
    await page.waitForSelector('.card h2:has-text("诸暨站")')
    await page.waitForSelector('.card canvas')
    const card = await page.textContent('.card')
    must(card.includes('警戒水位') && card.includes('10.60 m') && card.includes('河道水位'), card)
    must((await axe(page)).length === 0, (await axe(page)).join('\n'))
    await page.click('.card .btn:has-text("表格")')
    await page.waitForSelector('.card tbody tr')
    await page.keyboard.press('Escape')
    await page.waitForSelector('.card', { state: 'detached' })
    await page.fill('.find input', '')
  })
  await check('a click on a sign of the canvas opens its station', async () => {
    await page.waitForFunction(() => document.querySelectorAll('button.row').length === 60)
    await page.click('.zoom button:last-child')
    await page.waitForTimeout(400)
    const place = await page.evaluate(() => {
      const canvas = document.querySelector('.canvas canvas')
      const { width, height } = canvas
      const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === 0xe8 && data[i + 1] === 0x71 && data[i + 2] === 0x0a) {
          const box = canvas.getBoundingClientRect()
          return { x: box.x + ((i / 4) % width) * (box.width / width), y: box.y + Math.floor(i / 4 / width) * (box.height / height) + 3 }
        }
      }
      return null
    })
    must(place, 'no diamond is painted')
    await page.mouse.click(place.x, place.y)
    await page.waitForSelector('.card .state svg.diamond')
    await page.keyboard.press('Escape')
  })
  await check('reservoirs stand against the limit of the season', async () => {
    await page.click('nav a:has-text("水库")')
    await page.waitForSelector('tbody tr')
    const rows = await page.$$eval('tbody tr', (list) => list.map((r) => r.textContent))
    must(rows.length === 20 && rows[0].includes('超汛限') && rows[0].includes('梅汛期') && rows[19].includes('汛限以下'), `${rows.length}: ${rows[0]}`)
    await page.click('.tools .btn:has-text("只看超汛限")')
    await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((r) => r.textContent.includes('超汛限')))
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('.tools .popover > button').then(() => page.click('.popover-panel button'))])
    must(file.suggestedFilename().endsWith('.xlsx'), file.suggestedFilename())
  })
  await check('rain is ranked by window and says on how many stations it rests', async () => {
    await page.goto(`${site.base}/gauges/rain`)
    await page.waitForSelector('tbody tr')
    must(/60\/60 站有数/.test(await page.textContent('p.state')), await page.textContent('p.state'))
    const day = await page.$$eval('.two > :first-child tbody tr', (list) => list.slice(0, 3).map((r) => Number(r.children[3].textContent)))
    must(day[0] >= day[1] && day[1] >= day[2] && day[0] > 0, `the order is ${day}`)
    await page.click('.segments button:has-text("近 1 小时")')
    await page.waitForFunction(() => new URL(location.href).searchParams.get('window') === '60')
    await page.waitForFunction((was) => Number(document.querySelector('.two > :first-child tbody tr').children[3].textContent) < was, day[0])
  })
  await check('the health of stations tells who is connected', async () => {
    await page.goto(`${site.base}/gauges/health`)
    await page.waitForSelector('tbody tr')
    must((await page.$$('tbody tr')).length === 60 && (await page.textContent('p.state')).includes('全部在线'), await page.textContent('p.state'))
  })
  await check('a reading is rejected with a reason, and its history tells by whom; a station answers a call', async () => {
    const other = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const { page, wrong } = await watched(other, site.base)
    await signIn(page, site.base, account('yuecheng'))
    await page.goto(`${site.base}/gauges`)
    await settled(page)
    must((await page.locator('tbody tr').count()) < 20, 'the county sees its neighbours')
    await page.click('tbody tr:has-text("东湖站")')
    await page.waitForSelector('h1:has-text("东湖站")')
    await page.click('[aria-label="最新观测值"] tr:has-text("河道水位") .link-btn')
    await page.click('dialog[open] input[value=reject]')
    await page.fill('dialog[open] input[name=reason]', '浮子卡阻')
    await page.click('dialog[open] button[type=submit]')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
    await page.click('section[aria-label="召测"] .btn:has-text("查询时钟")')
    await page.waitForSelector('section[aria-label="召测"] .strong:has-text("已应答")', { timeout: 40_000 })
    await page.waitForFunction(() => /查询时钟.*越城填报.*已应答/.test(document.querySelector('section[aria-label="召测"] tbody tr')?.textContent ?? ''))
    must((await axe(page)).length === 0, (await axe(page)).join('\n'))
    must(wrong.length === 0, wrong.join('\n'))
    await other.close()
  })
  await check('a station is asked for given elements, its parameters are read and one is written, and its picture opens', async () => {
    const other = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const { page, wrong } = await watched(other, site.base)
    await signIn(page, site.base, account('yuecheng'))
    await page.goto(`${site.base}/gauges`)
    await settled(page)
    await page.click('tbody tr:has-text("越城站")')
    await page.waitForSelector('h1:has-text("越城站")')
    await page.click('section[aria-label="召测"] .btn:has-text("指定要素")')
    await page.waitForFunction(() => /指定要素.*已应答/.test(document.querySelector('section[aria-label="召测"] tbody tr')?.textContent ?? ''), null, { timeout: 40_000 })
    const config = page.locator('section[aria-label="测站参数"]')
    await config.locator('.btn:has-text("读取运行参数")').click()
    await config.locator('tr:has-text("加报时间间隔") .link-btn').click({ timeout: 40_000 })
    await page.fill('dialog[open] input[name=value]', '6')
    await page.fill('dialog[open] input[name=why]', '汛期加密')
    await page.click('dialog[open] button[type=submit]')
    await page.waitForSelector('dialog[open]', { state: 'detached', timeout: 40_000 })
    must(/加报时间间隔\s*6/.test((await config.locator('tr:has-text("加报时间间隔")').textContent()) ?? ''), 'the station does not tell what was written')
    const picture = page.locator('section[aria-label="图片与人工报文"] .picture').first()
    await picture.click({ timeout: 40_000 })
    await page.waitForFunction(() => document.querySelector('dialog[open] img')?.naturalWidth > 0)
    must((await axe(page)).length === 0, (await axe(page)).join('\n'))
    await page.click('dialog[open] button[type=submit]')
    must(wrong.length === 0, wrong.join('\n'))
    await other.close()
  })
  await check('where what stations send cannot be kept, or the clock leapt, every page says so', async () => {
    const other = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const { page, wrong } = await watched(other, site.base)
    await page.route('**/healthz', (r) => r.fulfill({ json: { ok: true, store: { ok: true, engine: 'sqlite' }, gauges: { listening: true, failing: true, clock_leap_s: 7200 } } }))
    await signIn(page, site.base, account('yuecheng'))
    await page.waitForSelector('[role=status]:has-text("未予确认")')
    must((await page.textContent('div.gauges')).includes('7,200'), await page.textContent('div.gauges'))
    must((await axe(page)).length === 0, (await axe(page)).join('\n'))
    await page.unroute('**/healthz')
    await page.reload()
    await settled(page)
    must((await page.locator('div.gauges').count()) === 0, 'it stays when all is well')
    must(wrong.length === 0, wrong.join('\n'))
    await other.close()
  })
  await check('events are listed, what is open first, and lead to the curve of their time', async () => {
    await page.goto(`${site.base}/gauges/events`)
    await page.waitForSelector('tbody tr')
    const states = await page.$$eval('tbody tr td:first-child', (list) => list.map((c) => c.textContent.trim()))
    must(states[0] === '未解除' && states.lastIndexOf('未解除') < states.indexOf('已解除'), `the order is ${states.slice(0, 40)}`)
    await page.selectOption('select[aria-label="状态"]', 'ended')
    await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((r) => !r.textContent.includes('未解除')))
    await page.fill('section.list .search input', '诸暨站')
    await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every((r) => r.textContent.includes('诸暨站')) && document.querySelector('tbody tr'))
    await page.click('tbody tr:first-child a')
    await page.waitForSelector('h1:has-text("诸暨站")')
    must(new URL(page.url()).searchParams.get('days') !== null, page.url())
    await page.waitForSelector('section[aria-label="逐时逐日与极值"] tbody tr')
    must((await page.textContent('section[aria-label="逐时逐日与极值"]')).includes('最高'), 'no extremes')
  })
  await check('a reservoir tells what it holds by its curve, and says where it has none', async () => {
    await page.goto(`${site.base}/gauges/reservoirs`)
    await page.waitForSelector('tbody tr')
    const rows = await page.$$eval('tbody tr', (list) => list.map((r) => r.textContent))
    must(rows.some((r) => r.includes('净 +')) && rows.some((r) => r.includes('无曲线')) && (await page.textContent('p.state')).includes('无库容曲线'), rows[0])
  })
  await check('frames set aside are searched, and several replayed at once say why they cannot be', async () => {
    const doors = /listening to field stations" address=(\S+)/.exec(site.said())?.[1]
    must(doors, 'the gateway did not say where it listens')
    await new Promise((done, fail) => execFile(binary, ['station', '--to', doors, '--generate', '2', '--first', '0099000001', '--for', '5m', '--mode', 'm1', '--speed', 'max'], { timeout: 60_000 }, (err) => (err ? fail(err) : done())))
    await page.goto(`${site.base}/gauges/quarantine?q=0099000001`)
    await page.waitForFunction(() => document.querySelector('tbody tr')?.textContent.includes('未登记的测站'))
    must((await page.$$eval('tbody tr', (list) => list.every((r) => r.textContent.includes('0099000001')))) === true, 'it finds others')
    await page.click('.tools .btn:has-text("选中本页未重放")')
    await page.click('.tools .btn:has-text("重放选中")')
    await page.waitForSelector('tbody .danger:has-text("尚未登记")')
    await page.selectOption('select[aria-label="原因"]', 'undecodable')
    await page.waitForFunction(() => !document.querySelector('tbody tr'))
  })
  await check('a table of readings is imported: columns, refused rows, result; the same file changes nothing', async () => {
    const other = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const { page, wrong } = await watched(other, site.base)
    await signIn(page, site.base, account('yuecheng'))
    const file = { name: '水位.csv', mimeType: 'text/csv', buffer: Buffer.from('测站,时间,水位(m),老水尺(cm)\n东湖站,2026-05-01 08:00,4.12,390\n东湖站,2026-05-01 09:00,坏,391\n没有站,2026-05-01 10:00,4,392\n') }
    const upload = async () => {
      await page.goto(`${site.base}/gauges/imports`)
      await settled(page)
      await page.setInputFiles('.drop input[multiple]', file)
      await page.waitForURL(/gauges\/imports\/.+/)
      await page.waitForSelector('section[aria-label="每行去向"] tbody tr')
    }
    await upload()
    must((await page.textContent('p.state')).includes('将新增 1 条') && (await page.textContent('#refused')).includes('没有这个在用测站'), await page.textContent('p.state'))
    await page.selectOption('select[aria-label="老水尺(cm)"]', 'lower_level')
    await page.waitForFunction(() => document.querySelector('p.state').textContent.includes('将新增 3 条'))
    must((await axe(page)).length === 0, (await axe(page)).join('\n'))
    await page.click('.btn:has-text("确认导入")')
    await page.waitForFunction(() => document.querySelector('p.state').textContent.includes('已入库：新增 3 条'), undefined, { timeout: 30_000 })
    await upload()
    await page.waitForFunction(() => document.querySelector('p.state').textContent.includes('不会改变任何数据'))
    await page.click('.btn:has-text("放弃")')
    await page.click('dialog[open] button[type=submit]')
    await page.waitForURL(/gauges\/imports$/)
    must(wrong.length === 0, wrong.join('\n'))
    await other.close()
  })
  await check('every page of stations passes axe in both languages, light and dark, also on a phone', async () => {
    const found = []
    const { stations } = await read('/api/gauges/map')
    for (const [l, t, width] of [['en', 'dark', 1440], ['zh', 'light', 390], ['en', 'light', 390]]) {
      await page.setViewportSize({ width, height: 844 })
      await page.evaluate(([a, b]) => (localStorage.setItem('anlan.language', a), localStorage.setItem('anlan.theme', b)), [l, t])
      for (const path of ['/gauges/map', `/gauges/map?selected=${stations[0].object}`, '/gauges', '/gauges/reservoirs', '/gauges/rain', '/gauges/health', '/gauges/events', '/gauges/imports', '/gauges/quarantine', `/gauges/${stations[0].object}`]) {
        await page.goto(site.base + path)
        await settled(page)
        await page.waitForTimeout(400)
        found.push(...(await axe(page)).map((v) => `${l} ${width} ${path}: ${v}`))
        found.push(...(await page.evaluate(() => document.body.innerText.match(/\b(?:gauge|gaugeMap|gaugeBoard|gaugeDesk|gaugeEvent|gaugeHeld|gaugeImport|gaugeCurve|gaugeBucket|ui)\.[a-z][\w.]+/g) ?? [])).map((k) => `${path}: ${k}`))
        if (await sideways(page)) found.push(`${l} ${width} ${path}: scrolls sideways`)
      }
    }
    must(found.length === 0, found.join('\n'))
  })
  await check('nothing went wrong among the stations', async () => must(wrong.filter((w) => !w.includes('403')).length === 0, wrong.join('\n')))
  await context.close()
}
