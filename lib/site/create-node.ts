/**
 * The composition root. Invariant: nothing is contacted but config.json before the user consents; the wallet's and the
 * chain's code loads only once money is wanted or is already locked.
 */

import { AppError, createPublisher, createStore } from '../base/index.ts'
import type { SiteConfig } from '../config/index.ts'
import { loadConfig } from '../config/index.ts'
import { createExchange, type Exchange } from '../exchange/index.ts'
import { createStreamServer, type StreamServer } from '../media/index.ts'
import { createEngine, openBrowserStorage, type TorrentEngine, type TorrentStorage } from '../torrent/index.ts'
import { createConsentGate } from '../kernel/consent-gate.ts'
import { describeCode, describeError } from '../kernel/describe-error.ts'
import { createEarnSession } from '../features/earn/earn.ts'
import { isFramed } from '../kernel/framed.ts'
import { createFramedCommands } from './framed-commands.ts'
import { becomeLeader } from '../kernel/leadership.ts'
import { createMoneyRoom } from '../kernel/money-room.ts'
import type { AppSnapshot, PiecemealNode, WatchSnapshot } from './node.ts'
import { createPaySession } from '../features/pay/pay.ts'
import { readRemovals, writeRemovals } from '../kernel/browser-memory.ts'
import { createRemovals } from '../features/library/removals.ts'
import { createTorrentCommands } from '../features/library/commands.ts'
import { createWalletSession } from '../features/wallet/wallet.ts'
import { toWatchSnapshot } from '../features/library/watch-snapshot.ts'

const PUBLISH_INTERVAL_MS = 250
const STORAGE_INTERVAL_MS = 15_000

interface Running {
  readonly engine: TorrentEngine
  readonly exchange: Exchange
  readonly streams: StreamServer
  readonly storage: TorrentStorage
}

