// The pack editor: an administrator adds an indicator in a form, a clerk files it, two administrators meet, a version is looked at.
import { axe, settled, signIn, watched } from './walk.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

const PACK = 'rural-water'
const CODE = 'rdw.e2e_leak'
const FORM = 'rural-water.county.month'

async function saved(page) {
  await page.waitForSelector('[data-save]:not([disabled])', { timeout: 10_000 })
  await page.click('[data-save]')
  await page.waitForSelector('dialog[open] table')
  const told = await page.textContent('dialog[open]')
  await page.click('dialog[open] button[type=submit]')
  await page.waitForSelector('dialog[open]', { state: 'detached' })
  return told
}

async function addIndicator(page, base) {
  await page.goto(`${base}/packs`)
  await settled(page)
  await page.click(`a[href="/packs/${PACK}"]`)
  await page.waitForSelector('[data-add]')
  await page.click('[data-add]')
  const panel = 'aside.side'
  await page.waitForSelector(`${panel} input[name=code]`)
  await page.waitForSelector(`${panel} .wrong`)
  await page.fill(`${panel} input[name=code]`, CODE)
  await page.press(`${panel} input[name=code]`, 'Tab')
  for (const [field, zh, en] of [['name', '管网漏损率', 'Network losses'], ['definition', '漏损水量与供水量之比。', 'Water lost over water supplied.'], ['office', '县级农村水利科', 'county rural water section'], ['reader', '市局业务处室', 'city bureau']]) {
    await page.fill(`${panel} [name=${field}-zh]`, zh)
    await page.fill(`${panel} [name=${field}-en]`, en)
  }
  await page.click(`${panel} .shape .segments button:nth-child(2)`)
  const sides = await page.$$(`${panel} .shape .names input`)
  for (const [i, text] of ['漏损水量', 'water lost', '供水量', 'water supplied'].entries()) await sides[i].fill(text)
  await page.selectOption(`${panel} select[name=ratio-unit]`, 'wan_m3')
  await page.selectOption(`${panel} select[name=kind]`, 'period')
  await page.selectOption(`${panel} select[name=better]`, 'less')
  await page.waitForFunction((p) => document.querySelector(`${p} .wrong`)?.textContent.includes('没有报表'), panel)
  await page.check(`${panel} input[name="form-${FORM}"]`)
  await page.waitForFunction((p) => !document.querySelector(`${p} .wrong`), panel)
  await page.click(`${panel} [data-done]`)
}

/** Saves a change of the pack from elsewhere, on what stands there. */
async function elsewhere(page) {
  await page.evaluate(async (id) => {
    const now = await (await fetch(`/api/packs/${id}`)).json()
    now.pack.basis.zh += '（另一人）'
    const answer = await fetch(`/api/packs/${id}`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ base: now.version, pack: now.pack }) })
    if (!answer.ok) throw new Error(await answer.text())
  }, PACK)
}

export async function packs({ browser, site, check }) {
  const account = (login) => site.accounts.find((a) => a.login === login)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const { page, wrong } = await watched(context, site.base)
  await check('an administrator adds an indicator in a form and puts it into force', async () => {
    await signIn(page, site.base, account('admin'))
    await addIndicator(page, site.base)
    // What is not saved stays when the page is left.
    await page.reload()
    await page.waitForFunction((code) => document.querySelector('table')?.textContent.includes(code), CODE)
    const told = await saved(page)
    must(told.includes(`指标 ${CODE}新增`) && told.includes('第 2 版'), `the dialog says ${told}`)
    await page.waitForFunction(() => document.querySelector('.state')?.textContent.includes('现行第 2 版'))
  })
  await check('a county files the new indicator', async () => {
    const county = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const clerk = await watched(county, site.base)
    await signIn(clerk.page, site.base, account('xinchang'))
    const id = await clerk.page.evaluate(async (form) => {
      const answer = await fetch('/api/returns', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ form, division: '330624', period: '2026-06' }) })
      return (await answer.json()).id
    }, FORM)
    await clerk.page.goto(`${site.base}/returns/${id}`)
    await settled(clerk.page)
    const row = clerk.page.locator('tbody tr', { hasText: '管网漏损率' })
    const cells = row.locator('input')
    for (const [i, figure] of ['3', '120'].entries()) {
      await cells.nth(i).fill(figure)
      await cells.nth(i).press('Tab')
    }
    await clerk.page.waitForFunction(async (at) => (await (await fetch(at)).text()).replaceAll(' ', '').includes('"denominator":120'), `/api/returns/${id}`)
    await clerk.page.reload()
    await settled(clerk.page)
    must((await cells.nth(1).inputValue()) === '120', 'the figure is not in the form')
    must(!clerk.wrong.length, clerk.wrong.join('; '))
    await county.close()
  })
  await check('the later of two administrators sees both and puts the changes together', async () => {
    await page.goto(`${site.base}/packs/${PACK}?tab=head`)
    await page.waitForSelector('input[name=title-zh]')
    await page.fill('input[name=title-zh]', '农村供水')
    await page.waitForSelector('[data-save]:not([disabled])')
    await elsewhere(page)
    await page.waitForFunction(() => document.querySelector('.stale')?.textContent.includes('另一人'))
    await page.click('[data-join]')
    await saved(page)
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === '农村供水')
    const basis = await page.inputValue('[name=basis-zh]')
    must(basis.includes('另一人'), `the basis reads ${basis}`)
  })
  await check('text that cannot be read is told with its line, and versions show what they changed', async () => {
    await page.goto(`${site.base}/packs/${PACK}?tab=source`)
    await page.waitForSelector('textarea[name=source]')
    const text = await page.inputValue('textarea[name=source]')
    await page.fill('textarea[name=source]', text.replace('order: 3', 'ordre: 3'))
    await page.waitForSelector('ul.note')
    must(/ordre/.test(await page.textContent('ul.note')), await page.textContent('ul.note'))
    await page.fill('textarea[name=source]', text)
    await page.waitForSelector('ul.note', { state: 'detached' })
    await page.goto(`${site.base}/packs/${PACK}?tab=versions&selected=2`)
    await page.waitForFunction((code) => document.querySelector('aside.side table')?.textContent.includes(code), CODE)
  })
  await check('the pack editor passes axe in both themes and languages', async () => {
    const found = []
    for (const [theme, language] of [['light', 'zh'], ['dark', 'en']]) {
      await page.evaluate(([t, l]) => (localStorage.setItem('anlan.language', l), localStorage.setItem('anlan.theme', t)), [theme, language])
      for (const path of ['/packs', `/packs/${PACK}?selected=0`, `/packs/${PACK}?tab=forms&selected=0`, `/packs/${PACK}?tab=source`, `/packs/${PACK}?tab=versions`]) {
        await page.goto(`${site.base}${path}`)
        await settled(page)
        found.push(...(await axe(page)).map((v) => `${path} ${theme}: ${v}`))
      }
    }
    must(!found.length, found.join('\n'))
    must(!wrong.length, wrong.join('\n'))
  })
  await context.close()
}
