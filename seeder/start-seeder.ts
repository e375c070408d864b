/** A headless seeder in this process: the page's own engine, exchange and payee, with files and a key instead of a person. */
import { join } from 'node:path'
import { StorageError } from '../lib/base/index.ts'
import { connectChain } from '../lib/channels/index.ts'
import { createExchange, type Selling } from '../lib/exchange/index.ts'
import {
  createMemoryLedger,
  createPayee,
  DEFAULT_FEE_MULTIPLE,
  DEFAULT_REDEEM_FLOOR,
  type LedgerStore,
  type PayeeTotals,
  type RedeemedBatch,
} from '../lib/payments/index.ts'
import { createFileLedger } from '../lib/payments/ledger-file.ts'
import { createDiskEngine } from '../lib/torrent/disk/index.ts'
import type { TorrentSnapshot } from '../lib/torrent/index.ts'
import type { Address, Network } from '../lib/tron/index.ts'
import { type Amount, type FeeSun, priceOf, toAmount, toFeeSun } from '../lib/units/index.ts'
import { createPageKey, type PageKey } from '../lib/wallet/index.ts'
import type { KeySigner } from '../lib/wallet/key-signer.ts'
import { makeDelegateKey, openDelegateKey } from './delegate-key.ts'
import { createEndorser } from './endorser.ts'
import { describeFailure, type Log } from './log.ts'
import { createMeter } from './meter.ts'
import { createRedeemer } from './redeemer.ts'
import { createRelay } from './relay.ts'
import { DEFAULT_RELAY_BUDGETS, type RelayBudgets } from './relay-policy.ts'
import { createRelayStore } from './relay-store.ts'
import { type SeedTorrent, seedPath, seedTorrent } from './seed-content.ts'

export interface SeederOptions {
  readonly network: Network
  readonly trackers: readonly string[]
  /** .torrent files with the folders of their data. */
  readonly torrents?: readonly SeedTorrent[]
  /** Files, folders and .torrent files, as on the command line; `contentDir` holds the data of the latter. */
  readonly paths?: readonly string[]
  readonly contentDir?: string | null
  /** Earns, redeems, relays. */
  readonly wallet: KeySigner
  /** 0 sells nothing: an ordinary seeder. */
  readonly askPerMiB: Amount
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  /** Where the vouchers are kept; null forgets them at the end (tests). */
  readonly dataDir: string | null
  readonly maxUploadBytesPerSec?: number | null
  /** Opens payers' channels at its own expense, within these budgets and where a seat is worth it. null, the default: never. */
  readonly relay?: RelayBudgets | null
  readonly iceServers?: readonly RTCIceServer[]
  /** Redeems by itself once so much is due; 1,000 BTT by default. */
  readonly redeemAt?: Amount
  readonly redeemFeeMultiple?: number
  /** Without a rate: the least due in one channel that is redeemed by itself. */
  readonly redeemFloor?: Amount
  /** What a TRX is worth in BTT; null: unknown. */
  readonly bttPerTrx?: Amount | null
  /** Most peers of a torrent at once; 200 by default. */
  readonly maxConnections?: number
  readonly log?: Log
  /** The ledger can take nothing more: whoever runs the seeder should end it. Runs once. */
  readonly onLedgerFailure?: (failure: StorageError) => void
}

export interface SeederStatus extends PayeeTotals {
  readonly payee: Address
  readonly askPerMiB: Amount
  readonly torrents: readonly TorrentSnapshot[]
  readonly peers: number
  readonly wires: number
  readonly uploadedBytes: number
  readonly uploadBytesPerSec: number
  /** Since the start. */
  readonly sentFreeBytes: number
  readonly sentPaidBytes: number
  /** Sent on credit to the wires connected now, not yet paid. */
  readonly creditBytes: number
  readonly vouchersAccepted: number
  /** By reject code. */
  readonly vouchersRefused: Readonly<Record<string, number>>
  /** By our own transactions, over the life of the ledger. */
  readonly redeemed: Amount
  readonly redeemFeeSun: FeeSun
  /** Redemptions that failed since the start, by code. */
  readonly redeemFailures: Readonly<Record<string, number>>
  /** The code of the last one after which the chain still owes what our vouchers say; null: none. */
  readonly redeemAlarm: string | null
  /** The least seat whose channel we open for its payer; null: none. */
  readonly relayFrom: Amount | null
  /** Spent on such openings, over the life of the data folder. */
  readonly relayFeeSun: FeeSun
  readonly chain: { readonly status: 'up' } | { readonly status: 'down'; readonly message: string }
}

