/** For tests: a seller with a real account, engine and exchange on a chain in memory, and payers that may cheat it. */

import { type Hex, WireError } from '../../base/index.ts'
import { buildSeatTree, seatProofDigest, voucherDigest } from '../../channels/index.ts'
import type { LedgerStore, OfferedSeat, SeatClaim } from '../../payments/index.ts'
import { createMemoryLedger, createPayee, type PayeeAccount } from '../../payments/index.ts'
import { planChannel } from '../../payments/payer/seat-plan.ts'
import {
  type TestClock,
  testClock,
  testEndorsement,
  testKey,
  testWallet,
} from '../../payments/testing/accounts.ts'
import { createLedgerChain, type LedgerChain, testNetwork } from '../../payments/testing/ledger-chain.ts'
import type { DiskEngine } from '../../torrent/disk/index.ts'
import { createSwarm, seedSample } from '../../torrent/testing/swarm.ts'
import type { Address, TypedDataDomain } from '../../tron/index.ts'
import { type Amount, priceOf, toAmount } from '../../units/index.ts'
import { createExchange, type Exchange } from '../exchange.ts'
import type { Selling } from '../seller/quotes.ts'
import type { PayMessage, SeatMessage } from '../wire/message.ts'
import { connectRawPeer, type RawPeer } from './raw-wire.ts'

/** Base units per MiB. */
export const ASK = toAmount(1_048_576_000n)
/** 64 KiB, as the engine cuts a sample of this length. */
export const PIECE = 65_536
export const PIECE_PRICE = priceOf(PIECE, ASK)
const PIECES = 16
const RICHES = 10n ** 18n

/** A payer's key and its open channel. */
export interface Purse {
  readonly seat: OfferedSeat
  /** What its signer proves on that wire. */
  prove(peer: RawPeer, purpose: SeatClaim['purpose'], over?: Partial<SeatClaim>): Promise<Hex>
  /** A `seat`, proven for that wire. */
  show(peer: RawPeer): Promise<SeatMessage>
  /** A `pay` for bytes, properly signed unless told otherwise. */
  pay(cumulative: bigint, fields?: Partial<PayMessage>, domain?: TypedDataDomain): Promise<PayMessage>
}

