/** What the site's server says about each path: type, caching, security. The same table serves any host's settings. */
import { extname } from 'node:path'

/** Sent with every answer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=()',
}

/** Types that the file server's own table lacks, that want a charset, or that are asked for in ranges. */
const TYPES: Readonly<Record<string, string>> = {
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

/** Headers of one path of the site, beside the security ones. */
export function getPathHeaders(pathname: string): Record<string, string> {
  const type = TYPES[extname(pathname)]
  const isHashed = pathname.startsWith('/_next/static/')
  return {
    // Whatever has no hash in its name is asked for again; its ETag makes that cheap.
    'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(type ? { 'Content-Type': type } : {}),
    ...(pathname === '/sw.js' ? { 'Service-Worker-Allowed': '/' } : {}),
  }
}