export interface Seeder {
  readonly payee: Address
  /** Lower-case hex, in the order of the options. */
  readonly infoHashes: readonly string[]
  /** TCP port for direct peers. */
  readonly port: number
  getStatus(): SeederStatus
  /** A new price, quoted at once on all wires. */
  setAsk(askPerMiB: Amount): void
  /** Takes all that is due from the chain. Throws ChainError. */
  redeemNow(): Promise<readonly RedeemedBatch[]>
  /** The .torrent file of a torrent, once known. */
  getTorrentFile(infoHash: string): Uint8Array | null
  /**
   * Leaves the swarms, redeems what is worth it, closes the ledger. Safe to call twice. A redemption that takes longer than
   * `withinMs` (20 s by default) goes on without us: the ledger knows of it at the next start.
   */
  stop(options?: { readonly withinMs?: number }): Promise<void>
}

const DEFAULT_REDEEM_AT = toAmount(1_000n * 10n ** 18n)
const DEFAULT_STOP_MS = 20_000
/** webtorrent's own default is 55, which a popular file soon has. */
const DEFAULT_MAX_CONNECTIONS = 200
/** How often an endorsement is looked at, which is renewed a week before its end. */
const RENEWAL_LOOK_MS = 3_600_000
/** A seat must promise at least this much data before we pay its channel's opening fee. */
const MIN_RELAY_BYTES = 2 * 1_048_576

