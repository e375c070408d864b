import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BencodeInput, encodeBencode, TorrentError } from '../../base/index.ts'
import { MAX_TORRENT_FILE_BYTES, parseTorrentFile } from './parse-torrent-file.ts'

const PIECE = 1 << 14
const good = { length: 40_000, name: 'film.mp4', 'piece length': PIECE, pieces: new Uint8Array(60) }
const encode = (info: BencodeInput | undefined, rest: Record<string, BencodeInput> = {}): Uint8Array =>
  encodeBencode({ info, ...rest })
const files = (...paths: string[][]): BencodeInput => {
  const { length: _, ...info } = good
  return { ...info, files: paths.map((path) => ({ length: 40_000 / paths.length, path })) }
}

function codeOf(bytes: Uint8Array): string {
  try {
    parseTorrentFile(bytes)
  } catch (error) {
    if (error instanceof TorrentError) return error.code
    throw error
  }
  return 'accepted'
}

describe('parseTorrentFile', () => {
  it('reads a single file and many files, and hashes the info as it stands', async () => {
    const bytes = encode(good, { announce: 'udp://t.example', comment: 'x' })
    const source = parseTorrentFile(bytes)
    const digest = await crypto.subtle.digest('SHA-1', encodeBencode(good) as Uint8Array<ArrayBuffer>)
    expect(source).toMatchObject({
      kind: 'torrentFile',
      name: 'film.mp4',
      infoHash: Buffer.from(digest).toString('hex'),
    })
    expect(codeOf(encode(files(['a', 'b.txt'], ['a', 'c.txt'])))).toBe('accepted')
  })

  it('reads hybrids as version 1 and refuses torrents of version 2 alone', () => {
    expect(codeOf(encode({ ...good, 'meta version': 2, 'file tree': {} }))).toBe('accepted')
    const { pieces: _, ...v2 } = { ...good, 'meta version': 2 }
    expect(codeOf(encode(v2))).toBe('v2-only')
  })

  it.each([
    ['a path that climbs out', files(['..', 'x'])],
    ['a slash in a name', { ...good, name: 'a/b' }],
    ['a backslash in a path', files(['a\\b'])],
    ['an empty name', { ...good, name: '' }],
    ['a name beyond 255 bytes', { ...good, name: 'x'.repeat(256) }],
    ['a name that is not UTF-8', { ...good, name: new Uint8Array([0xff, 0xfe]) }],
    ['two files at one path', files(['a'], ['a'])],
    ['no files', files()],
    ['cut hashes', { ...good, pieces: new Uint8Array(59) }],
    ['too few hashes', { ...good, pieces: new Uint8Array(40) }],
    ['tiny pieces', { ...good, 'piece length': 1 }],
    ['huge pieces', { ...good, 'piece length': 1 << 27 }],
    ['a negative length', { ...good, length: -1 }],
    ['no bytes at all', { ...good, length: 0, pieces: new Uint8Array(0) }],
    ['no info', undefined],
  ])('refuses %s', (_, info) => {
    expect(codeOf(encode(info))).toBe('bad-torrent')
  })

  it('refuses what is no bencode, what is too large, and what is nested without end', () => {
    expect(codeOf(new Uint8Array(0))).toBe('bad-torrent')
    expect(codeOf(new TextEncoder().encode('<html>'))).toBe('bad-torrent')
    expect(codeOf(new TextEncoder().encode('l'.repeat(100_000)))).toBe('bad-torrent')
    expect(codeOf(new Uint8Array(MAX_TORRENT_FILE_BYTES + 1))).toBe('torrent-too-large')
    const whole = encode(good)
    for (let cut = 1; cut < whole.length; cut += 7) expect(codeOf(whole.subarray(0, cut))).toBe('bad-torrent')
  })

  it('never throws anything but a TorrentError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void codeOf(bytes)))
    const whole = encode(good)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = whole.slice()
        changed[at] = byte
        codeOf(changed)
      }),
    )
  })
})
