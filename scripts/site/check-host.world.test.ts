import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkHost, formatFindings } from './check-host.ts'
import { applyPolicies } from './csp.ts'
import { formatHeadersFile, writeHostFiles } from './host-files.ts'
import { type Site, serveSite } from './serve-site.ts'
import { getCommonHeaders, getPathHeaders, getPathRules, readFrameAncestors } from './site-headers.ts'

const page = `<html><head><link href="/_next/static/a.css"/></head><body><script src="/_next/static/a.js"></script><script>go()</script></body></html>`
const config = readFileSync(new URL('../../public/config.json', import.meta.url), 'utf8')
let folder: string
let site: Site

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'host-'))
  for (const path of ['watch', 'wallet', 'demo', '_next/static'])
    mkdirSync(join(folder, path), { recursive: true })
  for (const path of ['index.html', 'watch/index.html', 'wallet/index.html', '404.html'])
    writeFileSync(join(folder, path), page)
  for (const path of ['sw.js', 'opfs-worker.js', '_next/static/a.js'])
    writeFileSync(join(folder, path), 'go()')
  writeFileSync(join(folder, '_next/static/a.css'), 'p{}')
  writeFileSync(join(folder, 'demo/demos.json'), '[]')
  applyPolicies(folder)
  site = await serveSite({ root: folder, port: 0, host: '127.0.0.1', configJson: config })
})
afterAll(async () => {
  await site.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Change = (request: IncomingMessage, answer: { status: number; headers: Headers; text: string }) => void

/** What is wrong with our own server's answers once another host has changed them. */
async function findWrong(change: Change): Promise<string[]> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void (async () => {
      const from = await fetch(site.url + request.url, { redirect: 'manual' })
      const answer = { status: from.status, headers: new Headers(from.headers), text: await from.text() }
      for (const name of ['content-length', 'content-encoding', 'transfer-encoding', 'connection'])
        answer.headers.delete(name)
      change(request, answer)
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(answer.text)
    })()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    const findings = await checkHost(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    return findings.filter(({ isRight }) => !isRight).map(({ path, what }) => `${path} ${what}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('checkHost', () => {
  it('finds nothing wrong with our own server', async () => {
    const findings = await checkHost(`${site.url}/watch/`)
    expect(findings.filter(({ isRight }) => !isRight)).toEqual([])
    expect(findings.length).toBeGreaterThan(80)
    expect(formatFindings(findings)).toMatch(/ok +\/sw\.js .*\n(.*\n)*\d+ checks, all right\n$/)
  })

  const names = [
    ...Object.keys(getCommonHeaders()),
    'Cache-Control',
    'Content-Security-Policy',
    'Content-Type',
  ]
  it.each(names)('fails a host that does not send %s', async (name) => {
    const wrong = await findWrong((_, { headers }) => headers.delete(name))
    for (const path of [
      '/',
      '/watch/',
      '/sw.js',
      '/_next/static/a.js',
      '/config.json',
      '/no-such-page-of-ours/',
    ])
      expect(wrong).toContain(`${path} ${name}`)
    expect(wrong.every((each) => each.endsWith(` ${name}`))).toBe(true)
  })

  it('fails a host whose service worker may not rule the site, or is kept', async () => {
    const lost: Change = ({ url }, { headers }) => {
      if (url === '/sw.js') headers.delete('service-worker-allowed')
    }
    expect(await findWrong(lost)).toEqual(['/sw.js Service-Worker-Allowed'])
    const kept: Change = ({ url }, { headers }) => {
      if (url === '/sw.js') headers.set('cache-control', 'public, max-age=14400')
    }
    expect(await findWrong(kept)).toEqual(['/sw.js Cache-Control'])
  })

  it.each([
    ['Content-Security-Policy', 'frame-ancestors *'],
    ['X-Frame-Options', 'SAMEORIGIN'],
    ['Referrer-Policy', 'unsafe-url'],
    ['Cross-Origin-Opener-Policy', 'unsafe-none'],
    ['Permissions-Policy', 'camera=*, microphone=()'],
    ['Cache-Control', 'max-age=600'],
  ])('fails a page with %s: %s', async (name, value) => {
    const wrong = await findWrong(({ url }, { headers }) => {
      if (url === '/watch/') headers.set(name, value)
    })
    expect(wrong).toEqual([`/watch/ ${name}`])
  })

  it('passes what hosts do in their own way', async () => {
    const wrong = await findWrong(({ url }, { headers }) => {
      const caching = headers.get('cache-control')
      if (caching === 'no-cache') headers.set('cache-control', 'public, max-age=0, must-revalidate')
      if (url === '/sw.js') headers.set('content-type', 'application/javascript; charset=UTF-8')
      const policy = headers.get('content-security-policy')
      if (policy !== "frame-ancestors 'none'")
        headers.set('content-security-policy', `frame-ancestors 'none', ${policy}`)
    })
    expect(wrong).toEqual([])
  })

  it('fails a host that puts a script into the pages, leads every address to one page, or has another config', async () => {
    const script: Change = (_, answer) => {
      answer.text = answer.text.replace('</body>', '<script>track()</script></body>')
    }
    expect(await findWrong(script)).toEqual(
      ['/', '/watch/', '/wallet/'].map((path) => `${path} policy in the page`),
    )
    const one: Change = (_, answer) => {
      if (answer.status === 404) answer.status = 200
    }
    expect(await findWrong(one)).toEqual(['/no-such-page-of-ours/ status'])
    const empty: Change = ({ url }, answer) => {
      if (url === '/config.json') answer.text = '{}'
    }
    expect(await findWrong(empty)).toEqual(['/config.json content'])
    const astray: Change = (_, { headers }) => {
      if (headers.has('location')) headers.set('location', 'http://elsewhere.example/watch/')
    }
    expect(await findWrong(astray)).toEqual(['/watch redirect'])
  })
})

/** As Netlify and Cloudflare Pages read the file: all rules that fit, values of one header joined by commas. */
function readHeadersFile(text: string, path: string): Headers {
  const headers = new Headers()
  let isFitting = false
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue
    if (!line.startsWith(' ')) {
      isFitting = line.endsWith('*') ? path.startsWith(line.slice(0, -1)) : path === line
    } else if (isFitting) {
      const colon = line.indexOf(':')
      headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
    }
  }
  return headers
}

describe('the hosting files', () => {
  it('are written into the build', () => {
    expect(writeHostFiles(folder)).toEqual(['_headers', 'hosting/nginx.conf', 'hosting/Caddyfile'])
    const caddy = readFileSync(join(folder, 'hosting/Caddyfile'), 'utf8')
    const nginx = readFileSync(join(folder, 'hosting/nginx.conf'), 'utf8')
    for (const text of [caddy, nginx, formatHeadersFile()])
      for (const [name, value] of [
        ...Object.entries(getCommonHeaders()),
        ...getPathRules().flatMap(({ headers }) => Object.entries(headers)),
      ]) {
        expect(text).toContain(name)
        if (text !== formatHeadersFile() || value !== 'no-cache') expect(text).toContain(value)
      }
  })

  it('make a host send what the check wants, by _headers alone', async () => {
    const text = formatHeadersFile()
    const wrong = await findWrong(({ url = '' }, { headers, status }) => {
      if (status === 308) return
      const type = headers.get('content-type') ?? ''
      for (const name of [...headers.keys()]) headers.delete(name)
      headers.set('content-type', type)
      for (const [name, value] of readHeadersFile(text, url)) headers.set(name, value)
      if (!headers.has('cache-control')) headers.set('cache-control', 'public, max-age=0, must-revalidate')
    })
    expect(wrong).toEqual([])
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(2_000)
  })

  it('name the sites that may frame the page, where the operator says so', () => {
    const frames = readFrameAncestors({
      NODE_ENV: 'test',
      PIECEMEAL_FRAME_ANCESTORS: " 'self' https://blog.example ",
    })
    expect(getCommonHeaders(frames)).not.toHaveProperty('X-Frame-Options')
    expect(getPathHeaders('/watch/', frames)['Content-Security-Policy']).toBe(
      "frame-ancestors 'self' https://blog.example",
    )
    expect(readFrameAncestors({ NODE_ENV: 'test' })).toBe("'none'")
    for (const bad of ["'none'; script-src *", 'https://a.example\nX: y', '*', 'https://a.example, b', '"'])
      expect(() => readFrameAncestors({ NODE_ENV: 'test', PIECEMEAL_FRAME_ANCESTORS: bad })).toThrow(
        RangeError,
      )
  })
})
