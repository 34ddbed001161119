// A stand-in for the server with invented figures, to look at the pages without it: node e2e/mock/serve.mjs [port]
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import * as data from './data.mjs'

const dist = new URL('../../dist/', import.meta.url).pathname
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const policy = "default-src 'self'; img-src 'self' data: blob:"

function api(method, url) {
  const path = url.pathname
  const q = Object.fromEntries(url.searchParams)
  if (path === '/api/session') return data.me
  if (path === '/api/me') return data.me
  if (path === '/api/divisions') return { items: data.divisions }
  if (path === '/api/divisions/boundaries') return data.boundaries
  if (path === '/api/catalogue') return data.catalogue
  if (path === '/api/cockpit') return data.cockpit(q)
  if (path === '/api/ranking') return data.ranking(q)
  if (path === '/api/deadlines') return data.deadlines(q)
  if (path === '/api/returns') return { items: data.returns, total: data.returns.length }
  if (/^\/api\/indicators\/[^/]+\/history$/.test(path)) return { items: data.history }
  if (path.startsWith('/api/indicators/')) return data.indicator(q, decodeURIComponent(path.split('/')[3]))
  return null
}

export function serve(port) {
  const server = createServer(async (req, res) => {
    const url = new URL(req.url, 'http://localhost')
    res.setHeader('Content-Security-Policy', policy)
    if (url.pathname === '/api/events') {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      res.write(': open\n\n')
      return
    }
    if (url.pathname.startsWith('/api/')) {
      const body = api(req.method, url)
      res.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify(body ?? { kind: 'not_found', code: '', message: { zh: '没有找到', en: 'Not found' } }))
      return
    }
    const file = types[extname(url.pathname)] ? url.pathname : '/index.html'
    try {
      const bytes = await readFile(join(dist, file))
      res.writeHead(200, { 'Content-Type': `${types[extname(file)] ?? 'application/octet-stream'}; charset=utf-8` })
      res.end(bytes)
    } catch {
      res.writeHead(404).end()
    }
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const port = Number(process.argv[2] ?? 8099)
  await serve(port)
  console.log(`http://127.0.0.1:${port}`)
}
