/** Reads what a person typed, pasted or dropped, or what a URL carried: magnet (BEP 9), info-hash, link. Untrusted. */
import { base32 } from '@scure/base'
import { bytesToHex, TorrentError } from '../../base/index.ts'
import type { TorrentSource } from '../engine.ts'
import { isPrivateHost } from './private-host.ts'

/** A magnet with a long name and dozens of trackers stays below this; anything longer is not a link. */
const MAX_SOURCE_CHARS = 8_192
const MAX_NAME_CHARS = 255
const MAX_TRACKERS = 20

/** 40 hex or 32 base32 digits as 40 lower-case hex, or null. */
function parseInfoHash(text: string): string | null {
  if (/^[0-9a-f]{40}$/i.test(text)) return text.toLowerCase()
  if (/^[a-z2-7]{32}$/i.test(text)) return bytesToHex(base32.decode(text.toUpperCase())).slice(2)
  return null
}

/**
 * The trackers of strangers that a page can and may contact: ws and wss only, at most 20, and none on this
 * machine or its private network, where a stranger's link has no business.
 */
export function sanitiseTrackers(urls: readonly unknown[]): string[] {
  const kept = new Set<string>()
  for (const url of urls) {
    if (kept.size >= MAX_TRACKERS) break
    if (typeof url !== 'string' || url.length > 512 || !/^wss?:\/\//i.test(url) || !URL.canParse(url))
      continue
    const parsed = new URL(url)
    if (parsed.username === '' && parsed.password === '' && !isPrivateHost(parsed.hostname)) kept.add(url)
  }
  return [...kept]
}

function parseMagnet(text: string): TorrentSource {
  const params = new URLSearchParams(text.slice(text.indexOf('?') + 1))
  const topics = params.getAll('xt').concat(params.getAll('xt.1'))
  const name = params.get('dn')?.slice(0, MAX_NAME_CHARS) || null
  for (const topic of topics) {
    const infoHash = /^urn:btih:/i.test(topic) ? parseInfoHash(topic.slice(9)) : null
    if (!infoHash) continue
    const trackers = sanitiseTrackers(params.getAll('tr'))
    const query = [`xt=urn:btih:${infoHash}`, ...(name ? [`dn=${encodeURIComponent(name)}`] : [])]
    for (const tracker of trackers) query.push(`tr=${encodeURIComponent(tracker)}`)
    return { kind: 'magnet', uri: `magnet:?${query.join('&')}`, infoHash, name }
  }
  if (topics.some((topic) => /^urn:btmh:/i.test(topic))) {
    throw new TorrentError('v2-only', 'The magnet names only a version 2 torrent.')
  }
  throw new TorrentError('bad-magnet', 'The magnet link has no readable info-hash.')
}

/** The trackers in a magnet URI that `parseSource` made. */
export function trackersOfMagnet(uri: string): string[] {
  return sanitiseTrackers(new URLSearchParams(uri.slice(uri.indexOf('?') + 1)).getAll('tr'))
}

/**
 * Reads untrusted text. Throws TorrentError: 'empty', 'too-long', 'bad-magnet', 'v2-only' or 'unrecognised'.
 * Our own links (`…/watch#<info-hash>` or `…/watch#<magnet>`) are read by their fragment, never fetched.
 */
export function parseSource(text: string): TorrentSource {
  if (text.length > MAX_SOURCE_CHARS) throw new TorrentError('too-long', 'The text is too long for a link.')
  const trimmed = text.trim()
  if (trimmed === '') throw new TorrentError('empty', 'There is nothing to open.')
  if (/^(stream-)?magnet:/i.test(trimmed)) return parseMagnet(trimmed)
  const infoHash = parseInfoHash(trimmed)
  if (infoHash) return { kind: 'infoHash', infoHash }
  const isWatchPath = /^\/?watch\/?#/.test(trimmed)
  if (isWatchPath || (/^https?:\/\//i.test(trimmed) && URL.canParse(trimmed))) {
    const url = new URL(trimmed, 'http://watch.invalid/')
    if (/\/watch\/?$/.test(url.pathname) && url.hash.length > 1) return parseFragment(url.hash)
    if (!isWatchPath) return { kind: 'link', url: url.href.slice(0, url.href.length - url.hash.length) }
  }
  throw new TorrentError('unrecognised', 'That is not a magnet link, an info-hash or a link to a torrent.')
}

/** Reads a URL fragment, with or without "#": an info-hash or a magnet, percent-encoded or not. Throws as `parseSource`. */
export function parseFragment(fragment: string): TorrentSource {
  if (fragment.length > MAX_SOURCE_CHARS) throw new TorrentError('too-long', 'The link is too long.')
  const body = fragment.replace(/^#/, '')
  let decoded = body
  if (!/^magnet:/i.test(body)) {
    try {
      decoded = decodeURIComponent(body)
    } catch (error) {
      throw new TorrentError('unrecognised', 'The link is damaged.', { cause: error })
    }
  }
  if (/^magnet:/i.test(decoded)) return parseMagnet(decoded)
  const infoHash = parseInfoHash(decoded.split(/[&?/]/)[0] ?? '')
  if (!infoHash) throw new TorrentError('unrecognised', 'The link names no torrent.')
  return { kind: 'infoHash', infoHash }
}
