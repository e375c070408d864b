/** The engine with what belongs to it, started once the visitor agreed to peers and this tab leads. */
import { SiteError } from '../base/index.ts'
import type { SiteConfig } from '../config/index.ts'
import { createExchange, type Exchange } from '../exchange/index.ts'
import { createStreamServer, type StreamServer } from '../media/index.ts'
import { createEngine, openBrowserStorage, type PageEngine, type TorrentStorage } from '../torrent/index.ts'
import type { ConsentGate } from './consent-gate.ts'
import type { Lead } from './lead.ts'

export interface RunningSwarm {
  readonly engine: PageEngine
  readonly exchange: Exchange
  readonly streams: StreamServer
  readonly storage: TorrentStorage
}

export interface Swarm {
  /** Resolves once everything runs, which may be never; rejects when it cannot. */
  readonly started: Promise<RunningSwarm>
  /** Waits for consent: asks for it where it was not given. Throws AppError 'other-tab', 'consent-declined'. */
  join(): Promise<RunningSwarm>
  /** For commands about money: without consent there is no swarm to wait for. Throws AppError 'other-tab', 'consent-needed'. */
  requireExchange(): Promise<Exchange>
  /** Runs once the exchange is there, which may be never. */
  onExchange(use: (exchange: Exchange) => void): void
  /** null until everything runs. */
  getRunning(): RunningSwarm | null
  stop(): Promise<void>
}

export interface SwarmOptions {
  readonly config: () => Promise<SiteConfig>
  readonly consent: ConsentGate
  readonly lead: Lead
  readonly report: (error: unknown) => void
}

export function createSwarm({ config, consent, lead, report }: SwarmOptions): Swarm {
  let running: RunningSwarm | null = null
  let isAgreed = false
  let isStopped = false
  void consent.given.then(() => {
    isAgreed = true
  })

  async function start(): Promise<RunningSwarm> {
    const [{ network, trackers, iceServers }, { seeding, maxUploadBytesPerSec }] = await Promise.all([
      config(),
      consent.given,
      lead.granted,
    ])
    const exchange = createExchange({
      domain: { chainId: network.chainId, contract: network.contract },
      payer: null,
      payee: null,
      selling: null,
      torrentName: (infoHash) => running?.engine.getSnapshot(infoHash)?.name ?? infoHash,
      onError: report,
    })
    const storage = await openBrowserStorage({ workerUrl: '/opfs-worker.js' })
    const engine = await createEngine({
      trackers,
      iceServers,
      extensions: [exchange.extension],
      upload: { enabled: seeding, maxBytesPerSec: maxUploadBytesPerSec },
      storage,
      loadWebTorrent: () => import('webtorrent/dist/webtorrent.min.js'),
    })
    const streams = createStreamServer(engine)
    running = { engine, exchange, streams, storage }
    if (isStopped) await end(running)
    else await streams.register().catch(report)
    return running
  }

  async function end({ engine, streams }: RunningSwarm): Promise<void> {
    streams.close()
    await engine.destroy()
  }

  const started = start()
  started.catch(report)
  return {
    started,
    async join() {
      await lead.require()
      await consent.ask()
      return started
    },
    async requireExchange() {
      await lead.require()
      if (!isAgreed) throw new SiteError('consent-needed', 'the consent sheet was not answered')
      return (await started).exchange
    },
    onExchange(use) {
      started.then(
        ({ exchange }) => use(exchange),
        () => undefined,
      )
    },
    getRunning: () => running,
    async stop() {
      isStopped = true
      if (running) await end(running)
    },
  }
}