/** Builds the page's node and starts it. One a page; client only. */
export function createNode(): PiecemealNode {
  const app = createStore<AppSnapshot>({
    role: 'starting',
    problem: null,
    consent: null,
    config: null,
    storage: null,
  })
  const torrents = createStore<readonly WatchSnapshot[]>([])
  const ledgerVersion = createStore(0)
  const removals = createRemovals(
    () => publishTorrents(),
    (error) => showProblem(error),
  )
  const patchApp = (patch: Partial<AppSnapshot>): void => app.set(Object.freeze({ ...app.get(), ...patch }))

  const showProblem = (error: unknown): void => patchApp({ problem: describeError(error) })

  const consent = createConsentGate((given) => patchApp({ consent: given }))
  const config: Promise<SiteConfig> = loadConfig()
  config.then((loaded) => patchApp({ config: loaded }), showProblem)

  const money = createMoneyRoom({
    network: async () => (await config).network,
    mayPay: () => app.get().role !== 'follower',
    onReceipts: () => ledgerVersion.set(ledgerVersion.get() + 1),
  })
  const wallet = createWalletSession({
    network: async () => (await config).network,
    chain: () => money.chain(),
  })

  const joinPublisher = createPublisher(PUBLISH_INTERVAL_MS)
  let running: Running | null = null
  const findName = (infoHash: string): string => running?.engine.getSnapshot(infoHash)?.name ?? infoHash

  const roleKnown = Promise.withResolvers<void>()
  const leading = becomeLeader(() => {
    patchApp({ role: 'follower', problem: describeCode('other-tab') })
    roleKnown.resolve()
  }).then(() => {
    const { problem } = app.get()
    patchApp({ role: 'leader', problem: problem?.code === 'other-tab' ? null : problem })
    roleKnown.resolve()
  })
  /** A tab that waits for another says so at once instead of hanging. */
  const requireLead = async (): Promise<void> => {
    await roleKnown.promise
    if (app.get().role === 'follower') throw new AppError('other-tab', 'another tab of this site leads')
  }

  async function start(): Promise<Running> {
    const [{ network, trackers, iceServers }, { seeding, maxUploadBytesPerSec }] = await Promise.all([
      config,
      consent.given,
      leading,
    ])
    const exchange = createExchange({
      domain: { chainId: network.chainId, contract: network.contract },
      payer: null,
      payee: null,
      selling: null,
      torrentName: findName,
      markPaid: (infoHash, pieceIndex) => running?.engine.markPaid(infoHash, pieceIndex),
      onError: showProblem,
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
    const publish = joinPublisher(publishTorrents)
    engine.onChange(publish)
    exchange.onChange(publish)
    await streams.register().catch(showProblem)
    await removeForgotten(storage).catch(showProblem)
    await engine.restore()
    await paintPaid(engine).catch(showProblem)
    void readStorage(storage)
    setInterval(() => void readStorage(storage), STORAGE_INTERVAL_MS)
    return running
  }

  /** The page closed before their removal was over. */
  async function removeForgotten(storage: TorrentStorage): Promise<void> {
    for (const infoHash of readRemovals()) await storage.remove(infoHash, 'delete')
    writeRemovals([])
  }

  const started = start()
  started.catch(showProblem)
  const engine = async (): Promise<TorrentEngine> => {
    await requireLead()
    await consent.ask()
    return (await started).engine
  }
  /** For commands about money: without consent there is no swarm to wait for. */
  const exchange = async (): Promise<Exchange> => {
    await requireLead()
    if (!app.get().consent) throw new AppError('consent-needed', 'the consent sheet was not answered')
    return (await started).exchange
  }
  const onExchange = (use: (market: Exchange) => void): void => {
    started.then(
      ({ exchange: market }) => use(market),
      () => undefined,
    )
  }

  function publishTorrents(): void {
    if (!running) return
    const { engine: live, exchange: market } = running
    const nowMs = Date.now()
    const shown = live.list().filter(({ infoHash }) => !removals.isHidden(infoHash))
    torrents.set(Object.freeze(shown.map((torrent) => toWatchSnapshot(torrent, market.getPeerMoney, nowMs))))
  }

  /** The map's paid pieces are no state of their own: they follow from the receipts. */
  async function paintPaid(live: TorrentEngine): Promise<void> {
    for await (const receipt of (await money.ledger()).eachReceipt(['piece'])) {
      if (receipt.kind === 'piece' && receipt.pieceIndex !== null)
        live.markPaid(receipt.infoHash, receipt.pieceIndex)
    }
  }

  async function readStorage(storage: TorrentStorage): Promise<void> {
    patchApp({ storage: await storage.estimate() })
  }

  const pay = createPaySession({ money, wallet, exchange, onExchange, joinPublisher })
  const rates = async () => (await config).rates
  const earn = createEarnSession({ money, wallet, exchange, requireLead, joinPublisher, rates })
  const isWatchingOnly = isFramed()
  const resume = async (): Promise<void> => {
    await leading
    await config
    if (isWatchingOnly) return
    await Promise.all([wallet.reconnect(), pay.restore()])
  }
  resume().catch(showProblem)

  return {
    app,
    torrents,
    wallet: wallet.store,
    pay: pay.store,
    earn: earn.store,
    ledgerVersion,
    commands: {
      giveConsent(answers) {
        consent.give(answers)
        started.then(
          (live) =>
            live.engine.setUpload({ enabled: answers.seeding, maxBytesPerSec: answers.maxUploadBytesPerSec }),
          () => undefined,
        )
      },
      declineConsent: consent.decline,
      ...createTorrentCommands({
        engine,
        removals,
      }),
      getStreamUrl: (infoHash, fileIndex) => running?.streams.getStreamUrl(infoHash, fileIndex) ?? null,
      saveTorrentFile: (infoHash) => running?.engine.getTorrentFile(infoHash) ?? null,
      ...(isWatchingOnly
        ? createFramedCommands()
        : { ...wallet.commands, ...pay.commands, ...earn.commands }),
      listReceipts: async (query) => (await money.ledger()).listReceipts(query),
      async *eachReceipt() {
        yield* (await money.ledger()).eachReceipt()
      },
    },
  }
}
