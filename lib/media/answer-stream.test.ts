import { describe, expect, it } from 'vitest'
import type { Engine, TorrentSnapshot } from '../torrent/index.ts'
import { answerStream } from './answer-stream.ts'

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

  it.each([
    ['text/javascript; charset=utf-8', 'text/plain; charset=utf-8'],
    ['application/javascript', 'text/plain; charset=utf-8'],
    ['text/css; charset=utf-8', 'text/plain; charset=utf-8'],
    ['text/html; charset=utf-8', 'text/plain; charset=utf-8'],
    ['application/xhtml+xml', 'text/plain; charset=utf-8'],
    ['application/xml', 'text/plain; charset=utf-8'],
    ['text/plain-js', 'text/plain; charset=utf-8'],
    ['', 'text/plain; charset=utf-8'],
    ['application/octet-stream', 'application/octet-stream'],
    ['video/mp4', 'video/mp4'],
    ['image/svg+xml', 'image/svg+xml'],
    ['text/vtt', 'text/vtt'],
  ])('sends %j as %j, which is no script, style or page', (mimeType, sent) => {
    const found = { ...snapshot, files: [{ ...file, mimeType }] } as TorrentSnapshot
    const { headers } = answerStream(engine(found), request)
    expect(headers).toMatchObject({ 'Content-Type': sent, 'X-Content-Type-Options': 'nosniff' })
    expect(headers['Content-Security-Policy']).toMatch(/^sandbox;/)
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
