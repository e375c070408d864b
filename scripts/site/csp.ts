/**
 * The site's content security policy. Next's static export has inline scripts (the pages' data), so after the build each
 * page gets a policy of its own with the SHA-256 of each: any static host then gives the same protection.
 * `node scripts/site/csp.ts [folder]`, out/ by default; running it again changes nothing.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Trackers and TRON nodes are the operator's choice in config.json: see docs/decisions/0003-csp-connect-src.md. */
const CONNECT_SRC = "connect-src 'self' ws: wss: https: http://127.0.0.1:* http://localhost:*"

const META = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"\/?>/
const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi
/** The charset must stand in the first 1024 bytes, so the policy comes after it. */
const HEAD_START = /<head[^>]*>\s*(?:<meta char[Ss]et="[^"]*"\s*\/?>)?/

/** The policy for a worker's script: a worker takes it from its own response, not from the page. */
export const WORKER_POLICY = `default-src 'none'; script-src 'self'; ${CONNECT_SRC}`

/** The policy for a page with these inline scripts (their exact text). */
export function buildPolicy(inlineScripts: readonly string[]): string {
  const hashes = inlineScripts.map(
    (text) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`,
  )
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...new Set(hashes)].join(' ')}`,
    // Dialogs lock scrolling and toasts bring their looks by style elements whose text is made at run time.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    CONNECT_SRC,
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** The page with its policy as first of the head's elements that could load anything. Throws when it has no head. */
export function injectPolicy(html: string): string {
  const bare = html.replace(META, '')
  const head = HEAD_START.exec(bare)
  if (!head) throw new Error('the page has no head')
  const scripts = [...bare.matchAll(INLINE_SCRIPT)].map(([, text]) => text ?? '')
  const at = head.index + head[0].length
  const meta = `<meta http-equiv="Content-Security-Policy" content="${buildPolicy(scripts)}"/>`
  return bare.slice(0, at) + meta + bare.slice(at)
}

/** The policy that a page carries, or null. */
export function readPolicy(html: string): string | null {
  return META.exec(html)?.[1] ?? null
}

/** Paths of all pages below a folder, with "/" between the parts. */
export function listPages(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.html'))
    .sort()
}

/** Gives each page below a folder its policy; how many pages. Throws when there is none. */
export function applyPolicies(folder: string): number {
  const pages = listPages(folder)
  if (pages.length === 0) throw new Error(`${folder} has no page: build the site first`)
  for (const page of pages) {
    const path = join(folder, page)
    const html = readFileSync(path, 'utf8')
    const guarded = injectPolicy(html)
    if (guarded !== html) writeFileSync(path, guarded)
  }
  return pages.length
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../../out', import.meta.url))
  process.stdout.write(`content security policy in ${applyPolicies(folder)} pages\n`)
}
