/** Test only: one payer and two sellers on one test chain, each with a ledger that outlives its account. */
import type { Address } from '../../tron/index.ts'
import { toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { LedgerStore } from '../ledger.ts'
import { createMemoryLedger } from '../ledger.ts'
import { createPayee, type PayeeAccount } from '../payee/payee.ts'
import type { PayerWallet } from '../payer/context.ts'
import { createPayer, type PayerAccount } from '../payer/payer.ts'
import {
  INFO_HASH,
  MIB,
  pieceReason,
  settleTasks,
  type TestClock,
  terms,
  testClock,
  testKey,
  testWallet,
} from './accounts.ts'
import { createLedgerChain, type LedgerChain } from './ledger-chain.ts'

export const ASK = 1_000n
const PAYER_FILL = 1
const SESSION_FILL = 2
const RICHES = 1_000_000n

export interface Seller {
  readonly account: PayeeAccount
  readonly ledger: LedgerStore
  readonly wallet: PayerWallet
}

export interface World {
  readonly chain: LedgerChain
  readonly clock: TestClock
  readonly wallet: ReturnType<typeof testWallet>
  readonly ledger: LedgerStore
  payer: PayerAccount
  readonly sellers: readonly [Seller, Seller]
  readonly errors: unknown[]
  /** Bytes of the torrent that are still to come; null, at first: nobody knows. */
  missingBytes: number | null
  /** A new page over the same ledger. */
  reload(): Promise<void>
  meet(seller: Seller, options?: { readonly ask?: bigint; readonly relaysOpen?: boolean }): void
  start(budget: bigint, maxAsk?: bigint): Promise<void>
  /** Shows the current seat and pays one piece of `lengthBytes`; null when it could not be paid. */
  buyPiece(seller: Seller, pieceIndex: number, lengthBytes?: number): Promise<bigint | null>
  /** Releases of the sellers given come in when the payer asks. */
  collectFrom(sellers: readonly Seller[]): (channelIds: readonly `0x${string}`[]) => Promise<void>
  /** Moves the page's and the chain's time. */
  advance(durationMs: number): Promise<void>
}

export interface WorldOptions {
  /** The wallet signs without asking. */
  readonly silent?: boolean
  /** What a TRX is worth in base units; 0 by default: fees weigh nothing. */
  readonly bttPerTrx?: bigint
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const wallet = testWallet(PAYER_FILL, options.silent)
  const chain = createLedgerChain(new Map<Address, bigint>([[wallet.address, RICHES]]))
  const clock = testClock()
  const ledger = createMemoryLedger()
  const errors: unknown[] = []
  let salt = 0
  const makePayer = (): PayerAccount =>
    createPayer({
      chain,
      ledger,
      sessionKey: testKey(SESSION_FILL),
      clock,
      bttPerTrx: toAmount(options.bttPerTrx ?? 0n),
      getMissingBytes: () => world.missingBytes,
      random: (lengthBytes) => new Uint8Array(lengthBytes).fill(++salt),
      onError: (error) => void errors.push(error),
    })
  const makeSeller = (fill: number): Seller => {
    const sellerWallet = testWallet(fill)
    const sellerLedger = createMemoryLedger()
    const account = createPayee({
      chain,
      ledger: sellerLedger,
      payee: sellerWallet.address,
      delegateKey: testKey(fill + 1),
      clock,
    })
    return { account, ledger: sellerLedger, wallet: sellerWallet }
  }
  const world: World = {
    chain,
    clock,
    wallet,
    ledger,
    payer: makePayer(),
    sellers: [makeSeller(10), makeSeller(20)],
    errors,
    missingBytes: null,
    async reload() {
      world.payer = makePayer()
      await world.payer.restore()
    },
    meet({ account }, { ask = ASK, relaysOpen = false } = {}) {
      world.payer.offerSeller(terms(account.payee, account.delegate, ask, relaysOpen))
    },
    async start(budget, maxAsk = 10_000n) {
      await world.payer.start({
        budget: budget as never,
        maxAskPerMiB: maxAsk as never,
        torrents: [INFO_HASH],
        wallet,
      })
      await settleTasks()
    },
    async buyPiece({ account }, pieceIndex, lengthBytes = MIB) {
      const seat = world.payer.getSeat(account)
      if (!seat) return null
      const verdict = await account.acceptSeat(seat)
      if (verdict.status !== 'accepted') return null
      const price = (ASK * BigInt(lengthBytes) + BigInt(MIB) - 1n) / BigInt(MIB)
      const reason = pieceReason(pieceIndex, lengthBytes)
      const voucher = await world.payer.pay(account, price as never, reason)
      await settleTasks()
      if (!voucher) return null
      const taken = await account.acceptVoucher(voucher, reason)
      return taken.status === 'accepted' ? taken.delta : ZERO_AMOUNT
    },
    collectFrom: (responsive) => async (channelIds) => {
      for (const { account } of responsive) {
        const seat = world.payer.getSeat(account)
        if (seat) await account.acceptSeat(seat)
        for (const channelId of channelIds) {
          const release = await account.release(channelId)
          if (release) await world.payer.acceptRelease(release)
        }
      }
    },
    async advance(durationMs) {
      chain.nowSec += BigInt(Math.floor(durationMs / 1000))
      await clock.advance(durationMs)
    },
  }
  await world.payer.restore()
  return world
}
