/**
 * For tests: a payer and two sellers with real accounts and exchanges, on a chain in memory, over wires that lose what
 * waits and deliver twice, in processes that die at any commit. `check` holds what must be true at every moment.
 */

import type { Hex } from '../../../base/index.ts'
import type { LedgerStore } from '../../../payments/index.ts'
import {
  createMemoryLedger,
  createPayee,
  createPayer,
  type PayeeAccount,
  type PayerAccount,
  promisedOf,
} from '../../../payments/index.ts'
import {
  settleTasks,
  testClock,
  testEndorsement,
  testKey,
  testWallet,
} from '../../../payments/testing/accounts.ts'
import { balanceOf, createLedgerChain, testNetwork } from '../../../payments/testing/ledger-chain.ts'
import type { Address } from '../../../tron/index.ts'
import { type Amount, priceOf, toAmount, ZERO_AMOUNT } from '../../../units/index.ts'
import { createExchange, type Exchange } from '../../exchange.ts'
import type { WireMessage } from '../../wire/message.ts'
import { INFO_HASH } from '../world.ts'
import { createHost, type Death, type Host } from './host.ts'
import { createModelWire, type Direction, type ModelWire } from './model-wire.ts'

/** Not divisible by the pieces of a MiB: each price is rounded. */
export const ASK = 100_003n
export const MAX_ASK = 3n * ASK
const BUDGET = 4_000_000n
const RICHES = 1_000_000_000n

interface Party {
  readonly disk: LedgerStore
  host: Host
  exchange: Exchange
}
interface SellerParty extends Party {
  readonly payee: Address
  readonly wallet: ReturnType<typeof testWallet>
  account: PayeeAccount
  askPerMiB: Amount
}
interface BuyerParty extends Party {
  account: PayerAccount
}

/** A statement that must hold did not. */
function demand(isTrue: boolean, words: string): void {
  if (!isTrue) throw new Error(words)
}

export class ModelWorld {
  readonly clock = testClock()
  readonly wallet = testWallet(1, true)
  readonly chain = createLedgerChain(new Map([[this.wallet.address, RICHES]]))
  readonly wires: { readonly wire: ModelWire; readonly seller: SellerParty }[] = []
  readonly sellers: readonly SellerParty[]
  readonly buyer: BuyerParty
  readonly drops: string[] = []
  readonly errors: unknown[] = []
  /** Verified bytes of class paid for each piece, whoever brought it. */
  readonly verified = new Map<number, number>()
  readonly tips: Amount[] = []
  /** The highest `ack` that left, by channel and payee. */
  readonly acknowledged = new Map<string, bigint>()
  #pending: Promise<unknown>[] = []
  #nextPiece = 0
  #salt = 0

  private constructor() {
    this.sellers = [10, 20].map((fill) => this.#makeSeller(fill))
    this.buyer = this.#makeBuyer()
  }

  /** Met both sellers, funded, one channel open. */
  static async create(): Promise<ModelWorld> {
    const world = new ModelWorld()
    await world.buyer.account.restore()
    for (const seller of world.sellers) {
      await seller.account.restore()
      world.connect(world.sellers.indexOf(seller))
    }
    await world.drain()
    const started = world.buyer.account.start({
      budget: toAmount(BUDGET),
      maxAskPerMiB: toAmount(MAX_ASK),
      torrents: [INFO_HASH],
      wallet: world.wallet,
    })
    // These sellers give nothing for free: the start waits for a delivery, then seats them on trial.
    for (let turn = 0; turn < 6; turn++) await world.clock.advance(1_000)
    await started
    world.buyer.account.setWallet(world.wallet)
    await settleTasks()
    return world
  }

  #run(disk: LedgerStore, isMine: (seller: SellerParty) => boolean): Host {
    return createHost(disk, this.clock, this.chain, () => {
      for (const { wire, seller } of this.wires) if (isMine(seller)) wire.cut()
    })
  }

