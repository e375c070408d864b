/**
 * Asks a running host for the site's pages, assets, workers and configuration, and says what of its answers is wrong:
 * `npm run check:host -- https://piecemeal.example`. Exit code 1 when something is, 2 when it cannot be asked.
 */
import { pathToFileURL } from 'node:url'
import { parseConfig } from '../../lib/config/index.ts'
import { injectPolicy, readPolicy } from './csp.ts'
import {
  getCommonHeaders,
  getPathHeaders,
  NO_FRAMES,
  REVALIDATE,
  readFrameAncestors,
} from './site-headers.ts'

export interface HostFinding {
  readonly path: string
  /** A header's name, or what else was looked at. */
  readonly what: string
  readonly isRight: boolean
  /** What is wrong, in words; what was found where it is right. */
  readonly words: string
}

const TIMEOUT_MS = 20_000
/** Scripts and styles of a page are many and all come by one rule. */
const MAX_ASSETS = 3
/** A path that no build has. */
const NOWHERE = '/no-such-page-of-ours/'

interface Answer {
  readonly path: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function ask(base: string, path: string): Promise<Answer> {
  const response = await fetch(new URL(path, base), {
    redirect: 'manual',
    headers: { 'accept-encoding': 'identity' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { path, status: response.status, headers: response.headers, text: await response.text() }
}

const directivesOf = (policy: string): string[] =>
  policy
    .split(';')
    .map((directive) => directive.trim().replace(/\s+/g, ' '))
    .filter((directive) => directive !== '')
    .sort()

/** A host may split a policy into several that are joined by commas; all of them hold. */
function hasPolicy(found: string, wanted: string): boolean {
  const all = new Set(found.split(',').flatMap(directivesOf))
  return directivesOf(wanted).every((directive) => all.has(directive))
}

const maxAgeOf = (caching: string): number =>
  Number(/(?:^|[\s,])max-age=(\d+)/i.exec(caching)?.[1] ?? Number.NaN)

function isCachedRight(found: string, wanted: string): boolean {
  if (/no-store/i.test(wanted)) return /no-store/i.test(found)
  const asksAgain = /no-cache|no-store/i.test(found) || maxAgeOf(found) === 0
  return wanted === REVALIDATE ? asksAgain : !asksAgain && maxAgeOf(found) >= maxAgeOf(wanted)
}

function isRightValue(name: string, found: string, wanted: string): boolean {
  const tidy = (text: string): string =>
    text
      .toLowerCase()
      .replace(/\s*([;,=])\s*/g, '$1')
      .trim()
  switch (name) {
    case 'Content-Security-Policy':
      return hasPolicy(found, wanted)
    case 'Cache-Control':
      return isCachedRight(found, wanted)
    case 'Content-Type':
      // Scripts have two names in use; where we name a charset, none or that one is right.
      return (
        tidy(found).replace('application/javascript', 'text/javascript').split(';')[0] ===
        tidy(wanted).split(';')[0]
      )
    case 'Permissions-Policy': {
      const parts = tidy(found).split(',')
      return tidy(wanted)
        .split(',')
        .every((part) => parts.includes(part))
    }
    default:
      return tidy(found) === tidy(wanted)
  }
}

function checkHeaders({ path, headers }: Answer, frameAncestors: string): HostFinding[] {
  // A page's type stands in no table: every server knows it.
  const type = /\.\w+$/.test(path) ? {} : { 'Content-Type': 'text/html' }
  const wanted = { ...getCommonHeaders(frameAncestors), ...type, ...getPathHeaders(path, frameAncestors) }
  return Object.entries(wanted).map(([name, value]) => {
    const found = headers.get(name)
    if (found !== null && isRightValue(name, found, value))
      return { path, what: name, isRight: true, words: found }
    const words = found === null ? `missing; it should be: ${value}` : `is: ${found}; it should be: ${value}`
    return { path, what: name, isRight: false, words }
  })
}

function checkStatus({ path, status }: Answer, wanted: number): HostFinding {
  const isRight = status === wanted
  return {
    path,
    what: 'status',
    isRight,
    words: isRight ? `${status}` : `is ${status}; it should be ${wanted}`,
  }
}

function checkPage({ path, text }: Answer): HostFinding {
  const what = 'policy in the page'
  if (readPolicy(text) === null)
    return { path, what, isRight: false, words: 'missing: this is not what npm run build made' }
  // A host that puts scripts of its own into pages: the policy stops them, and the visitor was to be tracked.
  return injectPolicy(text) === text
    ? { path, what, isRight: true, words: 'fits its scripts' }
    : { path, what, isRight: false, words: 'does not fit its scripts: the host changes the pages' }
}

function checkConfig({ path, text }: Answer, isSecure: boolean): HostFinding {
  const what = 'content'
  try {
    const { network, trackers } = parseConfig(JSON.parse(text))
    const open = [network.fullHost, ...(network.otherHosts ?? []), ...trackers].find(
      (url) => isSecure && /^(http|ws):/.test(url),
    )
    return open
      ? { path, what, isRight: false, words: `a page of https cannot reach ${open}` }
      : { path, what, isRight: true, words: `network ${network.label}, ${trackers.length} trackers` }
  } catch (error) {
    return { path, what, isRight: false, words: error instanceof Error ? error.message : String(error) }
  }
}

/** Whether a path without its slash leads to the page, on the same host and by its own scheme. */
function checkRedirect({ path, status, headers }: Answer, base: string): HostFinding {
  const to = headers.get('location')
  const target = to === null ? null : new URL(to, new URL(path, base)).href
  const isRight = [301, 302, 307, 308].includes(status) && target === new URL(`${path}/`, base).href
  return {
    path,
    what: 'redirect',
    isRight,
    words: isRight ? `${target}` : `${status} to ${to}; it should lead to ${path}/`,
  }
}

/** All findings, right and wrong. Throws TypeError or DOMException when the host cannot be asked. */
export async function checkHost(
  url: string,
  { frameAncestors = NO_FRAMES }: { readonly frameAncestors?: string } = {},
): Promise<readonly HostFinding[]> {
  const base = new URL(url).origin
  const findings: HostFinding[] = []
  const assets = new Set<string>()
  for (const path of ['/', '/watch/', '/wallet/']) {
    const page = await ask(base, path)
    findings.push(checkStatus(page, 200), ...checkHeaders(page, frameAncestors), checkPage(page))
    for (const [, src = ''] of page.text.matchAll(/(?:src|href)="(\/_next\/static\/[^"?]+\.(?:js|css))"/g))
      assets.add(src)
  }
  const scripts = [...assets].filter((path) => path.endsWith('.js')).slice(0, MAX_ASSETS)
  const styles = [...assets].filter((path) => path.endsWith('.css')).slice(0, 1)
  if (scripts.length === 0)
    findings.push({
      path: '/',
      what: 'scripts',
      isRight: false,
      words: 'none: this is not what npm run build made',
    })
  for (const path of ['/sw.js', '/opfs-worker.js', '/demo/demos.json', ...scripts, ...styles]) {
    const file = await ask(base, path)
    findings.push(checkStatus(file, 200), ...checkHeaders(file, frameAncestors))
  }
  const config = await ask(base, '/config.json')
  findings.push(
    checkStatus(config, 200),
    ...checkHeaders(config, frameAncestors),
    checkConfig(config, base.startsWith('https:')),
  )
  const missing = await ask(base, NOWHERE)
  // Where everything leads to one page, a wrong address looks right and a missing file is taken for a script.
  findings.push(checkStatus(missing, 404), ...checkHeaders(missing, frameAncestors))
  findings.push(checkRedirect(await ask(base, '/watch'), base))
  return findings
}

/** A table for people: what is wrong line by line, what is right path by path. */
export function formatFindings(findings: readonly HostFinding[]): string {
  const wrong = findings.filter(({ isRight }) => !isRight)
  const width = Math.max(...findings.map(({ path }) => path.length))
  const rows = [...new Set(findings.map(({ path }) => path))].flatMap((path) => {
    const own = findings.filter((finding) => finding.path === path)
    const bad = own.filter(({ isRight }) => !isRight)
    if (bad.length === 0) return [`ok     ${path.padEnd(width)}  ${own.length} checks`]
    return bad.map(({ what, words }) => `WRONG  ${path.padEnd(width)}  ${what}: ${words}`)
  })
  const sum =
    wrong.length === 0
      ? `${findings.length} checks, all right`
      : `${findings.length} checks, ${wrong.length} wrong`
  return `${rows.join('\n')}\n${sum}\n`
}

async function main(url: string | undefined): Promise<void> {
  if (!url || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    process.stderr.write('npm run check:host -- <https://your.site>\n')
    process.exitCode = 2
    return
  }
  try {
    const findings = await checkHost(url, { frameAncestors: readFrameAncestors(process.env) })
    process.stdout.write(formatFindings(findings))
    process.exitCode = findings.every(({ isRight }) => isRight) ? 0 : 1
  } catch (error) {
    const { cause } = error as Error
    const words =
      cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error)
    process.stderr.write(`${url} cannot be asked: ${words}\n`)
    process.exitCode = 2
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv[2])
