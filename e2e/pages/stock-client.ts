/** Unmodified webtorrent, its browser build, on a page of its own that knows nothing of ours. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from '@playwright/test'

const BUILD = fileURLToPath(new URL('../../node_modules/webtorrent/dist/webtorrent.min.js', import.meta.url))
const SCRIPT = '/webtorrent.js'

interface StockTorrent {
  readonly infoHash: string
  readonly magnetURI: string
  readonly progress: number
  readonly files: readonly { arrayBuffer(): Promise<ArrayBuffer> }[]
  on(event: 'wire', listener: (wire: { once(event: 'close', listener: () => void): void }) => void): void
}
interface StockWindow {
  client: {
    add(id: string, options: object): StockTorrent
    seed(file: File, options: object, done: (torrent: StockTorrent) => void): StockTorrent
  }
  torrent: StockTorrent
  /** Makes it the one torrent of this page, and counts its wires. */
  follow(torrent: StockTorrent): void
  /** Wires that came and wires that went. */
  wires: { opened: number; closed: number }
}

export class StockClient {
  readonly page: Page
  readonly #server: Server
  private constructor(page: Page, server: Server) {
    this.page = page
    this.#server = server
  }

  /** Served from this machine: Chromium lets no page without an address of its own speak to a local tracker. */
  static async open(browser: Browser, trackerUrl: string): Promise<StockClient> {
    const build = await readFile(BUILD)
    const server = createServer(({ url }, reply) => {
      const isBuild = url === SCRIPT
      reply.setHeader('content-type', isBuild ? 'text/javascript' : 'text/html')
      reply.end(isBuild ? build : '<!doctype html><title>Stock client</title>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`)
    await page.evaluate(
      async ([build, announce]) => {
        const { default: WebTorrent } = await import(build)
        const stock = globalThis as unknown as StockWindow
        stock.wires = { opened: 0, closed: 0 }
        stock.follow = (torrent) => {
          stock.torrent = torrent
          torrent.on('wire', (wire) => {
            stock.wires.opened += 1
            wire.once('close', () => {
              stock.wires.closed += 1
            })
          })
        }
        stock.client = new WebTorrent({ tracker: { rtcConfig: { iceServers: [] }, announce: [announce] } })
      },
      [SCRIPT, trackerUrl] as const,
    )
    return new StockClient(page, server)
  }

  async add(infoHash: string, trackerUrl: string): Promise<void> {
    await this.page.evaluate(
      ([id, announce]) => {
        const stock = globalThis as unknown as StockWindow
        stock.follow(stock.client.add(id, { announce: [announce] }))
      },
      [infoHash, trackerUrl] as const,
    )
  }

  /** Resolves with the magnet link. */
  seed(name: string, bytes: Buffer, trackerUrl: string): Promise<string> {
    return this.page.evaluate(
      ([fileName, base64, announce]) =>
        new Promise<string>((resolve) => {
          const stock = globalThis as unknown as StockWindow
          const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
          const options = { announce: [announce] }
          stock.follow(
            stock.client.seed(new File([content], fileName), options, ({ magnetURI }) => resolve(magnetURI)),
          )
        }),
      [name, bytes.toString('base64'), trackerUrl] as const,
    )
  }

  progress(): Promise<number> {
    return this.page.evaluate(() => (globalThis as unknown as StockWindow).torrent.progress)
  }

  wires(): Promise<StockWindow['wires']> {
    return this.page.evaluate(() => (globalThis as unknown as StockWindow).wires)
  }

  /** The first file's content. */
  async readFile(): Promise<Buffer> {
    const base64 = await this.page.evaluate(async () => {
      const [file] = (globalThis as unknown as StockWindow).torrent.files
      const bytes = new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0))
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    })
    return Buffer.from(base64, 'base64')
  }

  async close(): Promise<void> {
    await this.page.close()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
