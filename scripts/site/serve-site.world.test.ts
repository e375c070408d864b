import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyPolicies } from './csp.ts'
import { type Site, serveSite } from './serve-site.ts'

const page = (words: string) => `<html><head></head><body>${words}<script>go()</script></body></html>`
const film = Uint8Array.from({ length: 1000 }, (_, n) => n % 251)

let folder: string
let site: Site
let config = '{"first":1}'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'))
  const root = join(folder, 'out')
  for (const path of ['watch', 'demo', '_next/static']) mkdirSync(join(root, path), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(root, 'index.html'), page('home'))
  writeFileSync(join(root, 'watch', 'index.html'), page('watch'))
  writeFileSync(join(root, '404.html'), page('nothing here'))
  writeFileSync(join(root, 'sw.js'), 'self.x = 1')
  writeFileSync(join(root, 'config.json'), '{"stale":true}')
  writeFileSync(join(root, '_next', 'static', 'a.js'), 'go()')
  writeFileSync(join(root, 'site.webmanifest'), '{}')
  for (const name of ['a.torrent', 'a.vtt', 'a.mp4', 'a.webm']) writeFileSync(join(root, 'demo', name), film)
  applyPolicies(root)
  site = await serveSite({ root, port: 0, host: '127.0.0.1', configJson: () => config })
})

afterAll(async () => {
  await site.stop()
  rmSync(folder, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(site.url + path, { headers, redirect: 'manual' })

test('serves a page under its address with a slash and leads others there', async () => {
  expect(await (await get('/watch/')).text()).toContain('watch')
  const moved = await get('/watch')
  expect(moved.status).toBe(308)
  expect(moved.headers.get('location')).toBe('/watch/')
  expect((await get('/')).status).toBe(200)
})

test('answers what is not there with the 404 page', async () => {
  const response = await get('/nothing')
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('nothing here')
  expect(response.headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
})

test('gives the live configuration, never stored', async () => {
  config = '{"second":2}'
  const response = await get('/config.json')
  expect(await response.json()).toEqual({ second: 2 })
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test.each([
  ['/demo/a.torrent', 'application/x-bittorrent'],
  ['/demo/a.vtt', 'text/vtt;charset=utf-8'],
  ['/demo/a.mp4', 'video/mp4'],
  ['/demo/a.webm', 'video/webm'],
  ['/site.webmanifest', 'application/manifest+json'],
  ['/sw.js', 'text/javascript;charset=utf-8'],
  ['/', 'text/html;charset=utf-8'],
])('sends %s as %s', async (path, type) => {
  expect((await get(path)).headers.get('content-type')).toBe(type)
})

test('keeps hashed files for a year and asks again for the rest', async () => {
  expect((await get('/_next/static/a.js')).headers.get('cache-control')).toContain('immutable')
  for (const path of ['/', '/sw.js', '/demo/a.mp4']) {
    expect((await get(path)).headers.get('cache-control')).toBe('no-cache')
  }
  const etag = (await get('/')).headers.get('etag') ?? ''
  expect((await get('/', { 'if-none-match': etag })).status).toBe(304)
})

test('lets the worker of the site rule the whole site', async () => {
  expect((await get('/sw.js')).headers.get('service-worker-allowed')).toBe('/')
})

test('sends what a page cannot say itself, workers their policy, and the other security headers', async () => {
  expect((await get('/sw.js')).headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; connect-src .*; frame-ancestors 'none'$/,
  )
  expect((await get('/demo/a.vtt')).headers.get('content-security-policy')).toContain("default-src 'none'")
  const { headers } = await get('/watch/')
  expect(headers.get('content-security-policy')).toBe("frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('permissions-policy')).toContain('camera=()')
})

test.each([
  ['bytes=0-0', 0, 0],
  ['bytes=990-', 990, 999],
  ['bytes=-10', 990, 999],
  ['bytes=100-199', 100, 199],
])('sends the range %s', async (range, startByte, endByte) => {
  const response = await get('/demo/a.mp4', { range })
  expect(response.status).toBe(206)
  expect(response.headers.get('content-range')).toBe(`bytes ${startByte}-${endByte}/1000`)
  expect(response.headers.get('content-type')).toBe('video/mp4')
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(film.slice(startByte, endByte + 1))
})

test('refuses a range past the end and ignores several', async () => {
  expect((await get('/demo/a.mp4', { range: 'bytes=1000-' })).status).toBe(416)
  expect((await get('/demo/a.mp4', { range: 'bytes=0-1,5-6' })).status).toBe(200)
})

/** Sends one request as it is: fetch would tidy the path. */
function sendRaw(request: string): Promise<string> {
  return new Promise((done, fail) => {
    const { hostname, port } = new URL(site.url)
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => done(answer))
    socket.on('error', fail)
  })
}

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/demo/..%5c..%5csecret.txt',
  '/%00',
  '/%zz',
])('does not leave its folder for %s', async (path) => {
  for (const extra of ['', 'Range: bytes=0-5\r\n']) {
    const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: site\r\n${extra}Connection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 404/)
    expect(answer).not.toContain('secret')
  }
})

test('takes nothing but GET and HEAD', async () => {
  expect((await fetch(site.url, { method: 'POST', body: 'x' })).status).toBe(405)
  const head = await fetch(`${site.url}/demo/a.mp4`, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe('1000')
})

test('ends connections that are open when it stops', async () => {
  const other = await serveSite({ root: join(folder, 'out'), port: 0, host: '127.0.0.1', configJson: '{}' })
  const socket = connect(Number(new URL(other.url).port), '127.0.0.1')
  const closed = new Promise((done) => socket.once('close', done))
  socket.on('error', () => undefined)
  await new Promise((done) => socket.once('connect', done))
  await other.stop()
  await closed
})
