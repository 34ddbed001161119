// The closed loop walked through by its four people. An inspector finds a serious problem and a hazard; the county disputes, another
// decides, the county mends and the reviewer closes, after one extension; the hazard ends under control; the county looks elsewhere;
// the inspector comes back, finds it undone and reopens; and the director sees every turn of it counted and listed.
import { finds, move, must, open, person, picture, read, stateOf } from './people.mjs'
import { axe } from './walk.mjs'

const COUNTY = '330624'
const FIRST_DUE = '2026-07-20'
const LATER_DUE = '2026-08-05'

const offered = (page) => page.$$eval('.bar .acts button', (list) => list.map((b) => b.textContent.trim()))
const headline = (page) => page.textContent('.headline .line')

async function atState(page, word) {
  const state = await stateOf(page)
  must(state === word, `the state is ${state}, not ${word}`)
}

/** Opens a matter from what waits for the person today, under the reason given. */
async function fromWork(page, site, why, id) {
  await open(page, site, '/work')
  await page.click(`[aria-labelledby="why-${why}"] a.what[href="/matters/${id}"]`)
  await page.waitForSelector('.headline')
}

/** What the statistics say of the county, by the heads of the table. */
async function counted(director, site) {
  await open(director, site, `/oversight/statistics?scope=${COUNTY}`)
  return director.$eval('[aria-labelledby=measures] table', (table) => {
    const heads = [...table.querySelectorAll('thead th')].slice(1).map((h) => h.textContent.trim())
    const cells = [...table.querySelector('tbody tr').querySelectorAll('td')]
    return Object.fromEntries(heads.map((h, i) => [h, { value: cells[i].querySelector('.figure').textContent.trim(), of: Number.parseInt(cells[i].querySelector('.fraction')?.textContent ?? '', 10) }]))
  })
}

async function assign(reviewer, day) {
  await move(reviewer, '交办', async () => {
    // The county's bureau answers already, so its people are offered at once; another unit would bring its own.
    await reviewer.waitForSelector('.bar .offered button')
    await reviewer.fill('.bar input[name=person]', '新昌填报')
    await reviewer.waitForFunction(() => document.querySelectorAll('.bar .offered button').length === 1)
    await reviewer.click('.bar .offered button')
    await reviewer.fill('.bar input[type=date]', day)
  })
}

/** The county opens the form, is told to show a file first, hangs a picture on the matter and hands it in. */
async function handIn(county, role, name) {
  const before = await county.locator('.box figure').count()
  await county.click('.bar .acts button:text-is("提交复核")')
  await county.waitForSelector('.bar form .danger:has-text("整改材料")')
  await county.selectOption('.box .add select', role)
  await county.setInputFiles('.box input[type=file]', { name, mimeType: 'image/jpeg', buffer: await picture(county, 'image/jpeg') })
  await county.waitForFunction((n) => document.querySelectorAll('.box figure img').length > n, before)
  must((await county.textContent('.box .sending')).includes('已上传'), 'the upload does not say that it is done')
  await county.waitForSelector('.bar form .danger', { state: 'detached' })
  await county.click('.bar form button[type=submit]')
  await county.waitForSelector('.headline strong:text-is("待复核")')
}

async function disputed({ site }, people, found) {
  const { county, reviewer } = people
  await fromWork(county, site, 'confirm', found)
  await move(county, '提出异议', () => county.fill('.bar textarea', '端到端：已在整改计划内'))
  await atState(county, '有异议')
  must(!(await offered(county)).some((w) => w === '维持认定' || w === '不予认定'), 'who disputes decides, too')
  await fromWork(reviewer, site, 'dispute', found)
  await move(reviewer, '维持认定', () => reviewer.fill('.bar textarea', '端到端：现场照片清楚'))
  await atState(reviewer, '待交办')
}

async function extended(people) {
  const { county, reviewer } = people
  await assign(reviewer, FIRST_DUE)
  await county.reload()
  await move(county, '报整改措施', () => county.fill('.bar textarea', '落实责任人并公示'))
  await move(county, '申请延期', async () => {
    await county.fill('.bar input[type=date]', LATER_DUE)
    await county.fill('.bar textarea', '端到端：汛期不能放空')
  })
  must(!(await offered(county)).includes('同意延期'), 'who asks for an extension grants it, too')
  await reviewer.reload()
  await reviewer.waitForSelector(`.bar:has-text("申请延至 ${LATER_DUE}")`)
  await move(reviewer, '同意延期')
  await county.waitForSelector(`.headline:has-text("${LATER_DUE}")`)
  must((await headline(county)).includes(`原定 ${FIRST_DUE}`), `the first day is gone: ${await headline(county)}`)
  must(!(await offered(county)).includes('申请延期'), 'a second extension is offered')
}

