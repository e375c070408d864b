import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Bencode, type BencodeDict, decodeBencode, isDict } from '../../lib/base/index.ts'
import { EXTRAS, FILM, inDemoFolder } from './demo-files.ts'
import { makeTorrent } from './make-torrent.ts'
import { FILM_SECONDS, getColourOfSecond, getSecondOfColour } from './second-colour.ts'

const latin = (bytes: Bencode | undefined): string => Buffer.from(bytes as Uint8Array).toString('latin1')

/** The film's or extras' .torrent as lists of what the tests ask for. */
function readTorrent(path: string) {
  const torrent = decodeBencode(readFileSync(inDemoFolder(path)))
  const info = isDict(torrent) ? torrent.entries.get('info') : undefined
  if (!isDict(torrent) || !isDict(info)) throw new Error(`${path} is no torrent`)
  const name = latin(info.entries.get('name'))
  const files = (info.entries.get('files') as readonly BencodeDict[] | undefined)?.map(({ entries }) => ({
    path: [name, ...(entries.get('path') as readonly Bencode[]).map(latin)].join('/'),
    lengthBytes: entries.get('length'),
  }))
  return {
    keys: [...torrent.entries.keys()],
    files: files ?? [{ path: name, lengthBytes: info.entries.get('length') }],
    pieces: Buffer.from(info.entries.get('pieces') as Uint8Array),
    pieceLengthBytes: info.entries.get('piece length') as number,
  }
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
  const { keys, files, pieces, pieceLengthBytes } = readTorrent(torrent.torrentFile)

  test('describes the committed files, piece by piece', () => {
    expect(files.map((file) => file.path)).toEqual(torrent.paths)
    for (const file of files) expect(statSync(inDemoFolder(file.path)).size).toBe(file.lengthBytes)
    const data = Buffer.concat(files.map((file) => readFileSync(inDemoFolder(file.path))))
    expect(pieceLengthBytes).toBe(torrent.pieceLengthBytes)
    expect(pieces.length).toBe(Math.ceil(data.length / pieceLengthBytes) * 20)
    for (let n = 0; n * 20 < pieces.length; n++) {
      const piece = data.subarray(n * pieceLengthBytes, (n + 1) * pieceLengthBytes)
      const digest = createHash('sha1').update(piece).digest('hex')
      expect(digest, `piece ${n}`).toBe(pieces.toString('hex', n * 20, n * 20 + 20))
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
