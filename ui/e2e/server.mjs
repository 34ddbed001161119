// Starts what is looked at and stops it again.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A port that nobody has. */
export function sparePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

export async function answers(base, alive, seconds) {
  for (let i = 0; i < seconds * 5; i++) {
    if (!alive()) return false
    try {
      if ((await fetch(`${base}/healthz`)).ok) return true
    } catch {
      // Not up yet.
    }
    await new Promise((r) => setTimeout(r, 200))
  }
  return false
}

/** The demo city in a fresh folder. The accounts are read from what the program prints. */
export async function startDemo(binary) {
  if (!binary) throw new Error('ANLAN_BIN must name the program, or E2E_MOCK=1 asks for the stand-in')
  const port = await sparePort()
  const folder = await mkdtemp(join(tmpdir(), 'anlan-e2e-'))
  const base = `http://127.0.0.1:${port}`
  let said = ''
  const child = spawn(binary, ['demo', '--listen', `127.0.0.1:${port}`, '--keep', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((r) => child.once('exit', r))
  let alive = true
  ended.then(() => (alive = false))
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part))
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([ended, new Promise((r) => setTimeout(r, 5000))])
    if (alive) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  if (!(await answers(base, () => alive, 120))) {
    await stop()
    throw new Error(`the demo did not come up:\n${said.slice(-2000)}`)
  }
  return { base, stop, accounts: accountsIn(said), said: () => said }
}

/** Lines of the form "  login   password   who" under the address. */
export function accountsIn(text) {
  const found = []
  for (const line of text.split('\n')) {
    const m = /^ {2}([a-z][\w.-]*)\s+(\S{6,})\s+(\S.*)$/.exec(line)
    if (m) found.push({ login: m[1], password: m[2], about: m[3] })
  }
  return found
}

/** The stand-in server. */
export async function startMock() {
  const { serve } = await import('./mock/serve.mjs')
  const port = await sparePort()
  const server = await serve(port)
  return {
    base: `http://127.0.0.1:${port}`,
    accounts: [{ login: 'guihua', password: 'stand-in', about: '' }],
    stop: async () => {
      server.closeAllConnections()
      await new Promise((r) => server.close(r))
    },
  }
}