export interface SellerWorld {
  readonly chain: LedgerChain
  readonly clock: TestClock
  readonly payee: PayeeAccount
  readonly exchange: Exchange
  readonly engine: DiskEngine
  readonly infoHash: string
  readonly drops: readonly string[]
  makePurse(options?: PurseOptions): Promise<Purse>
  /** From now on: how many times the seller wrote to its disk. */
  countCommits(): () => number
  /** Each under a peer id of its own. */
  join(): Promise<RawPeer>
  /** Joins, shows the seat, bids the ask. */
  joinAndBid(purse: Purse, rate?: bigint): Promise<RawPeer>
  sell(selling: Selling): void
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

export interface PurseOptions {
  readonly cap?: bigint
  readonly payee?: Address
  readonly isOpen?: boolean
}

export const SELLING: Selling = {
  askPerMiB: ASK,
  freeAllowanceBytes: 0,
  freeBytesPerSec: 0,
  relayFrom: null,
}

export async function createSellerWorld(selling: Selling = SELLING): Promise<SellerWorld> {
  const swarm = createSwarm()
  const clock = testClock()
  const payerWallet = testWallet(1)
  const chain = createLedgerChain(new Map([[payerWallet.address, RICHES]]))
  const sellerWallet = testWallet(10)
  const disk = createMemoryLedger()
  let commits = 0
  const ledger: LedgerStore = {
    ...disk,
    commit(batch) {
      commits += 1
      return disk.commit(batch)
    },
  }
  const delegateKey = testKey(11)
  const payee = createPayee({
    chain,
    ledger,
    payee: sellerWallet.address,
    delegateKey,
    getEndorsement: () => testEndorsement(10, delegateKey.address, clock.nowMs()),
    clock,
  })
  await payee.restore()
  const drops: string[] = []
  const exchange = createExchange({
    domain: testNetwork,
    payer: null,
    payee,
    selling,
    torrentName: () => 'film',
    onError: (error) => drops.push(String(error)),
    clock,
  })
  const engine = await swarm.engine({
    extensions: [exchange.extension],
    onDrop: (reason) => drops.push(reason instanceof WireError ? reason.code : reason.message),
  })
  const { infoHash } = await seedSample(swarm, engine, PIECES * PIECE)
  const peers: RawPeer[] = []
  let salt = 100

  const world: SellerWorld = {
    chain,
    clock,
    payee,
    exchange,
    engine,
    infoHash,
    drops,
    countCommits() {
      const before = commits
      return () => commits - before
    },
    async makePurse({ cap = 1_000n * PIECE_PRICE, payee: leafPayee, isOpen = true } = {}) {
      const signer = testKey(++salt)
      const leaves = [
        { payee: leafPayee ?? payee.payee, delegate: delegateKey.address, cap: toAmount(cap) },
        { payee: testKey(99).address, delegate: testKey(99).address, cap: toAmount(5n) },
      ]
      const planned = planChannel({
        payer: payerWallet.address,
        signer: signer.address,
        leaves,
        closeDelaySec: 3_600,
        random: (lengthBytes) => new Uint8Array(lengthBytes).fill(salt),
        domain: testNetwork,
      })
      const { channelId, fields, note } = planned
      if (isOpen) {
        await chain.send({ kind: 'approve', amount: fields.total }, payerWallet)
        const untilSec = chain.nowSec + 86_400n
        await chain.send(
          { kind: 'fundAndOpen', amount: fields.total, untilSec, channel: fields, note },
          payerWallet,
        )
      }
      const leaf = planned.leaves.find((one) => one.cap === cap)
      if (!leaf) throw new Error('no leaf')
      const path = buildSeatTree(planned.leaves).proofOf(leaf.payee)
      const seat: OfferedSeat = { channelId, channel: fields, leaf, path, opening: null }
      const prove: Purse['prove'] = async (peer, purpose, over = {}) => {
        if (!peer.theirs) throw new Error('no handshake yet')
        const { payee: to, delegate } = leaf
        const claim = { channelId, payee: to, delegate, infoHash, nonce: peer.theirs.nonce, purpose, ...over }
        return signer.sign(seatProofDigest(claim, testNetwork))
      }
      return {
        seat,
        prove,
        show: async (peer) => ({ type: 'seat', seat, proof: await prove(peer, 'serve') }),
        async pay(cumulative, fieldsOver = {}, domain = testNetwork) {
          const voucher = { channelId, payee: leaf.payee, cumulative: toAmount(cumulative) }
          const signature: Hex = await signer.sign(voucherDigest(voucher, domain))
          return {
            type: 'pay',
            channelId,
            cumulative: voucher.cumulative,
            signature,
            amount: PIECE_PRICE,
            lengthBytes: PIECE,
            pieceIndex: 0,
            tipMemo: null,
            ...fieldsOver,
          }
        },
      }
    },
    async join() {
      const peer = await connectRawPeer(engine.getPort(), { infoHash, domain: testNetwork })
      peers.push(peer)
      return peer
    },
    async joinAndBid(purse, rate = ASK) {
      const peer = await world.join()
      peer.say(await purse.show(peer))
      await peer.hear('ack')
      peer.say({ type: 'bid', ratePerMiB: rate as Amount })
      return peer
    },
    sell: (next) => exchange.setSelling(next),
    async advance(ms) {
      chain.nowSec += BigInt(Math.floor(ms / 1_000))
      await clock.advance(ms)
    },
    async close() {
      await Promise.all(peers.map((peer) => peer.close()))
      await swarm.close()
    },
  }
  return world
}

/** Each question is answered in the wire's order: after the last answer all before it was dealt with. */
export async function roundTrips(peer: RawPeer, count = 5): Promise<void> {
  const unknown: Hex = `0x${'ee'.repeat(32)}`
  for (let i = 0; i < count; i++) {
    const since = peer.heard.length
    peer.say({ type: 'releaseRequest', channelId: unknown, proof: `0x${'00'.repeat(65)}`, latest: null })
    await peer.hear('reject', since)
  }
}
