// What a person does across pages, on the demo city.
import { settled, signIn, watched } from './walk.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

export async function stories({ browser, site, check }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const { page, wrong } = await watched(context, site.base)
  await check('a wrong password is refused in words', async () => {
    await page.goto(`${site.base}/sign-in`)
    await page.fill('input[name=login]', site.accounts[0].login)
    await page.fill('input[name=password]', 'not the password')
    await page.click('button[type=submit]')
    await page.waitForSelector('[role=alert]')
    wrong.length = 0 // The browser notes the refusal itself.
  })
  await check('a shared link leads through sign-in to its page', async () => {
    await page.goto(`${site.base}/deadlines?state=open`)
    await page.waitForURL(/sign-in/)
    wrong.length = 0
    await page.fill('input[name=login]', site.accounts[0].login)
    await page.fill('input[name=password]', site.accounts[0].password)
    await page.click('button[type=submit]')
    await page.waitForURL((url) => url.pathname === '/deadlines' && url.searchParams.get('state') === 'open')
    await settled(page)
  })
  await check('a cell opens its detail, Back closes it, the link keeps it', async () => {
    await page.goto(`${site.base}/cockpit`)
    await settled(page)
    await page.click('.matrix tbody td:nth-of-type(3)')
    await page.waitForSelector('aside.side')
    must(page.url().includes('selected='), 'the chosen cell is not in the URL')
    const link = page.url()
    await page.goBack()
    await page.waitForSelector('aside.side', { state: 'detached' })
    await page.goto(link)
    await page.waitForSelector('aside.side')
    await page.keyboard.press('Escape')
    await page.waitForSelector('aside.side', { state: 'detached' })
  })
  await check('keys go: / searches, g r ranks, ? lists', async () => {
    await page.goto(`${site.base}/cockpit`)
    await settled(page)
    await page.keyboard.press('/')
    must(await page.evaluate(() => document.activeElement?.getAttribute('role') === 'combobox'), 'the search has no focus')
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await page.waitForURL(/\/ranking/)
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
  })
  await check('the cockpit goes out as a workbook', async () => {
    await page.goto(`${site.base}/cockpit`)
    await settled(page)
    await page.click('.head .actions .popover > button')
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('.popover-panel button')])
    must(file.suggestedFilename().endsWith('.xlsx'), file.suggestedFilename())
  })
  await check('figures as of a past day are asked for and said', async () => {
    await page.goto(`${site.base}/cockpit?as_of=2026-03-15`)
    await settled(page)
    must((await page.textContent('.foot')).includes('2026-03-15'), 'the foot does not say as of when')
  })
  await check('nothing went wrong on the way', async () => must(wrong.length === 0, wrong.join('\n')))
  await context.close()
}
