import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Engine, TorrentSnapshot } from '../torrent/engine.ts'
import { answerStream } from './answer-stream.ts'
import { parseRange } from './range.ts'

describe('parseRange (RFC 9110, 14)', () => {
  it.each([
    [null, { status: 200, startByte: 0, endByte: 999 }],
    ['bytes=0-', { status: 206, startByte: 0, endByte: 999 }],
    ['bytes=0-0', { status: 206, startByte: 0, endByte: 0 }],
    ['bytes=500-99999', { status: 206, startByte: 500, endByte: 999 }],
    ['bytes=-100', { status: 206, startByte: 900, endByte: 999 }],
    ['bytes=-5000', { status: 206, startByte: 0, endByte: 999 }],
    ['bytes=1000-', { status: 416 }],
    ['bytes=-0', { status: 416 }],
    ['bytes=5-2', { status: 200, startByte: 0, endByte: 999 }],
    ['bytes=0-1,5-6', { status: 200, startByte: 0, endByte: 999 }],
    ['items=0-1', { status: 200, startByte: 0, endByte: 999 }],
    ['bytes=-', { status: 200, startByte: 0, endByte: 999 }],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected)
  })

  it('stays inside the file whatever is asked', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(5_000), (first, last, lengthBytes) => {
        for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
          const answer = parseRange(header, lengthBytes)
          if (answer.status === 416) continue
          expect(answer.startByte).toBeGreaterThanOrEqual(0)
          expect(answer.endByte).toBeLessThan(Math.max(1, lengthBytes))
        }
      }),
    )
  })
})

describe('answerStream', () => {
  const file = {
    index: 0,
    path: 'a/page.html',
    lengthBytes: 10,
    downloadedBytes: 0,
    mimeType: 'text/html; charset=utf-8',
  }
  const snapshot = { state: { status: 'downloading' }, files: [file] } as unknown as TorrentSnapshot
  const engine = (found: TorrentSnapshot | null): Pick<Engine, 'getSnapshot' | 'readFile'> => ({
    getSnapshot: () => found,
    readFile: (_infoHash, _index, { startByte, endByte }) =>
      (async function* () {
        yield new Uint8Array(endByte - startByte + 1)
      })(),
  })
  const request = { method: 'GET', infoHash: 'a', fileIndex: 0, range: null }

  it('sends a part with its place, and never lets a page run in our origin', () => {
    const answer = answerStream(engine(snapshot), { ...request, range: 'bytes=2-5' })
    expect(answer.status).toBe(206)
    expect(answer.headers).toMatchObject({
      'Content-Range': 'bytes 2-5/10',
      'Content-Length': '4',
      'Accept-Ranges': 'bytes',
      'X-Content-Type-Options': 'nosniff',
    })
    expect(answer.headers['Content-Security-Policy']).toMatch(/^sandbox;/)
    expect(answer.body).not.toBeNull()
  })

  it('answers HEAD without a body', () => {
    expect(answerStream(engine(snapshot), { ...request, method: 'HEAD' })).toMatchObject({
      status: 200,
      body: null,
    })
  })

  it('says in words why there is nothing', () => {
    expect(answerStream(engine(null), request)).toMatchObject({ status: 404, body: null })
    expect(answerStream(engine(snapshot), { ...request, fileIndex: 3 }).status).toBe(404)
    expect(answerStream(engine(snapshot), { ...request, method: 'POST' }).status).toBe(405)
    expect(answerStream(engine({ ...snapshot, files: [] }), request).status).toBe(503)
    const beyond = answerStream(engine(snapshot), { ...request, range: 'bytes=10-' })
    expect(beyond).toMatchObject({ status: 416, headers: { 'Content-Range': 'bytes */10' } })
  })
})