async function closed(people) {
  const { county, reviewer } = people
  await handIn(county, 'after', '整改后.jpg')
  must((await county.locator('.box .pair:has(.hole):has(figure)').count()) === 1, 'the photo of the work does not stand beside the hole of what was found')
  must(!(await offered(county)).includes('销号'), 'who hands in closes, too')
  await reviewer.waitForSelector('.bar .acts button:text-is("销号")')
  await move(reviewer, '销号', () => reviewer.check('.bar input[value=site]'))
  await atState(reviewer, '已销号')
}

async function controlled({ site }, people, hazard) {
  const { county, reviewer } = people
  await fromWork(county, site, 'confirm', hazard)
  await move(county, '确认')
  await fromWork(reviewer, site, 'assign', hazard)
  await assign(reviewer, FIRST_DUE)
  await county.waitForSelector('.bar .acts button:text-is("报整改措施")')
  await move(county, '报整改措施', () => county.fill('.bar textarea', '降低水位运行，设警示牌'))
  await handIn(county, 'control', '管控措施.jpg')
  await reviewer.waitForSelector('.bar .acts button:text-is("认定管控措施落实")')
  await move(reviewer, '认定管控措施落实', async () => {
    await reviewer.fill('.bar input[type=date]', '2026-12-31')
    await reviewer.check('.bar input[value=site]')
  })
  await atState(reviewer, '管控措施落实')
  must((await reviewer.textContent('.three')).includes('2026-12-31'), 'it is not said by when it must be mended for good')
  await open(reviewer, site, `/matters?scope=${COUNTY}&kind=hazard&live=true&state=controlled`)
  await reviewer.waitForSelector(`tbody tr:has-text("${(await read(reviewer, `/api/matters/${hazard}`)).body.number}")`)
}

/** Answers each similar object of the county: one has the problem, one is no such works, the rest have none. */
async function lookedElsewhere({ site }, people, found) {
  const { county, reviewer } = people
  await open(county, site, `/matters/${found}`)
  await county.click('a[href^="/matters/"]:has-text("举一反三")')
  await county.waitForSelector('.headline:has-text("举一反三")')
  const sweep = new URL(county.url()).pathname.split('/').at(-1)
  const left = () => county.locator('.answer').count()
  const all = await left()
  must(all > 2, `there are ${all} objects to look at`)
  await move(county, '报整改措施', () => county.fill('.bar textarea', '逐座排查'))
  must((await county.textContent('.bar')).includes(`还有 ${all} 处未答复`), 'it is not said that each object needs an answer')
  must(!(await county.locator('.bar .acts button:text-is("提交复核")').count()), 'it may be handed in with objects open')
  for (const [answer, note] of [['found', '端到端：同样没有公示'], ['not_applicable', '']]) {
    const before = await left()
    await county.selectOption('.answer select >> nth=0', answer)
    await county.fill('.answer input >> nth=0', note)
    await county.click('.answer button >> nth=0')
    await county.waitForFunction((n) => document.querySelectorAll('.answer').length === n - 1, before)
  }
  await county.click('button:has-text("其余均无此问题")')
  await county.waitForSelector('.answer', { state: 'detached' })
  const answers = (await read(county, `/api/matters/${sweep}`)).body.parts.map((p) => p.answer)
  must(answers.length === all && answers.every(Boolean) && answers.filter((a) => a === 'none').length === all - 2, `the answers are ${answers}`)
  await move(county, '提交复核')
  await county.waitForSelector('.headline strong:text-is("待复核")')
  await open(reviewer, site, `/matters/${sweep}`)
  await move(reviewer, '销号', () => reviewer.check('.bar input[value=paper]'))
  await atState(reviewer, '已销号')
  await reviewer.click('section:has(h3:has-text("举一反三对象")) a:has-text("新问题")')
  await reviewer.waitForSelector('.headline strong:text-is("待确认")')
}

