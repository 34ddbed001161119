// Rulebooks of oversight: a file with a mistake, the same mended, what it changes, the new version in force and the old one as it was.
import { axe, settled, signIn, watched } from './walk.mjs'

function must(truth, words) {
  if (!truth) throw new Error(words)
}

const pick = (page, name, text) => page.setInputFiles('input[name=rulebook]', { name, mimeType: 'text/yaml', buffer: Buffer.from(text) })

export async function rulebooks({ browser, site, check }) {
  const account = (login) => site.accounts.find((a) => a.login === login)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const { page, wrong } = await watched(context, site.base)
  await check('a checklist is read from a file, checked with line and reason, and takes effect as a new version', async () => {
    await signIn(page, site.base, account('admin'))
    await page.goto(`${site.base}/inspections/rulebooks`)
    await settled(page)
    const first = await page.evaluate(async () => (await (await fetch('/api/rulebooks/checklist/duty')).json()).source)
    const second = first.replace('version: 1', 'version: 2').replace('zh: 汛期值班值守抽查', 'zh: 汛期值班抽查')
    await pick(page, 'duty.yaml', second.replace('severities: [', 'severites: ['))
    await page.waitForSelector('dialog[open] [data-wrong]')
    const told = await page.textContent('dialog[open] [data-wrong]')
    must(/duty\.yaml \(line \d+\)/.test(told) && told.includes('severites'), `the mistake is told as ${told}`)
    must(await page.isDisabled('dialog[open] button[type=submit]'), 'a file with a mistake can take effect')
    const faults = await axe(page)
    must(!faults.length, `axe: ${JSON.stringify(faults)}`)
    await page.click('dialog[open] .foot button[type=button]')
    await pick(page, 'duty.yaml', second)
    await page.waitForSelector('dialog[open] [data-changes]')
    must((await page.textContent('dialog[open]')).includes('汛期值班抽查'), 'the change is not told')
    await page.click('dialog[open] button[type=submit]')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
    await page.waitForSelector('aside.side .source')
    await page.waitForFunction(() => document.querySelector('aside.side .source').textContent.includes('version: 2'))
    await page.click('aside.side .segments button:nth-child(2)')
    await page.waitForFunction(() => document.querySelector('aside.side .source').textContent.includes('version: 1'))
    const panel = await axe(page)
    must(!panel.length, `axe: ${JSON.stringify(panel)}`)
  })
  await check('the pages of rulebooks trouble nothing', async () => must(!wrong.length, wrong.join('\n')))
  await context.close()
}