  #makeSeller(fill: number): SellerParty {
    const wallet = testWallet(fill)
    const disk = createMemoryLedger()
    const party = { payee: wallet.address, wallet, disk, askPerMiB: toAmount(ASK) } as SellerParty
    party.host = this.#run(disk, (seller) => seller === party)
    this.#bootSeller(party, fill)
    return party
  }

  #bootSeller(party: SellerParty, fill: number): void {
    const { clock, ledger, chain } = party.host
    party.account = createPayee({
      chain,
      ledger,
      payee: party.payee,
      delegateKey: testKey(fill + 1),
      getEndorsement: () => testEndorsement(fill, testKey(fill + 1).address, clock.nowMs()),
      clock,
    })
    party.exchange = createExchange({
      domain: testNetwork,
      payer: null,
      payee: party.account,
      selling: this.#sellingOf(party),
      torrentName: () => 'film',
      onError: (error) => void this.errors.push(error),
      clock,
    })
  }

  #sellingOf({ askPerMiB }: SellerParty) {
    return { askPerMiB, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: null }
  }

  #makeBuyer(): BuyerParty {
    const disk = createMemoryLedger()
    const party = { disk } as BuyerParty
    party.host = this.#run(disk, () => true)
    this.#bootBuyer(party)
    return party
  }

  #bootBuyer(party: BuyerParty): void {
    const { clock, ledger, chain } = party.host
    party.account = createPayer({
      bttPerTrx: ZERO_AMOUNT,
      chain,
      ledger,
      sessionKey: testKey(2),
      clock,
      random: (lengthBytes) => new Uint8Array(lengthBytes).map((_, at) => (++this.#salt + at) & 0xff),
      onError: (error) => void this.errors.push(error),
    })
    party.exchange = createExchange({
      domain: testNetwork,
      payer: party.account,
      payee: null,
      selling: null,
      torrentName: () => 'film',
      onError: (error) => void this.errors.push(error),
      clock,
    })
  }

  /** Whoever died comes back over its disk; the buyer's user says go on. */
  async reviveDead(): Promise<void> {
    if (this.buyer.host.isDead) {
      this.buyer.host = this.#run(this.buyer.disk, () => true)
      this.#bootBuyer(this.buyer)
      await this.#tick(this.buyer.account.restore())
      if (this.buyer.account.getState()?.status === 'stopped') await this.buyer.account.resume()
      this.buyer.account.setWallet(this.wallet)
    }
    for (const [at, seller] of this.sellers.entries()) {
      if (!seller.host.isDead) continue
      seller.host = this.#run(seller.disk, (one) => one === seller)
      this.#bootSeller(seller, 10 * (at + 1))
      await this.#tick(seller.account.restore())
    }
    await settleTasks()
  }

  /** Time goes on until it is done: it may wait for blocks. */
  async #tick<T>(task: Promise<T>): Promise<T> {
    let isDone = false
    const done = task.finally(() => {
      isDone = true
    })
    done.catch(() => undefined)
    for (let look = 0; !isDone; look++) {
      await settleTasks()
      if (isDone) break
      demand(look < 500, 'it never ends')
      await this.advance(500)
    }
    return done
  }

  connect(sellerAt: number): void {
    const seller = this.sellers[sellerAt]
    if (!seller || seller.host.isDead || this.buyer.host.isDead) return
    const open = this.wires.filter(({ wire, seller: other }) => !wire.isClosed && other === seller)
    if (open.length >= 3) return
    const wire = createModelWire(this.buyer.exchange, seller.exchange, {
      onSend: (from, message) => this.#onSend(seller, from, message),
      onVerified: (pieceIndex, paidBytes) => void this.verified.set(pieceIndex, paidBytes),
      onDrop: (code) => void this.drops.push(code),
    })
    this.wires.push({ wire, seller })
  }

  /** What must be on the sender's disk before a message leaves it. */
  #onSend(seller: SellerParty, from: 'buyer' | 'seller', message: WireMessage): void {
    if (from === 'seller' && message.type === 'ack') {
      const key = `${message.channelId}:${seller.payee}`
      const before = this.acknowledged.get(key) ?? 0n
      if (message.cumulative > before) this.acknowledged.set(key, message.cumulative)
    }
    if (message.type !== 'pay' && message.type !== 'ack') return
    const check =
      from === 'buyer'
        ? this.#promised(seller.payee, message.channelId)
        : this.#held(seller, message.channelId)
    this.#pending.push(
      check.then((known) =>
        demand(known >= message.cumulative, `${from} said ${message.cumulative} but its disk has ${known}`),
      ),
    )
  }

  /** On the buyer's disk. */
  async #promised(payee: Address, channelId: Hex): Promise<bigint> {
    const seats = await this.buyer.disk.list('payerSeats')
    const seat = seats.find((one) => one.channelId === channelId && one.payee === payee)
    return seat ? promisedOf(seat.state) : 0n
  }

  /** On the seller's disk. */
  async #held(seller: SellerParty, channelId: Hex): Promise<bigint> {
    const seats = await seller.disk.list('payeeSeats')
    return seats.find((one) => one.seat.channelId === channelId)?.voucher?.cumulative ?? 0n
  }

  wireAt(at: number): ModelWire | null {
    const open = this.wires.filter(({ wire }) => !wire.isClosed)
    return open.length === 0 ? null : (open[at % open.length]?.wire ?? null)
  }

  request(at: number, isGarbage: boolean): void {
    this.wireAt(at)?.request(this.#nextPiece++, isGarbage)
  }

  async deliver(at: number, direction: Direction, count: number, isTwice: boolean): Promise<void> {
    const wire = this.wireAt(at)
    for (let item = 0; wire && item < count; item++) wire.deliver(direction, isTwice)
    await settleTasks()
  }

  tip(at: number, amount: Amount): void {
    const wire = this.wireAt(at)
    if (!wire || this.buyer.host.isDead) return
    this.tips.push(amount)
    void this.buyer.exchange.tip(wire.sellerKey, amount, 'thanks')
  }

  setAsk(sellerAt: number, askPerMiB: Amount): void {
    const seller = this.sellers[sellerAt]
    if (!seller || seller.host.isDead) return
    seller.askPerMiB = askPerMiB
    seller.exchange.setSelling(this.#sellingOf(seller))
  }

  async advance(ms: number): Promise<void> {
    this.chain.nowSec += BigInt(Math.floor(ms / 1_000))
    await this.clock.advance(ms)
  }

  kill(party: 'buyer' | number, death: Death | null): void {
    const host = party === 'buyer' ? this.buyer.host : this.sellers[party]?.host
    if (death) host?.dieAt(death)
    else host?.kill()
  }

  /** Until nothing waits on any wire. */
  async drain(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      quiet += 1
      for (const { wire } of this.wires) {
        for (const direction of ['toSeller', 'toBuyer'] as const) {
          while (!wire.isClosed && wire.waiting(direction) > 0) {
            wire.deliver(direction, false)
            quiet = 0
          }
        }
      }
      await settleTasks()
    }
  }

  /** True at every moment, whoever is dead. */
  async check(): Promise<void> {
    const checks = this.#pending
    this.#pending = []
    await Promise.all(checks)
    const receipts = await this.buyer.disk.listReceipts({ limit: Number.POSITIVE_INFINITY })
    const paidPieces = new Set<number>()
    const promised = new Map<string, bigint>()
    let tipped = 0n
    for (const receipt of receipts) {
      if (receipt.kind !== 'piece' && receipt.kind !== 'tip') continue
      const key = `${receipt.channelId}:${receipt.payee}`
      promised.set(key, (promised.get(key) ?? 0n) + receipt.amount)
      if (receipt.kind === 'tip') tipped += receipt.amount
      else {
        const index = receipt.pieceIndex ?? -1
        demand(!paidPieces.has(index), `piece ${index} was paid twice`)
        paidPieces.add(index)
        demand(this.verified.get(index) === receipt.lengthBytes, `piece ${index} was paid unverified`)
        demand(
          receipt.amount >= priceOf(receipt.lengthBytes, toAmount(ASK)) &&
            receipt.amount <= priceOf(receipt.lengthBytes, toAmount(MAX_ASK)),
          `piece ${index} cost ${receipt.amount}`,
        )
      }
    }
    demand(tipped <= this.tips.reduce((sum, tip) => sum + tip, 0n), 'more was tipped than was meant')
    for (const seat of await this.buyer.disk.list('payerSeats')) {
      const key = `${seat.channelId}:${seat.payee}`
      const owed = promisedOf(seat.state)
      demand(owed === (promised.get(key) ?? 0n), `a voucher of ${owed} for receipts of ${promised.get(key)}`)
      demand(owed <= seat.cap, 'a voucher above its cap')
      const seller = this.sellers.find(({ payee }) => payee === seat.payee)
      const held = seller ? await this.#held(seller, seat.channelId) : 0n
      demand(held <= owed, `the seller holds ${held}, the payer promised ${owed}`)
      demand(held >= (this.acknowledged.get(key) ?? 0n), 'the seller lost a voucher that it acknowledged')
    }
    demand(this.chain.getTotalSupply() === RICHES, 'coins were made or lost')
    demand(this.errors.length === 0, `errors: ${this.errors.map(String).join(', ')}`)
  }

  /** All alive and joined anew: both sides know the same highest voucher of each seat that is shown. */
  async checkAgreement(): Promise<void> {
    for (const { wire } of this.wires) wire.cut()
    await this.reviveDead()
    for (const { host } of [this.buyer, ...this.sellers]) host.dieAt(null)
    for (const at of this.sellers.keys()) this.connect(at)
    for (let round = 0; round < 4; round++) {
      await this.drain()
      await this.advance(6_000)
    }
    await this.check()
    for (const seller of this.sellers) {
      const seat = this.buyer.account.getSeat(seller.account)
      if (!seat || seat.opening !== null) continue
      const [held, owed] = await Promise.all([
        this.#held(seller, seat.channelId),
        this.#promised(seller.payee, seat.channelId),
      ])
      demand(held === owed, `after joining anew the seller holds ${held}, the payer promised ${owed}`)
    }
  }

  /** Settles; every coin is where the highest vouchers say, and funded = paid + refunded. */
  async finish(): Promise<void> {
    await this.checkAgreement()
    const { account, exchange } = this.buyer
    let outcome = await this.#tick(
      account.settle({
        wallet: this.wallet,
        collectReleases: async (channelIds) => {
          const collected = exchange.collectReleases(channelIds, 5_000)
          await this.drain()
          await collected
        },
      }),
    )
    for (const seller of this.sellers) await this.#tick(seller.account.redeem(seller.wallet))
    if (outcome.status === 'closing') {
      await this.advance(4_000_000)
      outcome = await this.#tick(account.finish({ wallet: this.wallet }))
    }
    if (outcome.status !== 'settled') throw new Error(`the session ended as ${outcome.status}`)
    const { funded, paid, refunded } = outcome.summary
    demand(funded === paid + refunded, `funded ${funded}, paid ${paid}, refunded ${refunded}`)
    const kept = this.sellers.reduce((sum, { wallet }) => sum + balanceOf(this.chain, wallet.address), 0n)
    demand(kept === paid, `the sellers got ${kept} of ${paid}`)
    demand(balanceOf(this.chain, this.wallet.address) === RICHES - paid, 'the payer’s wallet is short')
    for (const [key, cumulative] of this.acknowledged) {
      const seller = this.sellers.find(({ payee }) => key.endsWith(`:${payee}`))
      const acknowledged = [...this.acknowledged]
        .filter(([other]) => other.endsWith(`:${seller?.payee}`))
        .reduce((sum, [, amount]) => sum + amount, 0n)
      demand(
        seller !== undefined && balanceOf(this.chain, seller.wallet.address) >= acknowledged,
        `a seller got less than the ${cumulative} that it acknowledged`,
      )
    }
  }
}
