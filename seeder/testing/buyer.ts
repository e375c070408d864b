/** Test only: a leecher in this process that pays, over real TCP wires. */
import { randomBytes } from 'node:crypto'
import { slowClock } from '../../lib/base/testing/slow-clock.ts'
import { connectChain } from '../../lib/channels/index.ts'
import { createExchange, type Exchange } from '../../lib/exchange/index.ts'
import { decodeMessage } from '../../lib/exchange/wire/codec.ts'
import { createMemoryLedger, createPayer, type Payer, type PayerAccount } from '../../lib/payments/index.ts'
import { createDiskEngine, type DiskEngine } from '../../lib/torrent/disk/index.ts'
import type { WireExtension } from '../../lib/torrent/index.ts'
import { parseTorrentFile } from '../../lib/torrent/index.ts'
import { addressOfPrivateKey, type Network, signDigest } from '../../lib/tron/index.ts'
import { toAmount, ZERO_AMOUNT } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'

/** A buyer waits ten seconds for paid blocks; here a minute and more. */
const PATIENCE = 8

export interface Buyer {
  readonly payer: PayerAccount
  readonly exchange: Exchange
  readonly engine: DiskEngine
  readonly infoHash: string
  readonly wallet: ReturnType<typeof createKeySigner> & { readonly canSignSilently: boolean }
  /** Σ over channels of the highest figure that the seller has acknowledged. */
  acknowledged(): bigint
  /** Acknowledged vouchers so far. */
  acks(): number
  /** Resolves with the acknowledgement that makes so many more. */
  moreAcks(count: number): Promise<void>
  /** Σ of what was signed for pieces. */
  spent(): Promise<bigint>
  isDone(): boolean
  /** Connects, waits for the quote, and starts a session with this budget. */
  start(port: number, budget: bigint): Promise<void>
}

/** `torrentFile` are its bytes; pieces go to `path`. */
export async function makeBuyer(options: {
  readonly network: Network
  readonly privateKey: string
  readonly torrentFile: Uint8Array
  readonly path: string
  readonly maxAskPerMiB: bigint
}): Promise<Buyer> {
  const sessionKey = randomBytes(32)
  const ledger = createMemoryLedger()
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain: await connectChain(options.network),
    ledger,
    sessionKey: {
      address: addressOfPrivateKey(sessionKey),
      sign: async (digest) => signDigest(sessionKey, digest),
    },
  })
  await payer.restore()
  // These sellers give nothing for free: a buyer that has no other takes its one for a seller that delivers.
  const trusting: Payer = {
    ...payer,
    offerSeller: (terms) =>
      payer.offerSeller({ ...terms, deliveredBytes: Math.max(1, terms.deliveredBytes) }),
  }
  const exchange = createExchange({
    domain: options.network,
    payer: trusting,
    payee: null,
    selling: null,
    torrentName: () => 'film.bin',
    // A seller that is starved of the machine is not a silent one.
    clock: slowClock(PATIENCE),
  })
  const acknowledged = new Map<string, bigint>()
  let acks = 0
  const waiting = new Set<() => void>()
  const listening: WireExtension = {
    name: exchange.extension.name,
    attach(link) {
      const session = exchange.extension.attach(link)
      return {
        ...session,
        onMessage(payload) {
          const message = decodeMessage(payload)
          if (message?.type === 'ack' && message.cumulative > (acknowledged.get(message.channelId) ?? 0n)) {
            acknowledged.set(message.channelId, message.cumulative)
            acks += 1
            for (const look of [...waiting]) look()
          }
          session.onMessage(payload)
        },
      }
    },
  }
  const engine = await createDiskEngine({
    loadWebTorrent: () => import('webtorrent'),
    path: options.path,
    trackers: [],
    iceServers: [],
    extensions: [listening],
    upload: { enabled: true, maxBytesPerSec: null },
  })
  const source = parseTorrentFile(options.torrentFile)
  const { infoHash } = source
  const wallet = { ...createKeySigner(options.privateKey), canSignSilently: true }
  await engine.addAt(source, options.path)
  const until = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isTrue()) return
        for (const stop of stops) stop()
        resolve()
      }
      const stops = [engine.onChange(look), exchange.onChange(look)]
      look()
    })
  await until(() => (engine.getSnapshot(infoHash)?.pieces.length ?? 0) > 0)
  return {
    payer,
    exchange,
    engine,
    infoHash,
    wallet,
    acknowledged: () => [...acknowledged.values()].reduce((sum, one) => sum + one, 0n),
    acks: () => acks,
    moreAcks(count) {
      const goal = acks + count
      return new Promise((resolve) => {
        const look = (): void => {
          if (acks < goal) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    },
    async spent() {
      let spent = 0n
      for await (const { amount } of ledger.eachReceipt({ kinds: ['piece'] })) spent += amount
      return spent
    },
    isDone: () => engine.getSnapshot(infoHash)?.state.status === 'seeding',
    async start(port, budget) {
      engine.addPeer(infoHash, `127.0.0.1:${port}`)
      await until(() => {
        const [peer] = engine.getSnapshot(infoHash)?.peers ?? []
        return peer !== undefined && exchange.getPeerMoney(peer.peerKey).status === 'quoted'
      })
      await payer.start({
        budget: toAmount(budget),
        maxAskPerMiB: toAmount(options.maxAskPerMiB),
        torrents: [infoHash],
        wallet,
      })
    },
  }
}
