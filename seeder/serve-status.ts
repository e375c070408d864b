/** /status and /metrics for the operator, on this machine only. */
import { createServer } from 'node:http'
import { TransportError } from '../lib/base/index.ts'
import { toJsonText } from './log.ts'
import { formatMetrics } from './metrics.ts'
import type { SeederStatus } from './start-seeder.ts'

const HOST = '127.0.0.1'
/** A page elsewhere must not read us by a name of its own that leads here. */
const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

export interface StatusServer {
  readonly url: string
  stop(): Promise<void>
}

/** What people and programs read of a seeder: no piece maps, amounts as decimal strings of base units. */
export function toStatusJson(status: SeederStatus): string {
  const torrents = status.torrents.map(
    ({ infoHash, name, state, lengthBytes, uploadedBytes, peers, magnetUri }) => ({
      infoHash,
      name,
      state: state.status,
      lengthBytes,
      uploadedBytes,
      peers: peers.length,
      magnetUri,
    }),
  )
  return `${toJsonText({ ...status, torrents }, 2)}\n`
}

/** Listens; port 0 takes a free one. Throws TransportError 'status-port' when it is taken. */
export async function serveStatus(port: number, getStatus: () => SeederStatus): Promise<StatusServer> {
  const server = createServer((request, response) => {
    const answer = (code: number, type: string, body: string): void => {
      response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    if (!OWN_HOST.test(request.headers.host ?? '')) answer(403, 'text/plain', 'ask for 127.0.0.1\n')
    else if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', 'GET only\n')
    else if (request.url === '/status') answer(200, 'application/json', toStatusJson(getStatus()))
    else if (request.url === '/metrics')
      answer(200, 'text/plain; version=0.0.4; charset=utf-8', formatMetrics(getStatus()))
    else answer(404, 'text/plain', '/status and /metrics\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new TransportError('status-port', `The status cannot be served on ${HOST}:${port}.`, { cause })),
    )
    server.listen(port, HOST, resolve)
  })
  const address = server.address()
  return {
    url: `http://${HOST}:${typeof address === 'object' && address ? address.port : port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The status of the seeder that serves on this port, as JSON text. Throws TransportError when there is none. */
export async function fetchStatus(port: number): Promise<string> {
  try {
    const response = await fetch(`http://${HOST}:${port}/status`)
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return await response.text()
  } catch (cause) {
    throw new TransportError('no-seeder', `No seeder serves its status on ${HOST}:${port}.`, { cause })
  }
}
