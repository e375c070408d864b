/** The head of a response to a stream request, and where its bytes come from. The service worker only passes it on. */

import { AppError } from '../base/index.ts'
import type { Engine } from '../torrent/index.ts'
import { parseRange } from './range.ts'

export interface StreamRequest {
  readonly method: string
  readonly infoHash: string
  readonly fileIndex: number
  readonly range: string | null
}

export interface StreamAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Words for people, when there is no file to send. */
  readonly text: string | null
  readonly body: AsyncIterable<Uint8Array> | null
}

/** Whatever a torrent holds is data, never a page of ours: no scripts, no sniffing, no other origin. */
const SAFETY = {
  'Content-Security-Policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

/** Types that no browser runs or applies, were one to load them as a script, a style or a page. */
const INERT_TYPE =
  /^(?:(?:video|audio|image)\/[\w.+-]+|text\/(?:plain|vtt|csv)|application\/(?:octet-stream|json|pdf|zip|gzip|epub\+zip|x-subrip))(?:;|$)/
const PLAIN_TEXT = 'text/plain; charset=utf-8'

function refuse(status: number, text: string): StreamAnswer {
  return { status, headers: { ...SAFETY, 'Content-Type': PLAIN_TEXT }, text, body: null }
}

/** Answers GET and HEAD for one file of one torrent. Never throws. */
export function answerStream(
  engine: Pick<Engine, 'getSnapshot' | 'readFile'>,
  request: StreamRequest,
): StreamAnswer {
  const { infoHash, fileIndex, method } = request
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'Only GET and HEAD work here.')
  const torrent = engine.getSnapshot(infoHash)
  if (!torrent) return refuse(404, 'This page does not have that torrent.')
  if (torrent.state.status === 'failed') return refuse(503, `The torrent stopped: ${torrent.state.message}`)
  const file = torrent.files[fileIndex]
  if (!file && torrent.files.length > 0) return refuse(404, 'The torrent has no such file.')
  if (!file) return refuse(503, 'The torrent’s contents are not known yet.')
  const range = parseRange(request.range, file.lengthBytes)
  if (range.status === 416) {
    const refusal = refuse(416, 'Nothing of the file lies in that range.')
    return { ...refusal, headers: { ...refusal.headers, 'Content-Range': `bytes */${file.lengthBytes}` } }
  }
  const { startByte, endByte } = range
  const headers = {
    ...SAFETY,
    'Content-Type': INERT_TYPE.test(file.mimeType) ? file.mimeType : PLAIN_TEXT,
    'Accept-Ranges': 'bytes',
    'Content-Length': String(endByte - startByte + 1),
    ...(range.status === 206 ? { 'Content-Range': `bytes ${startByte}-${endByte}/${file.lengthBytes}` } : {}),
  }
  if (method === 'HEAD' || endByte < startByte)
    return { status: range.status, headers, text: null, body: null }
  try {
    const body = engine.readFile(infoHash, fileIndex, { startByte, endByte })
    return { status: range.status, headers, text: null, body }
  } catch (error) {
    return refuse(503, error instanceof AppError ? error.message : 'The file cannot be read now.')
  }
}
