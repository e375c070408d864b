/**
 * What must stand on the chain after each step, to the base unit. The token is the run's own, so every balance is known from
 * its first unit on. Invariant: funded = purse + reserved + paid + refunded.
 */

import type { Chain } from '../../lib/channels/index.ts'
import type { Address } from '../../lib/tron/index.ts'
import type { PlannedChannel } from './channels.ts'
import { fail } from './exit-codes.ts'
import { expectSame } from './expect-same.ts'

/** BttToken's, all of it the deployer's. */
const SUPPLY = 990n * 10n ** 12n * 10n ** 18n

interface BookedChannel {
  readonly plan: PlannedChannel
  status: 'open' | 'closing' | 'settled'
  readonly claimed: Map<Address, bigint>
}

export interface Totals {
  readonly funded: bigint
  readonly purses: bigint
  readonly reserved: bigint
  readonly paid: bigint
  readonly refunded: bigint
}

export class Books {
  readonly #payer: Address
  readonly #signer: Address
  readonly #untilSec: bigint
  readonly #balances = new Map<Address, bigint>()
  readonly #channels = new Map<string, BookedChannel>()
  /** Whose balance has moved since it was last compared. */
  readonly #moved = new Set<Address>()
  #purse = 0n
  #funded = 0n

  constructor(payer: Address, signer: Address, untilSec: bigint) {
    this.#payer = payer
    this.#signer = signer
    this.#untilSec = untilSec
    this.#balances.set(payer, SUPPLY)
  }

  fund(amount: bigint): void {
    this.#move(this.#payer, -amount)
    this.#purse += amount
    this.#funded += amount
  }

  defund(amount: bigint): void {
    this.#move(this.#payer, amount)
    this.#purse -= amount
  }

  open(plan: PlannedChannel): void {
    this.#purse -= plan.channel.total
    this.#channels.set(plan.id, { plan, status: 'open', claimed: new Map() })
  }

  redeem(plan: PlannedChannel, payee: Address, cumulative: bigint): void {
    const channel = this.#get(plan)
    this.#move(payee, cumulative - (channel.claimed.get(payee) ?? 0n))
    channel.claimed.set(payee, cumulative)
  }

  startClose(plan: PlannedChannel): void {
    this.#get(plan).status = 'closing'
  }

  /** `finals` are the released figures; a silent seat keeps what it claimed. */
  settle(plan: PlannedChannel, finals: ReadonlyMap<Address, bigint>): void {
    const channel = this.#get(plan)
    let refund: bigint = plan.channel.total
    for (const { payee } of plan.leaves) {
      const claimed = channel.claimed.get(payee) ?? 0n
      const final = finals.get(payee) ?? claimed
      this.#move(payee, final - claimed)
      refund -= final
    }
    this.#move(this.#payer, refund)
    channel.status = 'settled'
  }

  emptyPurse(): void {
    this.defund(this.#purse)
  }

  get totals(): Totals {
    let reserved = 0n
    for (const { plan, status, claimed } of this.#channels.values())
      if (status !== 'settled')
        reserved += plan.channel.total - [...claimed.values()].reduce((a, b) => a + b, 0n)
    let paid = 0n
    for (const [address, balance] of this.#balances) if (address !== this.#payer) paid += balance
    const refunded = this.#balances.get(this.#payer)! - (SUPPLY - this.#funded)
    return { funded: this.#funded, purses: this.#purse, reserved, paid, refunded }
  }

  /** Compares what has moved since the last time (`isAll`: everything) with the chain. Throws ConformanceStop 'failed'. */
  async compare(chain: Chain, isAll: boolean): Promise<void> {
    const { purses, reserved } = this.totals
    const addresses = isAll ? [...this.#balances.keys()] : [...this.#moved]
    for (const address of addresses)
      expectSame(
        `the balance of ${address}`,
        await chain.getBttBalance(address),
        this.#balances.get(address)!,
      )
    expectSame(
      'what the contract holds',
      await chain.getBttBalance(chain.network.contract),
      purses + reserved,
    )
    const purse = await chain.getPurse(this.#payer, this.#signer)
    expectSame('the purse', purse.balance, purses)
    if (this.#funded > 0n) expectSame('the purse’s end', purse.untilSec, this.#untilSec)
    // Asked for in one turn, so one call of `look` answers.
    await Promise.all([...this.#channels.values()].map((channel) => compareChannel(chain, channel)))
    this.#moved.clear()
  }

  #get(plan: PlannedChannel): BookedChannel {
    const channel = this.#channels.get(plan.id)
    if (!channel) throw new Error(`${plan.name} is not open`)
    return channel
  }

  #move(address: Address, amount: bigint): void {
    this.#balances.set(address, (this.#balances.get(address) ?? 0n) + amount)
    this.#moved.add(address)
  }
}

async function compareChannel(chain: Chain, { plan, status, claimed }: BookedChannel): Promise<void> {
  const [state, ...seats] = await Promise.all([
    chain.getChannel(plan.id),
    ...[...claimed.keys()].map((payee) => chain.getSeat(plan.id, payee)),
  ])
  if (state.status !== status)
    throw fail(`the channel “${plan.name}” is ${state.status}, and must be ${status}`)
  for (const [i, [payee, figure]] of [...claimed].entries()) {
    expectSame(`what ${payee} has claimed of “${plan.name}”`, seats[i]!.claimed, figure)
    const cap = plan.leaves.find((leaf) => leaf.payee === payee)!.cap
    expectSame(`the cap of ${payee} in “${plan.name}”`, seats[i]!.cap, cap)
  }
}