/** Resolves once everything is announced; data is checked by hash meanwhile. Throws TorrentError, ChainError, StorageError, WalletError. */
export async function startSeeder(options: SeederOptions): Promise<Seeder> {
  const log = options.log ?? (() => undefined)
  const { wallet } = options
  const bttPerTrx = options.bttPerTrx ?? null
  const feeMultiple = options.redeemFeeMultiple ?? DEFAULT_FEE_MULTIPLE
  let askPerMiB = options.askPerMiB
  const meter = createMeter((failure) =>
    log(failure ? { event: 'chainLost', ...describeFailure(failure) } : { event: 'chainBack' }),
  )
  const chain = meter.watchChain(await connectChain(options.network))
  const ledger = watchLedger(
    options.dataDir ? await createFileLedger(join(options.dataDir, 'ledger.jsonl')) : createMemoryLedger(),
    (failure) => options.onLedgerFailure?.(failure),
  )
  const closeLedger = async (error: unknown): Promise<never> => {
    await ledger.close()
    throw error
  }
  const delegateKey = await openDelegate(options.dataDir).catch(closeLedger)
  const getEndorsement = createEndorser(wallet, delegateKey.address, options.network)
  const payee = meter.watchPayee(
    createPayee({ chain, ledger, payee: wallet.address, delegateKey, getEndorsement }),
  )
  await payee.restore()
  await meter.watchReceipts(ledger)

  const relay =
    options.relay && bttPerTrx !== null
      ? await createRelay({
          chain,
          payee,
          wallet,
          store: createRelayStore(options.dataDir && join(options.dataDir, 'relay.json')),
          getPolicy: () => ({
            ...(options.relay ?? DEFAULT_RELAY_BUDGETS),
            bttPerTrx,
            feeMultiple,
            leastSeat: priceOf(MIN_RELAY_BYTES, askPerMiB),
          }),
          onChange: () => quoteAnew(),
          log,
        }).catch(closeLedger)
      : null
  const toSelling = (): Selling | null =>
    askPerMiB === 0n
      ? null
      : {
          askPerMiB,
          freeAllowanceBytes: options.freeAllowanceBytes,
          freeBytesPerSec: options.freeBytesPerSec,
          relayFrom: relay?.relayFrom ?? null,
        }
  const exchange = createExchange({
    domain: options.network,
    payer: null,
    payee,
    selling: toSelling(),
    torrentName: (infoHash) => engine.getSnapshot(infoHash)?.name ?? infoHash,
    ...(relay ? { relayOpen: (seat) => relay.open(seat) } : {}),
    onError: (error) => log({ event: 'exchangeFailed', ...describeFailure(error) }),
  })
  const quoteAnew = (): void => exchange.setSelling(toSelling())
  const engine = await createDiskEngine({
    ...(options.dataDir ? { path: join(options.dataDir, 'pieces') } : {}),
    trackers: options.trackers,
    iceServers: options.iceServers ?? [],
    extensions: [meter.watchExtension(exchange.extension)],
    maxConnections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    upload: { enabled: true, maxBytesPerSec: options.maxUploadBytesPerSec ?? null },
    onDrop: (reason) => log({ event: 'dropped', ...describeFailure(reason) }),
  })
  const redeemer = createRedeemer({
    chain,
    payee,
    wallet,
    log,
    policy: {
      redeemAt: options.redeemAt ?? DEFAULT_REDEEM_AT,
      floor: options.redeemFloor ?? DEFAULT_REDEEM_FLOOR,
      feeMultiple,
      bttPerTrx,
    },
  })
  const stopReceipts = ledger.onReceipts((receipts) => {
    for (const { kind, id, amount } of receipts) log({ event: 'receipt', kind, id, amount })
  })

  let quoted = getEndorsement()
  const renewing = setInterval(() => {
    if (getEndorsement() === quoted) return
    quoted = getEndorsement()
    quoteAnew()
  }, RENEWAL_LOOK_MS)
  renewing.unref()

  let stopping: Promise<void> | null = null
  async function close(withinMs = DEFAULT_STOP_MS): Promise<void> {
    log({ event: 'stopping' })
    redeemer.stop()
    relay?.stop()
    clearInterval(renewing)
    await engine.destroy()
    exchange.close()
    if (!(await endsWithin(redeemer.look(), withinMs))) log({ event: 'redeemUnfinished' })
    stopReceipts()
    await ledger.close()
    log({ event: 'stopped' })
  }

  const infoHashes: string[] = []
  try {
    for (const torrent of options.torrents ?? []) infoHashes.push(await seedTorrent(engine, torrent))
    for (const path of options.paths ?? []) {
      infoHashes.push(
        await seedPath(engine, path, options.contentDir ?? null, { trackers: options.trackers, log }),
      )
    }
  } catch (error) {
    await close()
    throw error
  }
  // A channel may have begun to close while we were away.
  void redeemer.look()
  log({ event: 'started', payee: wallet.address, port: engine.getPort(), infoHashes, askPerMiB })

  return {
    payee: wallet.address,
    infoHashes,
    port: engine.getPort(),
    getStatus() {
      const torrents = engine.list()
      const sum = (pick: (torrent: TorrentSnapshot) => number): number =>
        torrents.reduce((total, torrent) => total + pick(torrent), 0)
      return {
        payee: wallet.address,
        askPerMiB,
        ...payee.getTotals(),
        torrents,
        wires: meter.wires.size,
        sentFreeBytes: meter.sentFreeBytes,
        sentPaidBytes: meter.sentPaidBytes,
        creditBytes: [...meter.wires].reduce((total, peerKey) => {
          const money = exchange.getPeerMoney(peerKey)
          return total + (money.status === 'buyer' ? money.unpaidBytes : 0)
        }, 0),
        vouchersAccepted: meter.vouchersAccepted,
        vouchersRefused: Object.fromEntries(meter.vouchersRefused),
        redeemed: meter.redeemed,
        redeemFeeSun: meter.redeemFeeSun,
        redeemFailures: Object.fromEntries(redeemer.failures),
        redeemAlarm: redeemer.alarm,
        relayFrom: relay?.relayFrom ?? null,
        relayFeeSun: relay?.spentSun ?? toFeeSun(0n),
        chain: meter.chainFailure
          ? { status: 'down', message: meter.chainFailure.message }
          : { status: 'up' },
        peers: sum((torrent) => torrent.peers.length),
        uploadedBytes: sum((torrent) => torrent.uploadedBytes),
        uploadBytesPerSec: sum((torrent) => torrent.uploadBytesPerSec),
      }
    },
    setAsk(next) {
      askPerMiB = next
      quoteAnew()
      void relay?.refresh()
    },
    redeemNow: () => redeemer.redeemNow(),
    getTorrentFile: (infoHash) => engine.getTorrentFile(infoHash),
    stop(stopOptions) {
      stopping ??= close(stopOptions?.withinMs)
      return stopping
    },
  }
}

/** The data folder's own key; one for this run where nothing is kept. Throws StorageError. */
async function openDelegate(dataDir: string | null): Promise<PageKey> {
  return createPageKey(dataDir ? await openDelegateKey(join(dataDir, 'delegate.key')) : makeDelegateKey())
}

/** Tells of the first commit that failed: no voucher can be taken after it. */
function watchLedger(ledger: LedgerStore, onFailure: (failure: StorageError) => void): LedgerStore {
  let hasFailed = false
  return {
    ...ledger,
    async commit(batch) {
      try {
        return await ledger.commit(batch)
      } catch (error) {
        if (!hasFailed && error instanceof StorageError) {
          hasFailed = true
          onFailure(error)
        }
        throw error
      }
    },
  }
}

/** False when `task` is still under way after `withinMs`. */
async function endsWithin(task: Promise<void>, withinMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs)
  })
  const hasEnded = await Promise.race([task.then(() => true), timeout])
  clearTimeout(timer)
  return hasEnded
}
