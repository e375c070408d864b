import { base32 } from '@scure/base'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TorrentError } from '../../base/index.ts'
import { parseFragment, parseSource, sanitiseTrackers, trackersOfMagnet } from './parse-source.ts'

const HASH = 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c'
const hashBytes = Uint8Array.from(HASH.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof TorrentError) return error.code
    throw error
  }
  return 'accepted'
}

describe('parseSource', () => {
  it('reads an info-hash in hex and base32, in any case', () => {
    const expected = { kind: 'infoHash', infoHash: HASH }
    expect(parseSource(HASH)).toEqual(expected)
    expect(parseSource(`  ${HASH.toUpperCase()}\n`)).toEqual(expected)
    expect(parseSource(base32.encode(hashBytes).toLowerCase())).toEqual(expected)
  })

  it('reads a magnet, keeps its name and public WebSocket trackers, drops the rest', () => {
    const source = parseSource(
      `magnet:?xt=urn:btih:${HASH}&dn=A%20film&tr=udp%3A%2F%2Ft.example%3A1&tr=wss%3A%2F%2Ft.example&tr=ws%3A%2F%2F192.168.0.1&xs=http%3A%2F%2Fx.example&ws=http%3A%2F%2Fy.example&x.pe=1.2.3.4:5`,
    )
    expect(source).toEqual({
      kind: 'magnet',
      infoHash: HASH,
      name: 'A film',
      uri: `magnet:?xt=urn:btih:${HASH}&dn=A%20film&tr=wss%3A%2F%2Ft.example`,
    })
    expect(source.kind === 'magnet' && trackersOfMagnet(source.uri)).toEqual(['wss://t.example'])
  })

  it('reads the v1 topic of a hybrid magnet', () => {
    const source = parseSource(`magnet:?xt=urn:btmh:1220${'a'.repeat(64)}&xt=urn:btih:${HASH}`)
    expect(source).toMatchObject({ kind: 'magnet', infoHash: HASH })
  })

  it('reads our own links by their fragment', () => {
    expect(parseSource(`https://piecemeal.example/watch#${HASH}`)).toEqual({
      kind: 'infoHash',
      infoHash: HASH,
    })
    expect(parseSource(`/watch/#${HASH}`)).toEqual({ kind: 'infoHash', infoHash: HASH })
    const magnet = `magnet:?xt=urn:btih:${HASH}&dn=x`
    expect(parseFragment(`#${encodeURIComponent(magnet)}`)).toMatchObject({ kind: 'magnet', name: 'x' })
    expect(parseFragment(`#${magnet}`)).toMatchObject({ kind: 'magnet', infoHash: HASH })
  })

  it('takes other http(s) links for links to .torrent files', () => {
    expect(parseSource('https://a.example/film.torrent#x')).toEqual({
      kind: 'link',
      url: 'https://a.example/film.torrent',
    })
  })

  it('refuses each kind of nonsense with a code of its own', () => {
    expect(codeOf(() => parseSource(''))).toBe('empty')
    expect(codeOf(() => parseSource('  \n'))).toBe('empty')
    expect(codeOf(() => parseSource('x'.repeat(10_000_000)))).toBe('too-long')
    expect(codeOf(() => parseSource(`magnet:?xt=urn:btih:${HASH}&dn=${'x'.repeat(100_000)}`))).toBe(
      'too-long',
    )
    expect(codeOf(() => parseSource('magnet:?xt=urn:btih:123'))).toBe('bad-magnet')
    expect(codeOf(() => parseSource('magnet:'))).toBe('bad-magnet')
    expect(codeOf(() => parseSource(`magnet:?xt=urn:btmh:1220${'a'.repeat(64)}`))).toBe('v2-only')
    expect(codeOf(() => parseSource('javascript:alert(1)'))).toBe('unrecognised')
    expect(codeOf(() => parseSource('hello'))).toBe('unrecognised')
    expect(codeOf(() => parseFragment('#%E0%A4%A'))).toBe('unrecognised')
  })

  it('never throws anything but a TorrentError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `magnet:?${text}`),
          fc.webUrl(),
        ),
        (text) => {
          codeOf(() => parseSource(text))
          codeOf(() => parseFragment(text))
        },
      ),
    )
  })
})

describe('sanitiseTrackers', () => {
  it('refuses trackers on this machine or its network, with passwords, of other kinds, and more than twenty', () => {
    const bad = [
      'http://t.example',
      'ws://localhost:1',
      'ws://127.0.0.1',
      'ws://10.0.0.1',
      'ws://172.20.0.1',
      'ws://[::1]:8000',
      'wss://u:p@t.example',
      'ws://a.local',
      7,
    ]
    expect(sanitiseTrackers(bad)).toEqual([])
    const many = Array.from({ length: 50 }, (_, index) => `wss://t${index}.example`)
    expect(sanitiseTrackers([...many, ...many])).toHaveLength(20)
  })
})
