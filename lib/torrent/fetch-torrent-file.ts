/** Fetches a .torrent file from a link: http(s), size and time limited. */
import { TorrentError } from '../units/index.ts'
import { MAX_TORRENT_FILE_BYTES } from './parse-torrent-file.ts'

const TIMEOUT_MS = 20_000

/** Throws TorrentError 'link-unreachable' or 'torrent-too-large'. No credentials go along. */
export async function fetchTorrentFile(url: string, timeoutMs = TIMEOUT_MS): Promise<Uint8Array> {
  const unreachable = (cause?: unknown): TorrentError =>
    new TorrentError('link-unreachable', 'The link could not be fetched.', { cause })
  let response: Response
  try {
    response = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    throw unreachable(error)
  }
  if (!response.ok || !response.body) throw unreachable()
  const chunks: Uint8Array[] = []
  let lengthBytes = 0
  const reader = response.body.getReader()
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      lengthBytes += step.value.length
      if (lengthBytes > MAX_TORRENT_FILE_BYTES) {
        void reader.cancel()
        throw new TorrentError(
          'torrent-too-large',
          'The file behind the link is too large to be a .torrent file.',
        )
      }
      chunks.push(step.value)
    }
  } catch (error) {
    throw error instanceof TorrentError ? error : unreachable(error)
  }
  const bytes = new Uint8Array(lengthBytes)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
