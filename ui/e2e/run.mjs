// End to end: starts the demo (ANLAN_BIN) on a spare port with an empty folder, or the stand-in with E2E_MOCK=1, walks the pages
// in headless Chromium, and closes with "N passed, N failed".
import { chromium } from 'playwright-core'
import { launchOptions } from './browser.mjs'
import { faults } from './faults.mjs'
import { imports } from './imports.mjs'
import { inspections } from './inspections.mjs'
import { ledgers } from './ledgers.mjs'
import { matters } from './matters.mjs'
import { objects } from './objects.mjs'
import { packs } from './packs.mjs'
import { registry } from './registry.mjs'
import { rulebooks } from './rulebooks.mjs'
import { startDemo, startMock } from './server.mjs'
import { stories } from './stories.mjs'
import { walk } from './walk.mjs'
import { year } from './year.mjs'

let passed = 0
let failed = 0

/** Runs one check; what it throws is told and the next one runs. */
async function check(name, act) {
  try {
    await act()
    passed++
    console.log(`ok    ${name}`)
  } catch (thrown) {
    failed++
    console.log(`FAIL  ${name}\n      ${String(thrown?.message ?? thrown).split('\n').join('\n      ')}`)
  }
}

const mock = process.env.E2E_MOCK === '1'
let site
let browser
try {
  site = mock ? await startMock() : await startDemo(process.env.ANLAN_BIN)
  browser = await chromium.launch(launchOptions())
  await walk({ browser, site, check })
  if (!mock) await stories({ browser, site, check })
  if (!mock) await imports({ browser, site, check })
  if (!mock) await registry({ browser, site, check })
  if (!mock) await objects({ browser, site, check })
  if (!mock) await inspections({ browser, site, check })
  if (!mock) await rulebooks({ browser, site, check })
  if (!mock) await matters({ browser, site, check })
  if (!mock) await ledgers({ browser, site, check })
  if (!mock) await packs({ browser, site, check })
  if (!mock) await faults({ browser, check, binary: process.env.ANLAN_BIN })
  // The last: it moves the clock, which ends every session.
  if (!mock) await year({ browser, site, check })
} catch (thrown) {
  failed++
  console.log(`FAIL  start\n      ${thrown?.message ?? thrown}`)
} finally {
  await browser?.close()
  await site?.stop()
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0
