// The ladder walked through: the office proposes a step over what is overdue, the director approves it, the county answers the
// letter, and the matter and the lists say so. Before it is issued the county knows nothing of it.
import { must, open, person, read } from './people.mjs'
import { axe, settled } from './walk.mjs'

const COUNTY = '330624'

/** Something overdue of the county over which no step was taken yet. */
async function quiet(page) {
  const list = (await read(page, `/api/matters?scope=${COUNTY}&kind=finding,hazard&overdue=true&limit=100`)).body.items
  for (const m of list.filter((row) => !row.step)) {
    const detail = (await read(page, `/api/matters/${m.id}`)).body
    if (!detail.veiled && !detail.escalations.length) return detail
  }
  throw new Error('nothing overdue is without a step')
}

async function proposed({ site }, office, county, matter) {
  await open(office, site, `/matters/${matter.id}`)
  const form = 'form.row:has(select)'
  await office.selectOption(`${form} select`, 'remind')
  await office.fill(`${form} input:not([type=date])`, '端到端：逾期未整改')
  await office.fill(`${form} input[type=date]`, '2026-06-30')
  await office.click(`${form} button[type=submit]`)
  await office.waitForSelector('article:has-text("端到端：逾期未整改"):has-text("待审批")')
  must((await office.locator('article button').count()) === 0, 'who proposes may decide')
  await open(county, site, `/matters/${matter.id}`)
  must(!(await county.textContent('main')).includes('端到端：逾期未整改'), 'the county knows of a letter that nobody has approved')
}

/** Acts on the step from what waits for the person today. */
async function fromWork(page, site, act, word, words) {
  await open(page, site, '/work')
  const row = `[aria-labelledby="ladder-${act}"] li:has-text("端到端：逾期未整改")`
  await page.click(`${row} button`)
  if (words) await page.fill('dialog[open] textarea[name=words]', words)
  const none = await axe(page)
  must(!none.length, none.join('\n'))
  await page.click('dialog[open] button[type=submit]')
  await page.waitForSelector(`p[role=status]:has-text("${word}")`)
  await page.waitForSelector(row, { state: 'detached' })
}

async function told({ site }, office, county, matter) {
  for (const page of [office, county]) {
    await open(page, site, `/matters/${matter.id}`)
    const step = await page.textContent('article:has-text("端到端：逾期未整改")')
    for (const word of ['提醒函〔2026〕', '已答复', '端到端：已排定工期']) must(step.includes(word), `the matter does not say ${word}: ${step}`)
  }
  await open(office, site, `/matters?scope=${COUNTY}&list=responsibility&step=remind`)
  await office.waitForSelector(`tbody tr:has-text("${matter.number}"):has-text("提醒函")`)
  must((await office.textContent('.panel.list')).includes('提醒函'), 'the filter is not named')
}

/** Each count of the table of liability is as many as the list that it leads to. */
async function counted(page, site) {
  await open(page, site, `/oversight/liability?scope=330600`)
  const links = []
  for (const by of ['按单位', '按对象']) {
    await page.click(`.segments button:text-is("${by}")`)
    await page.waitForSelector(`.segments button[aria-current=true]:text-is("${by}")`)
    links.push(...(await page.$$eval('tbody td a[href^="/matters?"]', (list) => list.map((a) => [a.getAttribute('href'), Number(a.textContent)]))))
    const none = await axe(page)
    must(!none.length, none.join('\n'))
  }
  must(links.length > 20, `only ${links.length} counts lead anywhere`)
  const totals = await page.evaluate((hrefs) => Promise.all(hrefs.map(async (h) => (await (await fetch(`/api${h}&limit=1`)).json()).total)), links.map(([href]) => href))
  const wrong = links.map(([href, n], i) => (n === totals[i] ? '' : `${href}: ${n} counted, ${totals[i]} listed`)).filter(Boolean)
  must(!wrong.length, wrong.slice(0, 5).join('\n'))
  await page.click('tbody td a[href^="/matters?"]')
  await page.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n, links.find(([h]) => h.includes('object='))[1])
}

export async function ladder({ browser, site, check }) {
  const wrongs = []
  const on = { browser, site }
  let office, county, director, matter
  await check('ladder: the office proposes, and the county knows nothing of it', async () => {
    office = await person(browser, site, 'shenhe', wrongs)
    county = await person(browser, site, 'xinchang', wrongs)
    matter = await quiet(office)
    await proposed(on, office, county, matter)
  })
  await check('ladder: the director approves, and the county answers', async () => {
    director = await person(browser, site, 'juzhang', wrongs)
    await fromWork(director, site, 'approve', '已')
    await fromWork(county, site, 'reply', '已', '端到端：已排定工期')
  })
  await check('liability: each count leads to as many matters', () => counted(director, site))
  await check('ladder: the matter and the list say so', async () => {
    await told(on, office, county, matter)
    await settled(county)
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
}
