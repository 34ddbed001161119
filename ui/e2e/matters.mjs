// The matters as lists: three lists, the board, the calendar, saved filters, and what the statistics count of them.
import { call, finds, must, person, read } from './people.mjs'
import { axe, settled } from './walk.mjs'

export async function matters({ browser, site, check }) {
  const wrongs = []
  await check('the three lists, the board and the documents', async () => {
    const reviewer = await person(browser, site, 'shenhe', wrongs)
    for (const query of ['list=responsibility', 'list=rectification', 'view=board', 'overdue=true&sort=-severity']) {
      await reviewer.goto(`${site.base}/matters?scope=330600&${query}`)
      await settled(reviewer)
    }
    const { id } = (await read(reviewer, '/api/matters?kind=finding&limit=1')).body.items[0]
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
    const [one] = await finds(inspector, 'e2e-board-1')
    const [two] = await finds(inspector, 'e2e-board-2')
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
