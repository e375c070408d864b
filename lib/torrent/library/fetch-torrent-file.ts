/** Fetches a .torrent file from a link: http(s), size and time limited. */
import { TorrentError } from '../../base/index.ts'
import { MAX_TORRENT_FILE_BYTES } from './parse-torrent-file.ts'
import { isPrivateHost } from './private-host.ts'

const TIMEOUT_MS = 20_000

/** Links are often a stranger's: from a public page none leads into the reader's own network. A private page is in it. */
function checkHost(url: string): void {
  const { location } = globalThis as { readonly location?: { readonly hostname: string } }
  if (isPrivateHost(new URL(url).host) && !(location && isPrivateHost(location.hostname)))
    throw new TorrentError('private-link', 'The link leads into a private network.')
}

/** Throws TorrentError 'private-link', 'link-unreachable' or 'torrent-too-large'. No credentials go along. */
export async function fetchTorrentFile(url: string, timeoutMs = TIMEOUT_MS): Promise<Uint8Array> {
  const unreachable = (cause?: unknown): TorrentError =>
    new TorrentError('link-unreachable', 'The link could not be fetched.', { cause })
  checkHost(url)
  let response: Response
  try {
    response = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    throw unreachable(error)
  }
  // A redirect was followed already, but nothing of its answer is used.
  if (response.url) checkHost(response.url)
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
