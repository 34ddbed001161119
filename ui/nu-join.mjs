import { chromium } from 'playwright-core'
const [out, h, ...names] = process.argv.slice(2)
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--allow-file-access-from-files'] })
const p = await b.newPage({ viewport: { width: names.length * 402, height: +h } })
const fs = await import('fs')
await p.setContent('<body style="margin:0;background:#888;display:flex;gap:12px;align-items:flex-start">' + names.map((n) => `<img style="width:390px" src="data:image/png;base64,${fs.readFileSync('/tmp/nu/' + n + '.png').toString('base64')}">`).join(''))
await p.waitForTimeout(300)
await p.screenshot({ path: `/tmp/nu/${out}.png` })
await b.close()