async function reopened({ site }, people, found) {
  const { county, inspector, reviewer } = people
  await open(inspector, site, `/matters/${found}`)
  must(!(await offered(inspector)).includes('销号'), 'the inspector closes')
  await move(inspector, '重新打开', async () => {
    await inspector.fill('.bar input[type=date]', '2026-07-31')
    await inspector.fill('.bar textarea', '端到端：回头看，公示牌已拆')
  })
  await atState(inspector, '整改中')
  must((await headline(inspector)).includes('重新打开 1 次'), `nothing says that it was reopened: ${await headline(inspector)}`)
  await open(county, site, `/matters/${found}`)
  must((await county.textContent('.box')).includes('第 2 轮整改'), 'the second round has no place for its evidence')
  await handIn(county, 'after', '再次整改后.jpg')
  await open(reviewer, site, `/matters/${found}`)
  await move(reviewer, '销号', () => reviewer.check('.bar input[value=site]'))
  await inspector.waitForSelector('.bar .acts button:text-is("回头看通过")')
  await move(inspector, '回头看通过', () => inspector.check('.bar input[value=site]'))
  await atState(inspector, '已销号')
}

async function seenByTheDirector({ site }, people, before, found, hazard) {
  const { director } = people
  const after = await counted(director, site)
  const grew = (head, n) => must(after[head].of === before[head].of + n, `${head}: ${before[head].of} became ${after[head].of}`)
  must(Number(after['发现问题'].value) === Number(before['发现问题'].value) + 3, `${before['发现问题'].value} found became ${after['发现问题'].value}`)
  grew('整改率 %', 1)
  grew('管控措施落实率 %', 1)
  const numbers = []
  for (const id of [found, hazard]) numbers.push((await read(director, `/api/matters/${id}`)).body.number)
  for (const list of ['problem', 'responsibility', 'rectification']) {
    await open(director, site, `/matters?scope=${COUNTY}&list=${list}&kind=finding,hazard&sort=-number`)
    for (const [i, word] of ['已销号', '管控措施落实'].entries()) await director.waitForSelector(`tbody tr:has-text("${numbers[i]}"):has-text("${word}")`)
  }
  await open(director, site, `/matters/${found}`)
  const story = await director.textContent('.timeline')
  for (const word of ['提出异议', '维持认定', '交办', '申请延期', '同意延期', '提交复核', '销号', '重新打开', '回头看通过']) must(story.includes(word), `the history does not tell of ${word}`)
  must((await director.locator('.headline .danger').count()) === 0, 'the three lists have a hole')
}

export async function loop({ browser, site, check }) {
  const wrongs = []
  const on = { browser, site }
  const people = {}
  let before
  let [found, hazard] = [0, 0]
  await check('loop: the county disputes, and somebody else decides', async () => {
    for (const [name, login] of Object.entries({ inspector: 'ducha', county: 'xinchang', reviewer: 'shenhe', director: 'juzhang' })) people[name] = await person(browser, site, login, wrongs)
    before = await counted(people.director, site)
    ;[found, hazard] = await finds(people.inspector, 'e2e-loop', ['finding', 'hazard'])
    await disputed(on, people, found)
  })
  await check('loop: extended once, and the first day stays on show', () => extended(people))
  await check('loop: handed in with a photo, closed by the reviewer', () => closed(people))
  await check('loop: a hazard ends under control, which is not closed', () => controlled(on, people, hazard))
  await check('loop: the county looks at each similar object', () => lookedElsewhere(on, people, found))
  await check('loop: the inspector looks again, reopens, and passes the second mending', () => reopened(on, people, found))
  await check('loop: the director sees it counted, listed and told', async () => {
    await seenByTheDirector(on, people, before, found, hazard)
    const none = [...(await axe(people.director)), ...(await axe(people.county))]
    must(!none.length, none.join('\n'))
    must(!wrongs.flat().length, wrongs.flat().join('\n'))
  })
  await check('loop: nobody outside sees the matter', async () => {
    const other = await person(browser, site, 'keqiao', [])
    must((await read(other, `/api/matters/${found}`)).status === 404, 'another county sees it')
    const list = (await read(other, '/api/matters?scope=330600')).body.items
    must(list.every((m) => m.division.code === '330603'), 'another county sees matters that are not its own')
  })
}
