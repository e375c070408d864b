/**
 * Serves the static export as a careful host would: pages with their policy, ranges, caching, no framing. The files come
 * through sirv; ranges are ours, because sirv misreads `bytes=-500` and `bytes=0-0`.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream'
import sirv from 'sirv'
import { parseByteRange } from './byte-range.ts'
import { listPages, readPolicy } from './csp.ts'
import { getCommonHeaders, getPathHeaders } from './site-headers.ts'

export interface SiteOptions {
  /** The built site, e.g. "out". */
  readonly root: string
  /** 0 takes a free one. */
  readonly port: number
  readonly host: string
  /** What /config.json says, instead of the file in the build. */
  readonly configJson: string | (() => string)
}

export interface Site {
  /** "http://127.0.0.1:3000", without a slash at its end. */
  readonly url: string
  /** Ends it with every open connection. */
  stop(): Promise<void>
}

/** The pages by the path under which they are asked for: "/watch/", "/404.html". Throws for one without a policy. */
function readPagePaths(root: string): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const page of listPages(root)) {
    if (!readPolicy(readFileSync(join(root, page), 'utf8')))
      throw new Error(`${page} has no content security policy: run scripts/site/csp.ts`)
    paths.add(`/${page}`)
    if (page === 'index.html' || page.endsWith('/index.html')) {
      paths.add(`/${page.slice(0, -'index.html'.length)}`)
    }
  }
  return paths
}

function getPathname(request: IncomingMessage): string | null {
  try {
    return decodeURIComponent(new URL(request.url ?? '/', 'http://site.invalid').pathname)
  } catch {
    return null
  }
}

/** Answers a range request itself; false when the whole file should go out. */
function sendRange(request: IncomingMessage, response: ServerResponse, root: string, path: string): boolean {
  const file = resolve(join(root, path))
  const stats = file.startsWith(root + sep) ? statSync(file, { throwIfNoEntry: false }) : undefined
  if (!stats?.isFile()) return false
  const ifRange = request.headers['if-range']
  const modified = stats.mtime.toUTCString()
  if (ifRange !== undefined && ifRange !== modified) return false
  const range = parseByteRange(request.headers.range, stats.size)
  if (range === 'whole') return false
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${stats.size}` }).end()
    return true
  }
  response.writeHead(206, {
    'Accept-Ranges': 'bytes',
    'Content-Length': range.endByte - range.startByte + 1,
    'Content-Range': `bytes ${range.startByte}-${range.endByte}/${stats.size}`,
    'Last-Modified': modified,
  })
  if (request.method === 'HEAD') response.end()
  else {
    // A viewer who leaves ends the pipe early: nothing to do then.
    pipeline(
      createReadStream(file, { start: range.startByte, end: range.endByte }),
      response,
      () => undefined,
    )
  }
  return true
}

/** Serves until stopped. Rejects when the port is taken or the site is not built. */
export async function serveSite(options: SiteOptions): Promise<Site> {
  const root = resolve(options.root)
  const pages = readPagePaths(root)
  if (pages.size === 0) throw new Error(`${options.root} has no page: build the site first`)
  const sendFile = sirv(root, { etag: true })
  const notFoundPage = readFileSync(join(root, '404.html'))

  const sendNotFound = (response: ServerResponse): void => {
    response.writeHead(404, { ...getPathHeaders('/404.html'), 'Content-Type': 'text/html;charset=utf-8' })
    response.end(notFoundPage)
  }

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(getCommonHeaders())) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      return
    }
    const path = getPathname(request)
    if (path === null || path.includes('\0')) {
      sendNotFound(response)
      return
    }
    if (path === '/config.json') {
      const { configJson } = options
      response.writeHead(200, getPathHeaders(path))
      response.end(typeof configJson === 'string' ? configJson : configJson())
      return
    }
    if (pages.has(`${path}/`)) {
      // One address a page. The path is one of our own pages, so this cannot lead anywhere else.
      response.writeHead(308, { Location: encodeURI(`${path}/`), 'Cache-Control': 'no-cache' }).end()
      return
    }
    for (const [name, value] of Object.entries(getPathHeaders(path))) response.setHeader(name, value)
    if (request.headers.range !== undefined && sendRange(request, response, root, path)) return
    delete request.headers.range
    sendFile(request, response, () => sendNotFound(response))
  })

  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(options.port, options.host, done)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
