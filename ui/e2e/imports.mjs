// Workbooks taken in by hand: a county's own table to the figures of its returns, and published tables that are only checked.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { axe, settled, signIn, watched } from './walk.mjs'

const shared = fileURLToPath(new URL('../../../shared/statistics/', import.meta.url))

/** Published tables: how many rows each has beside its head, and whether its own figures disagree. */
const published = [
  { file: 'investment_completion.csv', disagree: true },
  { file: 'zhejiang_2006_09_days_with_pct_in_cell.csv', disagree: true },
  { file: 'national_water_investment_ytd.csv', disagree: false },
  { file: 'import/nbs_fsnd_rd_biff8.xls', disagree: false },
  { file: 'import/nbs_fsnd_gdp_gb18030.csv', disagree: false },
]

const monthly = `2026年6月水利投资完成情况表,,,,
单位：万元,,,,
地区,年度计划,完成投资,完成率,备注
越城区,129446,71500,55.2%,
柯桥区,159950,8.8亿,55.0%,
上虞区,163112,约八万,49%,
诸暨,170597,99000,60.1%,
合计,623105,258500,,
注：诸暨含开发区。,,,,
`

function must(truth, words) {
  if (!truth) throw new Error(words)
}

async function send(page, site, file) {
  await page.goto(`${site.base}/imports`)
  await settled(page)
  await page.setInputFiles('input[type=file]', file)
  await page.waitForURL(/\/imports\/[\w-]+/)
  await settled(page)
}

const idle = (page) => page.waitForFunction(() => !/正在核对/.test(document.querySelector('.head')?.textContent ?? ''), undefined, { timeout: 15_000 })
const said = (page) => page.textContent('p.state')

export async function imports({ browser, site, check }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const { page, wrong } = await watched(context, site.base)
  const folder = await mkdtemp(join(tmpdir(), 'anlan-import-'))
  await signIn(page, site.base, site.accounts.find((a) => a.login === 'guiji'))
  await check('import: what a table would do is shown before anything is written', async () => {
    const file = join(folder, '六月.csv')
    await writeFile(file, monthly)
    await send(page, site, file)
    await page.waitForSelector('section[aria-label="逐行说明"]')
    const state = await said(page)
    must(/1 个单元格不取/.test(state) && /改变 3 个数/.test(state) && /1 处不一致/.test(state), state)
    const changes = await page.textContent('section[aria-label="将写入的数"]')
    must(/柯桥区/.test(changes) && /88,000/.test(changes), '8.8亿 under 万元 is not shown as 88,000')
    must(/诸暨市/.test(changes), 'a county by its short name is not known')
    must((await page.textContent('section[aria-label="逐行说明"]')).includes('约八万'), 'the refused cell is not told')
    must(/D7/.test(await page.textContent('section[aria-label="公布数与重算不一致"]')), 'the wrong rate is not told')
    const bad = await axe(page)
    must(bad.length === 0, bad.join('\n'))
  })
  await check('import: once confirmed the figure stands in the return, and the file is known', async () => {
    await page.click('.head .btn.primary')
    await page.waitForFunction(() => /已导入/.test(document.querySelector('p.state')?.textContent ?? ''), undefined, { timeout: 15_000 })
    await page.click('.head .btn.primary')
    await page.waitForURL(/\/returns/)
    await settled(page)
    await page.locator('tbody tr', { hasText: '柯桥' }).filter({ hasText: '水利投资月报' }).first().locator('a').click()
    await page.waitForURL(/\/returns\/\d+/)
    await settled(page)
    must((await page.inputValue('[data-cell="0:value"]')) === '88000', 'the figure is not in the return')
    await send(page, site, join(folder, '六月.csv'))
    must(/已导入/.test(await said(page)), 'the same file again is not known')
  })
  await check('import: a header found in the wrong rows is put right by hand', async () => {
    const file = join(folder, '两表.csv')
    await writeFile(file, '地区,年度计划\n越城区,1\n2026年6月,\n地区,完成投资(万元)\n嵊州市,41000\n新昌县,25000\n')
    await send(page, site, file)
    await page.getByLabel('表头行 自').fill('4')
    await page.getByLabel('表头行 自').blur()
    await page.waitForFunction(() => /取 2 行/.test(document.querySelector('p.state')?.textContent ?? ''), undefined, { timeout: 10_000 })
    must((await page.getByLabel('B 列: 指标').inputValue()) === 'inv.construction', 'the columns are not recognised anew')
    must((await page.locator('tr.header').count()) === 1 && (await page.locator('tr.header').textContent()).includes('完成投资'), 'the header is not marked where it stands')
  })
  if (!existsSync(shared)) console.log('skip  published tables: ../shared/statistics is not there')
  for (const table of existsSync(shared) ? published : []) {
    await check(`import: ${table.file} is only checked, every row accounted for`, async () => {
      await send(page, site, shared + table.file)
      await idle(page)
      const box = page.getByLabel('只核对，不入报表')
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url().endsWith('/mapping') && r.ok(), { timeout: 15_000 }),
        (await box.isChecked()) ? page.reload() : box.check(),
      ])
      await idle(page)
      const effect = await answer.json()
      const lots = effect.rows.filter((r) => r.outcome !== 'notice').length
      must(lots === effect.counts.taken + effect.counts.refused + effect.counts.ignored && lots > 5, `${lots} rows told of ${JSON.stringify(effect.counts)}`)
      must(effect.counts.disagreed > 0 === table.disagree, `${effect.counts.disagreed} of ${effect.counts.checked} disagree`)
      must((await page.locator('section[aria-label="公布数与重算不一致"]').count()) > 0 === table.disagree, 'what disagrees is not listed')
      must(effect.counts.changed === 0, 'a published figure would be filed')
    })
  }
  await check('import: nothing went wrong on the way', async () => must(wrong.filter((w) => !/400|409|422/.test(w)).length === 0, wrong.join('\n')))
  await rm(folder, { recursive: true, force: true })
  await context.close()
}
