/** A WebSocket tracker (WebTorrent's signalling) in this process: for the demo, tests and small sites. */
import type { Socket } from 'node:net'
import { Server } from 'bittorrent-tracker'
import { TransportError } from '../lib/base/index.ts'

export interface Tracker {
  /** "ws://127.0.0.1:8000". */
  readonly url: string
  stop(): Promise<void>
}

/** Browsers come and go: peers hear of each other at least this often. */
const ANNOUNCE_INTERVAL_MS = 30_000

/**
 * bittorrent-tracker 11 makes a swarm a tick after it found none, and overwrites one that a simultaneous announce made
 * meanwhile: peers who come first at the same moment would not hear of each other.
 */
function keepSwarms(server: Server): void {
  server.createSwarm = (infoHash, done) => {
    const swarm = server.torrents[infoHash] ?? new Server.Swarm(infoHash, server)
    server.torrents[infoHash] = swarm
    process.nextTick(done, null, swarm)
  }
}

/** Starts it; port 0 takes a free one. Throws TransportError when the port is taken. */
export async function startTracker(options: {
  readonly port: number
  readonly host: string
}): Promise<Tracker> {
  const server = new Server({
    ws: true,
    http: false,
    udp: false,
    stats: false,
    interval: ANNOUNCE_INTERVAL_MS,
  })
  keepSwarms(server)
  const sockets = new Set<Socket>()
  server.http.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    const words = `the tracker cannot listen on ${options.host}:${options.port}`
    // Stays for good: once it listens, what fails is one peer's socket, which the library has closed by then.
    server.on('error', (cause) => reject(new TransportError('tracker-port', words, { cause })))
    server.on('warning', () => undefined)
    server.listen(options.port, options.host, resolve)
  })
  const address = server.http.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `ws://${options.host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
