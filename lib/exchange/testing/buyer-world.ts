/** For tests: a buyer with a real account, engine and exchange, and sellers on bare wires that may cheat it. */

import { WireError } from '../../base/index.ts'
import { createMemoryLedger, createPayer, type PayerAccount } from '../../payments/index.ts'
import {
  settleTasks,
  type TestClock,
  testClock,
  testEndorsement,
  testKey,
  testWallet,
} from '../../payments/testing/accounts.ts'
import { createLedgerChain, type LedgerChain, testNetwork } from '../../payments/testing/ledger-chain.ts'
import type { DiskEngine } from '../../torrent/disk/index.ts'
import type { ExtensionWire, PeerKey, WireExtension } from '../../torrent/index.ts'
import { parseTorrentFile } from '../../torrent/index.ts'
import { createSwarm, sampleBytes, seedSample, whenSnapshot } from '../../torrent/testing/swarm.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import { createExchange, type Exchange } from '../exchange.ts'
import type { PayMessage, QuoteMessage, QuoteTerms, WireMessage } from '../wire/message.ts'
import { sealQuote } from '../wire/quote-proof.ts'
import { encodeQuoteTerms } from '../wire/quote-terms.ts'
import { connectRawSeeder, makePeerId, type RawPeer } from './raw-wire.ts'
import { ASK, PIECE } from './seller-world.ts'

export const PIECES = 16
const RICHES = 10n ** 18n
const bytes = sampleBytes(PIECES * PIECE)

/** How a bare seller behaves; what is left out is done honestly. */
export interface SellerManners {
  readonly fill?: number
  readonly quote?: Partial<QuoteTerms>
  /** Whether it quotes as soon as it can; true when left out. */
  readonly greets?: boolean
  /** Whether it answers before a first bid; false when left out. */
  readonly servesFree?: boolean
  /** The block for a request; null keeps silent. */
  readonly block?: (index: number, offset: number, lengthBytes: number) => Uint8Array | null
  /** Runs after the honest answer was sent. */
  readonly after?: (peer: RawPeer, message: WireMessage) => void
}

export interface CheatingSeller {
  readonly payee: ReturnType<typeof testKey>['address']
  /** Every payment that came. */
  readonly payments: readonly PayMessage[]
  /** Sealed for that wire. */
  quote(peer: RawPeer, fields?: Partial<QuoteTerms>): QuoteMessage
  /** Connects to the buyer, each time under the same peer id. */
  join(): Promise<RawPeer>
}

export interface BuyerWorld {
  readonly chain: LedgerChain
  readonly clock: TestClock
  readonly payer: PayerAccount
  readonly exchange: Exchange
  readonly engine: DiskEngine
  readonly infoHash: string
  readonly drops: readonly string[]
  /** Verified bytes of class paid, by the wire that brought them. */
  readonly verified: ReadonlyMap<string, number>
  makeSeller(manners?: SellerManners): CheatingSeller
  /** Funds a budget and opens a channel for the sellers met. */
  pay(maxAsk?: bigint): Promise<void>
  whenDone(): Promise<void>
  /** Until so many sellers' prices are known. */
  whenQuoted(count: number): Promise<void>
  close(): Promise<void>
}

export const honestBlock = (index: number, offset: number, lengthBytes: number): Uint8Array =>
  bytes.slice(index * PIECE + offset, index * PIECE + offset + lengthBytes)

/** Notes what each wire's session is credited with. */
function watchVerified(extension: WireExtension, verified: Map<string, number>): WireExtension {
  return {
    name: extension.name,
    attach(link) {
      const session = extension.attach(link)
      const onPieceVerified: ExtensionWire['onPieceVerified'] = (piece) => {
        verified.set(link.peerKey, (verified.get(link.peerKey) ?? 0) + piece.paidBytes)
        session.onPieceVerified(piece)
      }
      return { ...session, onPieceVerified }
    },
  }
}

