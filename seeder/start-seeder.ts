/** A headless seeder in this process: the page's own engine, exchange and payee, with files and a key instead of a person. */
import { join } from 'node:path'
import { createExchange, type Selling } from '../lib/exchange/index.ts'
import {
  createMemoryLedger,
  createPayee,
  type PayeeTotals,
  type RedeemedBatch,
} from '../lib/payments/index.ts'
import { createFileLedger } from '../lib/payments/ledger-file.ts'
import { createEngine, type TorrentSnapshot } from '../lib/torrent/index.ts'
import { loadNodeWebTorrent } from '../lib/torrent/node-webrtc.ts'
import { type Address, connectChain, type Network, signDigest } from '../lib/tron/index.ts'
import { type Amount, hexToBytes, priceOf, toAmount } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { describeFailure, type Log } from './log.ts'
import { createRedeemer, DEFAULT_FEE_MULTIPLE } from './redeemer.ts'
import { type SeedTorrent, seedPath, seedTorrent } from './seed-content.ts'

export interface SeederOptions {
  readonly network: Network
  readonly trackers: readonly string[]
  /** .torrent files with the folders of their data. */
  readonly torrents?: readonly SeedTorrent[]
  /** Files, folders and .torrent files, as on the command line; `contentDir` holds the data of the latter. */
  readonly paths?: readonly string[]
  readonly contentDir?: string | null
  /** 32 bytes of hex: earns, redeems, relays. */
  readonly privateKey: string
  /** 0 sells nothing: an ordinary seeder. */
  readonly askPerMiB: Amount
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  /** Where the vouchers are kept; null forgets them at the end (tests). */
  readonly dataDir: string | null
  readonly maxUploadBytesPerSec?: number | null
  /** Opens payers' channels at its own expense, where the seat is worth it. On by default. */
  readonly relaysOpen?: boolean
  readonly iceServers?: readonly RTCIceServer[]
  /** Redeems by itself once so much is due; 1,000 BTT by default. */
  readonly redeemAt?: Amount
  readonly redeemFeeMultiple?: number
  readonly bttPerTrx?: Amount | null
  readonly log?: Log
}

interface SeederStatus extends PayeeTotals {
  readonly torrents: readonly TorrentSnapshot[]
  readonly peers: number
  readonly uploadedBytes: number
  readonly uploadBytesPerSec: number
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
  /** Redeems what is worth it, leaves the swarms, closes the ledger. Safe to call twice. */
  stop(): Promise<void>
}

const DEFAULT_REDEEM_AT = toAmount(1_000n * 10n ** 18n)
/** A seat must promise at least this much data before we pay its channel's opening fee. */
const MIN_RELAY_BYTES = 2 * 1_048_576

/** Resolves once everything is announced; data is checked by hash meanwhile. Throws TorrentError, ChainError, StorageError, WalletError. */
export async function startSeeder(options: SeederOptions): Promise<Seeder> {
  const log = options.log ?? (() => undefined)
  const wallet = createKeySigner(options.privateKey)
  const privateKey = hexToBytes(options.privateKey)
  const chain = await connectChain(options.network)
  const ledger = options.dataDir
    ? await createFileLedger(join(options.dataDir, 'ledger.jsonl'))
    : createMemoryLedger()
  const payee = createPayee({
    chain,
    ledger,
    payee: wallet.address,
    delegateKey: { address: wallet.address, sign: async (digest) => signDigest(privateKey, digest) },
  })
  await payee.restore()

  const toSelling = (askPerMiB: Amount): Selling | null =>
    askPerMiB === 0n
      ? null
      : {
          askPerMiB,
          freeAllowanceBytes: options.freeAllowanceBytes,
          freeBytesPerSec: options.freeBytesPerSec,
          relaysOpen: options.relaysOpen ?? true,
        }
  const exchange = createExchange({
    domain: options.network,
    payer: null,
    payee,
    selling: toSelling(options.askPerMiB),
    torrentName: (infoHash) => engine.getSnapshot(infoHash)?.name ?? infoHash,
    markPaid: () => undefined,
    relayOpen: async (seat) => {
      await payee.relayOpen(seat, wallet, { minCap: priceOf(MIN_RELAY_BYTES, options.askPerMiB) })
      log({ event: 'opened', channelId: seat.channelId, payer: seat.channel.payer })
    },
    onError: (error) => log({ event: 'exchangeFailed', ...describeFailure(error) }),
  })
  const engine = await createEngine({
    loadWebTorrent: loadNodeWebTorrent,
    storage: null,
    ...(options.dataDir ? { path: join(options.dataDir, 'pieces') } : {}),
    trackers: options.trackers,
    iceServers: options.iceServers ?? [],
    extensions: [exchange.extension],
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
      feeMultiple: options.redeemFeeMultiple ?? DEFAULT_FEE_MULTIPLE,
      bttPerTrx: options.bttPerTrx ?? null,
    },
  })
  const stopReceipts = ledger.onReceipts((receipts) => {
    for (const { kind, id, amount } of receipts) log({ event: 'receipt', kind, id, amount })
  })

  let stopping: Promise<void> | null = null
  async function close(): Promise<void> {
    redeemer.stop()
    await engine.destroy()
    exchange.close()
    await redeemer.look()
    stopReceipts()
    await ledger.close()
    log({ event: 'stopped' })
  }

  const infoHashes: string[] = []
  try {
    for (const torrent of options.torrents ?? []) infoHashes.push(await seedTorrent(engine, torrent))
    for (const path of options.paths ?? []) {
      infoHashes.push(await seedPath(engine, path, options.contentDir ?? null))
    }
  } catch (error) {
    await close()
    throw error
  }
  // A channel may have begun to close while we were away.
  void redeemer.look()
  log({ event: 'started', payee: wallet.address, infoHashes, askPerMiB: options.askPerMiB })

  return {
    payee: wallet.address,
    infoHashes,
    port: engine.getPort(),
    getStatus() {
      const torrents = engine.list()
      const sum = (pick: (torrent: TorrentSnapshot) => number): number =>
        torrents.reduce((total, torrent) => total + pick(torrent), 0)
      return {
        ...payee.getTotals(),
        torrents,
        peers: sum((torrent) => torrent.peers.length),
        uploadedBytes: sum((torrent) => torrent.uploadedBytes),
        uploadBytesPerSec: sum((torrent) => torrent.uploadBytesPerSec),
      }
    },
    setAsk: (askPerMiB) => exchange.setSelling(toSelling(askPerMiB)),
    redeemNow: () => redeemer.redeemNow(),
    stop() {
      stopping ??= close()
      return stopping
    },
  }
}
