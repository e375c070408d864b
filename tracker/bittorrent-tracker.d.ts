declare module 'bittorrent-tracker' {
  import type { Server as HttpServer } from 'node:http'

  interface TrackerServerOptions {
    readonly ws: boolean
    readonly http: boolean
    readonly udp: boolean
    readonly stats: boolean
    /** Milliseconds between announces. */
    readonly interval?: number
  }

  /** The part of bittorrent-tracker 11 that we use. */
  export class Server {
    static readonly Swarm: new (
      infoHash: string,
      server: Server,
    ) => object
    constructor(options: TrackerServerOptions)
    readonly torrents: Record<string, object>
    createSwarm(infoHash: string, done: (error: null, swarm: object) => void): void
    readonly http: HttpServer
    listen(port: number, host: string, onListening: () => void): void
    close(onClosed?: () => void): void
    on(event: 'error' | 'warning', listener: (error: Error) => void): this
  }
}