export async function createBuyerWorld(): Promise<BuyerWorld> {
  const swarm = createSwarm()
  const clock = testClock()
  const wallet = testWallet(1, true)
  const chain = createLedgerChain(new Map([[wallet.address, RICHES]]))
  let salt = 0
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: testKey(2),
    clock,
    random: (lengthBytes) => new Uint8Array(lengthBytes).fill(++salt),
  })
  await payer.restore()
  const drops: string[] = []
  const exchange = createExchange({
    domain: testNetwork,
    payer,
    payee: null,
    selling: null,
    torrentName: () => 'film',
    onError: (error) => drops.push(String(error)),
    clock,
  })
  const verified = new Map<string, number>()
  const author = await swarm.engine()
  const { infoHash, torrentFile } = await seedSample(swarm, author, PIECES * PIECE)
  const engine = await swarm.engine({
    extensions: [watchVerified(exchange.extension, verified)],
    onDrop: (reason) => drops.push(reason instanceof WireError ? reason.code : reason.message),
  })
  await engine.add(parseTorrentFile(torrentFile))
  await whenSnapshot(engine, infoHash, ({ state }) => state.status === 'downloading')
  const peers: RawPeer[] = []

  return {
    chain,
    clock,
    payer,
    exchange,
    engine,
    infoHash,
    drops,
    verified,
    makeSeller({
      fill = 30,
      quote = {},
      greets = true,
      servesFree = false,
      block = honestBlock,
      after,
    } = {}) {
      const key = testKey(fill)
      const payments: PayMessage[] = []
      const { untilSec, signature: endorsement } = testEndorsement(fill, key.address, clock.nowMs())
      const makeQuote = (peer: RawPeer, fields: Partial<QuoteTerms> = {}): QuoteMessage => {
        const terms: QuoteTerms = {
          askPerMiB: ASK,
          windowBytes: 4 * PIECE,
          freeAllowanceBytes: 0,
          step: toAmount(1n),
          relayFrom: null,
          seller: { payee: key.address, publicKey: key.publicKey, untilSec, endorsement },
          ...quote,
          ...fields,
        }
        if (!peer.theirs) throw new Error('no handshake yet')
        const termsBytes = encodeQuoteTerms(terms)
        const mac = sealQuote(termsBytes, key.agree(peer.theirs.publicKey), {
          domain: testNetwork,
          infoHash,
          buyerNonce: peer.theirs.nonce,
          sellerNonce: peer.ours.nonce,
        })
        return { type: 'quote', terms, termsBytes, mac }
      }
      let paidBytes = 0
      let isServing = servesFree
      const onMessage = (peer: RawPeer, message: WireMessage): void => {
        const ack = (channelId: PayMessage['channelId'], cumulative: Amount): void =>
          peer.say({ type: 'ack', channelId, cumulative, paidBytes, windowBytes: 4 * PIECE })
        if (message.type === 'bid') isServing = true
        if (message.type === 'seat') ack(message.seat.channelId, toAmount(0n))
        if (message.type === 'pay') {
          payments.push(message)
          paidBytes += message.lengthBytes
          ack(message.channelId, message.cumulative)
        }
        after?.(peer, message)
      }
      const peerId = makePeerId()
      return {
        payee: key.address,
        payments,
        quote: makeQuote,
        async join() {
          const peer = await connectRawSeeder(engine.getPort(), {
            infoHash,
            domain: testNetwork,
            peerId,
            pieceCount: PIECES,
            onReady: (ready) => {
              if (greets) ready.say(makeQuote(ready))
            },
            onMessage,
            onRequest(wire, index, offset, lengthBytes) {
              const sent = isServing ? block(index, offset, lengthBytes) : null
              if (sent) wire.piece(index, offset, sent)
            },
          })
          peers.push(peer)
          return peer
        },
      }
    },
    async pay(maxAsk = 2n * ASK) {
      payer.setWallet(wallet)
      const started = payer.start({
        budget: toAmount(1_000n * ASK),
        maxAskPerMiB: toAmount(maxAsk),
        torrents: [infoHash],
        wallet,
      })
      // Sellers that give nothing for free: the start waits for a delivery, then seats them on trial.
      for (let turn = 0; turn < 6; turn++) await clock.advance(1_000)
      await started
      await settleTasks()
    },
    async whenQuoted(count) {
      const isQuoted = (peerKey: PeerKey): boolean => exchange.getPeerMoney(peerKey).status !== 'free'
      await whenSnapshot(
        engine,
        infoHash,
        ({ peers: met }) => met.filter(({ peerKey }) => isQuoted(peerKey)).length >= count,
      )
    },
    whenDone: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (engine.getSnapshot(infoHash)?.state.status !== 'seeding') return
          stop()
          resolve()
        }
        const stop = engine.onChange(look)
        look()
      }),
    async close() {
      await Promise.all(peers.map((peer) => peer.close()))
      await swarm.close()
    },
  }
}
