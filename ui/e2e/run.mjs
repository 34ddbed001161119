// End to end: starts the demo (ANLAN_BIN) on a spare port with an empty folder, or the stand-in with E2E_MOCK=1, walks the pages
// in headless Chromium, and closes with "N passed, N failed". `node e2e/run.mjs ledgers packs` runs only these.
import { chromium } from 'playwright-core'
import { launchOptions } from './browser.mjs'
import { bulletins } from './bulletins.mjs'
import { faults } from './faults.mjs'
import { gauges } from './gauges.mjs'
import { imports } from './imports.mjs'
import { inspections } from './inspections.mjs'
import { ladder } from './ladder.mjs'
import { ledgers } from './ledgers.mjs'
import { loop } from './loop.mjs'
import { matters } from './matters.mjs'
import { objects } from './objects.mjs'
import { packs } from './packs.mjs'
import { projects } from './projects.mjs'
import { registry } from './registry.mjs'
import { rulebooks } from './rulebooks.mjs'
import { startDemo, startMock } from './server.mjs'
import { stories } from './stories.mjs'
import { walk } from './walk.mjs'
import { year } from './year.mjs'

// Each lane has a demo city and a browser of its own and runs beside the others. The year is the last of its lane: it moves the
// clock, which ends every session.
const LANES = [
  { walk, stories, imports, projects, year },
  { registry, objects, inspections, rulebooks, loop, ladder, matters, ledgers, bulletins, packs, gauges, faults },
]

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

async function run(suites) {
  let site
  let browser
  try {
    site = mock ? await startMock() : await startDemo(process.env.ANLAN_BIN)
    browser = await chromium.launch(launchOptions())
    for (const [name, suite] of suites) {
      const began = Date.now()
      await suite({ browser, site, check, binary: process.env.ANLAN_BIN })
      console.log(`      ${name}: ${Math.round((Date.now() - began) / 1000)} s`)
    }
  } catch (thrown) {
    failed++
    console.log(`FAIL  ${suites.map(([name]) => name).join(', ')}: stopped\n      ${thrown?.message ?? thrown}`)
  } finally {
    await browser?.close()
    await site?.stop()
  }
}

const asked = new Set(mock ? ['walk'] : process.argv.slice(2))
const known = LANES.flatMap((lane) => Object.keys(lane))
const strangers = [...asked].filter((name) => !known.includes(name))
if (strangers.length) throw new Error(`there is no suite ${strangers.join(', ')}; there are ${known.join(', ')}`)
const lanes = LANES.map((lane) => Object.entries(lane).filter(([name]) => !asked.size || asked.has(name)))
await Promise.all(lanes.filter((lane) => lane.length).map(run))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0
