import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EXTRAS, FILM, inDemoFolder } from './demo-files.ts'
import { makeTorrent } from './make-torrent.ts'
import { FILM_SECONDS, getColourOfSecond, getSecondOfColour } from './second-colour.ts'

/** Reads one bencoded value; enough for a file of our own. */
function readBencode(bytes: Buffer, from = 0): { value: unknown; end: number } {
  const lead = String.fromCharCode(bytes[from]!)
  if (lead === 'i') {
    const end = bytes.indexOf('e', from)
    return { value: Number(bytes.subarray(from + 1, end)), end: end + 1 }
  }
  if (lead === 'l' || lead === 'd') {
    const items: unknown[] = []
    let at = from + 1
    while (bytes[at] !== 0x65) {
      const item = readBencode(bytes, at)
      items.push(item.value)
      at = item.end
    }
    if (lead === 'l') return { value: items, end: at + 1 }
    const entries = items.flatMap((key, n) => (n % 2 === 0 ? [[String(key), items[n + 1]]] : []))
    return { value: Object.fromEntries(entries), end: at + 1 }
  }
  const colon = bytes.indexOf(':', from)
  const end = colon + 1 + Number(bytes.subarray(from, colon))
  return { value: bytes.subarray(colon + 1, end), end }
}

interface Info {
  readonly name: Buffer
  readonly pieces: Buffer
  readonly 'piece length': number
  readonly length?: number
  readonly files?: readonly { readonly length: number; readonly path: readonly Buffer[] }[]
}

function readTorrent(path: string): { keys: string[]; info: Info } {
  const value = readBencode(readFileSync(inDemoFolder(path))).value as { info: Info }
  return { keys: Object.keys(value), info: value.info }
}

/** The film's top-level MP4 boxes in order: name and the place of its first byte. */
function listBoxes(bytes: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at)) {
    names.push(bytes.toString('latin1', at + 4, at + 8))
  }
  return names
}

describe.each([FILM, EXTRAS])('$torrentFile', (torrent) => {
  const { keys, info } = readTorrent(torrent.torrentFile)

  test('describes the committed files, piece by piece', () => {
    const paths = info.files
      ? info.files.map((file) => [info.name, ...file.path].join('/'))
      : [info.name.toString()]
    const data = Buffer.concat(paths.map((path) => readFileSync(inDemoFolder(path))))
    const lengthBytes = info.length ?? info.files?.reduce((sum, file) => sum + file.length, 0)
    expect(data.length).toBe(lengthBytes)
    const count = Math.ceil(data.length / info['piece length'])
    expect(info.pieces.length).toBe(count * 20)
    for (let n = 0; n < count; n++) {
      const piece = data.subarray(n * info['piece length'], (n + 1) * info['piece length'])
      const digest = createHash('sha1').update(piece).digest('hex')
      expect(digest, `piece ${n}`).toBe(info.pieces.toString('hex', n * 20, n * 20 + 20))
    }
  })

  test('names no tracker and comes out the same again', () => {
    expect(keys).toEqual(['created by', 'creation date', 'encoding', 'info'])
    expect(Buffer.from(makeTorrent(torrent).bytes)).toEqual(readFileSync(inDemoFolder(torrent.torrentFile)))
  })

  test('is listed in demos.json with its info-hash and files that exist', () => {
    const demos = JSON.parse(readFileSync(inDemoFolder('demos.json'), 'utf8')) as Record<
      string,
      string | null
    >[]
    const demo = demos.find((entry) => entry.torrentUrl === `/demo/${torrent.torrentFile}`)
    expect(demo?.infoHash).toBe(makeTorrent(torrent).infoHash)
    for (const url of [demo?.posterUrl, demo?.captionsUrl]) {
      if (url) expect(statSync(inDemoFolder(url.replace('/demo/', ''))).size).toBeGreaterThan(0)
    }
  })
})

test('begins the film with its index, so that it plays while it arrives', () => {
  const boxes = listBoxes(readFileSync(inDemoFolder(FILM.name)))
  expect(boxes).toContain('mdat')
  expect(boxes.indexOf('moov')).toBeGreaterThan(0)
  expect(boxes.indexOf('moov')).toBeLessThan(boxes.indexOf('mdat'))
})

test('keeps the media small enough for a repository', () => {
  const lengthBytes = (paths: readonly string[]) =>
    paths.reduce((sum, path) => sum + statSync(inDemoFolder(path)).size, 0)
  expect(lengthBytes(FILM.paths)).toBeGreaterThan(7_500_000)
  expect(lengthBytes(FILM.paths)).toBeLessThan(8_500_000)
  expect(lengthBytes(['poster.jpg'])).toBeLessThan(120_000)
  expect(lengthBytes([...FILM.paths, ...EXTRAS.paths, 'poster.jpg'])).toBeLessThan(12_000_000)
})

describe('the colour of a second', () => {
  const seconds = Array.from({ length: FILM_SECONDS }, (_, second) => second)

  test('tells the second', () => {
    for (const second of seconds) expect(getSecondOfColour(...getColourOfSecond(second))).toBe(second)
  })

  test('tells it still when a decoder is a few steps off', () => {
    for (const second of seconds) {
      const [red, green, blue] = getColourOfSecond(second)
      expect(getSecondOfColour(red + 4, green - 4, blue + 3)).toBe(second)
      expect(getSecondOfColour(red - 4, green + 3, blue - 4)).toBe(second)
    }
  })

  test('is not read from greys', () => {
    expect(getSecondOfColour(120, 118, 121)).toBeNull()
  })
})
