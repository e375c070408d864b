/**
 * The headers of every answer of the site: the one table that our own server sends, that `host-files.ts` writes for other
 * hosts, and that `check-host.ts` holds a running host to. What each is for: docs/DEPLOY.md.
 */
import { extname } from 'node:path'
import { WORKER_POLICY } from './csp.ts'

export type Headers = Readonly<Record<string, string>>

/** Who may show the site in a frame (the directive's sources). Framed, the site only watches; nobody, unless the operator says so. */
export const NO_FRAMES = "'none'"

/** PIECEMEAL_FRAME_ANCESTORS, checked. Throws RangeError when it could end the directive or the header. */
export function readFrameAncestors(env: NodeJS.ProcessEnv): string {
  const text = env.PIECEMEAL_FRAME_ANCESTORS?.trim() || NO_FRAMES
  if (!/^('none'|'self'|https?:\/\/[\w.*:-]+)( ('self'|https?:\/\/[\w.*:-]+))*$/.test(text))
    throw new RangeError(`PIECEMEAL_FRAME_ANCESTORS is not 'none', 'self' or a list of origins: ${text}`)
  return text
}

/** With every answer, errors too. */
export function getCommonHeaders(frameAncestors = NO_FRAMES): Headers {
  return {
    'X-Content-Type-Options': 'nosniff',
    // For browsers older than frame-ancestors; it cannot name other sites.
    ...(frameAncestors === NO_FRAMES ? { 'X-Frame-Options': 'DENY' } : {}),
    'Referrer-Policy': 'no-referrer',
    // No wallet that we speak with opens a page that talks back: each asks in a window of its own. One that did would
    // need same-origin-allow-popups.
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=()',
  }
}

export const REVALIDATE = 'no-cache'

export interface PathRule {
  /** A path of the site, or with "*" at its end all that begin so. */
  readonly path: string
  readonly headers: Headers
}

/** By path, the first that fits. Pages have the rest of their policy in themselves (csp.ts): a meta cannot say who may frame it. */
export function getPathRules(frameAncestors = NO_FRAMES): readonly PathRule[] {
  const frames = `frame-ancestors ${frameAncestors}`
  const worker = `${WORKER_POLICY}; ${frames}`
  const nothing = `default-src 'none'; ${frames}`
  const rule = (path: string, caching: string, policy: string, more: Headers = {}): PathRule => ({
    path,
    headers: { 'Cache-Control': caching, 'Content-Security-Policy': policy, ...more },
  })
  return [
    // Named by their content.
    rule('/_next/static/*', 'public, max-age=31536000, immutable', worker),
    // A browser that kept an old one would stream by old rules. It answers for /stream/, beside the folder of none of our pages.
    rule('/sw.js', REVALIDATE, worker, { 'Service-Worker-Allowed': '/' }),
    rule('/opfs-worker.js', REVALIDATE, worker),
    rule('/config.json', 'no-store', nothing),
    rule('/demo/*', REVALIDATE, nothing),
    rule('/*', REVALIDATE, frames),
  ]
}

const fits = ({ path }: PathRule, pathname: string): boolean =>
  path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path

/** Types that servers' own tables lack, that want a charset, or that are asked for in ranges. */
export const TYPES: Headers = {
  '.torrent': 'application/x-bittorrent',
  '.vtt': 'text/vtt;charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.js': 'text/javascript;charset=utf-8',
  '.css': 'text/css;charset=utf-8',
  '.txt': 'text/plain;charset=utf-8',
  '.json': 'application/json',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
}

/** Headers of one path of the site, beside the common ones. */
export function getPathHeaders(pathname: string, frameAncestors = NO_FRAMES): Headers {
  const rule = getPathRules(frameAncestors).find((each) => fits(each, pathname))
  const type = TYPES[extname(pathname)]
  return { ...rule?.headers, ...(type ? { 'Content-Type': type } : {}) }
}
