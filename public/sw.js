// Streams files of torrents: GET /stream/<client id>/<info-hash>/<file index>/<name> is answered by the tab with that
// client id, and by no other. Everything else passes by untouched. What a torrent holds is a stranger's: it is given to
// players, pictures and fetch, saved when it is navigated to, and never a script, a style or a page inside ours.

const ROUTE = /^\/stream\/([\w-]+)\/([0-9a-f]{40})\/(\d{1,6})\//
/** https://fetch.spec.whatwg.org/#concept-request-destination; '' is fetch() itself. */
const DATA_DESTINATIONS = ['', 'video', 'audio', 'image', 'track']
/** A link to save a file is a navigation to browsers, so this one is answered as an attachment. */
const SAVE_DESTINATION = 'document'
const HEAD_TIMEOUT_MS = 20_000
const ALIVE_CHECK_MS = 2_000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  if (event.data?.kind !== 'greet') return // 'ping' needs no answer: its arrival keeps the worker up.
  event.waitUntil(self.clients.claim().then(() => event.ports[0].postMessage(event.source.id)))
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (url.origin !== self.location.origin || !url.pathname.startsWith('/stream/')) return
  const { destination } = event.request
  const match = ROUTE.exec(url.pathname)
  if (destination !== SAVE_DESTINATION && !DATA_DESTINATIONS.includes(destination))
    event.respondWith(
      refuse(403, 'A file of a torrent may be played, shown or saved here, and nothing else.'),
    )
  else event.respondWith(match ? stream(event.request, match) : refuse(404, 'There is no such stream.'))
})

/** @param {number} status @param {string} text */
function refuse(status, text) {
  return new Response(text, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  })
}

/** @param {Request} request @param {RegExpExecArray} match */
async function stream(request, [, clientId, infoHash, fileIndex]) {
  const tab = await self.clients.get(clientId)
  if (!tab) return refuse(503, 'The tab that downloads this torrent was closed. Open the torrent again.')
  const { port1: port, port2 } = new MessageChannel()
  const head = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), HEAD_TIMEOUT_MS)
    port.onmessage = ({ data }) => {
      clearTimeout(timer)
      resolve(data)
    }
    tab.postMessage(
      {
        kind: 'stream',
        method: request.method,
        infoHash,
        fileIndex: Number(fileIndex),
        range: request.headers.get('range'),
      },
      [port2],
    )
  })
  if (!head) {
    port.close()
    return refuse(503, 'The tab that downloads this torrent does not answer.')
  }
  const body = head.hasBody ? openBody(port, clientId) : head.text
  const headers = new Headers(head.headers)
  const isSaved = request.destination === SAVE_DESTINATION && head.status < 400
  if (isSaved) headers.set('Content-Disposition', 'attachment')
  return new Response(body, { status: head.status, headers })
}

/** One chunk is asked for when the browser wants one; a closed tab ends the stream. @param {MessagePort} port @param {string} clientId */
function openBody(port, clientId) {
  /** @type {(() => void) | null} */
  let settle = null
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let alive
  const stop = () => {
    clearInterval(alive)
    port.close()
    settle?.()
    settle = null
  }
  return new ReadableStream(
    {
      start(controller) {
        alive = setInterval(async () => {
          if (await self.clients.get(clientId)) return
          controller.error(new Error('the tab was closed'))
          stop()
        }, ALIVE_CHECK_MS)
        port.onmessage = ({ data }) => {
          if (data.kind === 'chunk') controller.enqueue(data.bytes)
          else if (data.kind === 'end') controller.close()
          else controller.error(new Error(data.message))
          if (data.kind !== 'chunk') stop()
          settle?.()
          settle = null
        }
      },
      pull() {
        return new Promise((resolve) => {
          settle = resolve
          port.postMessage({ kind: 'pull' })
        })
      },
      cancel() {
        port.postMessage({ kind: 'cancel' })
        stop()
      },
    },
    { highWaterMark: 1 },
  )
}
