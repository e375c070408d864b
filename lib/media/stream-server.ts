/** The page's side of public/sw.js: registers it, and answers its stream requests from the engine. */

import { MediaError } from '../base/index.ts'
import type { Engine } from '../torrent/index.ts'
import { toFileName } from '../units/index.ts'
import { answerStream, type StreamRequest } from './answer-stream.ts'

/** A browser may stop a worker that is silent for 30 s, even in mid-stream. */
const KEEP_ALIVE_MS = 10_000
const GREETING_TIMEOUT_MS = 15_000

export interface StreamServer {
  /** Registers the worker and learns this tab's client id. Throws MediaError 'no-worker' where workers are forbidden. */
  register(): Promise<void>
  /** "/stream/<client>/<infoHash>/<index>/<name>", or null until registered and while the file is unknown. */
  getStreamUrl(infoHash: string, fileIndex: number): string | null
  close(): void
}

export interface StreamServerOptions {
  /** Where public/sw.js is served. */
  readonly workerUrl?: string
}

type EngineReader = Pick<Engine, 'getSnapshot' | 'readFile'>

export function createStreamServer(
  engine: EngineReader,
  { workerUrl = '/sw.js' }: StreamServerOptions = {},
): StreamServer {
  let clientId: string | null = null
  let openStreams = 0
  let keepAlive: ReturnType<typeof setInterval> | null = null

  const holdWorker = (delta: 1 | -1): void => {
    openStreams += delta
    if (openStreams > 0 && !keepAlive) {
      keepAlive = setInterval(
        () => navigator.serviceWorker.controller?.postMessage({ kind: 'ping' }),
        KEEP_ALIVE_MS,
      )
    } else if (openStreams === 0 && keepAlive) {
      clearInterval(keepAlive)
      keepAlive = null
    }
  }

  const onMessage = ({ data, ports }: MessageEvent<{ kind?: string } & StreamRequest>): void => {
    const [port] = ports
    if (data?.kind === 'stream' && port) serveStream(engine, data, port, holdWorker)
  }

  return {
    async register() {
      const container = globalThis.navigator?.serviceWorker
      if (!container) throw new MediaError('no-worker', 'This browser allows no service worker here.')
      container.addEventListener('message', onMessage as EventListener)
      container.startMessages()
      try {
        await container.register(workerUrl, { scope: '/', updateViaCache: 'none' })
        const { active } = await container.ready
        if (!active) throw new MediaError('no-worker', 'The service worker did not start.')
        clientId = await greet(active)
      } catch (error) {
        throw error instanceof MediaError
          ? error
          : new MediaError('no-worker', 'The service worker cannot be registered.', { cause: error })
      }
    },
    getStreamUrl(infoHash, fileIndex) {
      const file = engine.getSnapshot(infoHash)?.files[fileIndex]
      if (!clientId || !file) return null
      const name = file.path.slice(file.path.lastIndexOf('/') + 1)
      return `/stream/${clientId}/${infoHash}/${fileIndex}/${encodeURIComponent(toFileName(name))}`
    },
    close() {
      globalThis.navigator?.serviceWorker?.removeEventListener('message', onMessage as EventListener)
      if (keepAlive) clearInterval(keepAlive)
      clientId = null
    },
  }
}

/** The worker answers with our client id, once it controls this page. */
function greet(worker: ServiceWorker): Promise<string> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new MediaError('no-worker', 'The service worker does not answer.')),
      GREETING_TIMEOUT_MS,
    )
    port1.onmessage = ({ data }: MessageEvent<string>) => {
      clearTimeout(timer)
      port1.close()
      resolve(data)
    }
    worker.postMessage({ kind: 'greet' }, [port2])
  })
}

/** Head at once; then one chunk for each 'pull', until 'cancel' or the end. */
function serveStream(
  engine: EngineReader,
  request: StreamRequest,
  port: MessagePort,
  hold: (delta: 1 | -1) => void,
): void {
  const { body, ...head } = answerStream(engine, request)
  port.postMessage({ kind: 'head', ...head, hasBody: body !== null })
  if (!body) {
    port.close()
    return
  }
  const iterator = body[Symbol.asyncIterator]()
  hold(1)
  let isOpen = true
  const finish = (): void => {
    if (!isOpen) return
    isOpen = false
    hold(-1)
    port.close()
    void iterator.return?.()
  }
  const pull = async (): Promise<void> => {
    try {
      const step = await iterator.next()
      if (!isOpen) return
      if (step.done) {
        port.postMessage({ kind: 'end' })
        finish()
        return
      }
      // A copy of its own: the chunk may be a view into the engine's cache.
      const bytes = step.value.slice()
      port.postMessage({ kind: 'chunk', bytes }, [bytes.buffer])
    } catch (error) {
      if (!isOpen) return
      port.postMessage({ kind: 'failed', message: String(error) })
      finish()
    }
  }
  port.onmessage = ({ data }: MessageEvent<{ kind: 'pull' | 'cancel' }>) => {
    if (data.kind === 'pull') void pull()
    else finish()
  }
}
