/** Counts what passes between engine, exchange, payee, ledger and chain. It changes nothing of what it counts. */

import { ChainError } from '../lib/base/index.ts'
import type { Chain } from '../lib/channels/index.ts'
import { type Receipt, totalOf } from '../lib/ledger/index.ts'
import type { LedgerStore, PayeeAccount } from '../lib/payments/index.ts'
import type { PeerKey, WireExtension } from '../lib/torrent/index.ts'
import { type Amount, type FeeSun, toAmount, toFeeSun } from '../lib/units/index.ts'

export interface Meter {
  readonly sentFreeBytes: number
  readonly sentPaidBytes: number
  readonly vouchersAccepted: number
  /** By reject code. */
  readonly vouchersRefused: ReadonlyMap<string, number>
  readonly wires: ReadonlySet<PeerKey>
  /** By our own transactions, over the life of the ledger. */
  readonly redeemed: Amount
  readonly redeemFeeSun: FeeSun
  /** The chain's last answer: null when it was one. */
  readonly chainFailure: ChainError | null
  watchExtension(inner: WireExtension): WireExtension
  watchPayee(inner: PayeeAccount): PayeeAccount
  watchChain(inner: Chain): Chain
  /** Counts what is in the ledger already, and what comes. */
  watchReceipts(ledger: LedgerStore): Promise<void>
}

/** A redemption that failed moved nothing and burned a fee all the same. */
const REDEEMING = ['redeem', 'failed'] as const

/** Codes of a node that is not there or not to be believed, as opposed to a call that the chain refused. */
const NODE_FAILURES: ReadonlySet<string> = new Set(['unreachable', 'bad-reply', 'wrong-network'])

/** `onChainTurn` runs when the node is lost or back. */
export function createMeter(onChainTurn: (failure: ChainError | null) => void): Meter {
  let sentFreeBytes = 0
  let sentPaidBytes = 0
  let vouchersAccepted = 0
  let redeemed = 0n
  let redeemFeeSun = 0n
  let chainFailure: ChainError | null = null
  const vouchersRefused = new Map<string, number>()
  const wires = new Set<PeerKey>()

  function noteChain(failure: ChainError | null): void {
    const isTurn = (failure === null) !== (chainFailure === null)
    chainFailure = failure
    if (isTurn) onChainTurn(failure)
  }

  function noteReceipts(receipts: readonly Receipt[]): void {
    for (const receipt of receipts) {
      if (receipt.kind !== 'redeem' && receipt.kind !== 'failed') continue
      redeemed += receipt.amount
      redeemFeeSun += receipt.feeSun
    }
  }

  return {
    get sentFreeBytes() {
      return sentFreeBytes
    },
    get sentPaidBytes() {
      return sentPaidBytes
    },
    get vouchersAccepted() {
      return vouchersAccepted
    },
    vouchersRefused,
    wires,
    get redeemed() {
      return toAmount(redeemed)
    },
    get redeemFeeSun() {
      return toFeeSun(redeemFeeSun)
    },
    get chainFailure() {
      return chainFailure
    },
    watchExtension: (inner) => ({
      name: inner.name,
      attach(link) {
        const session = inner.attach(link)
        wires.add(link.peerKey)
        return {
          ...session,
          onBlockSent(block) {
            if (block.blockClass === 'paid') sentPaidBytes += block.lengthBytes
            else sentFreeBytes += block.lengthBytes
            session.onBlockSent(block)
          },
          onClose() {
            wires.delete(link.peerKey)
            session.onClose()
          },
        }
      },
    }),
    watchPayee: (inner) => ({
      ...inner,
      async acceptVoucher(voucher, reason) {
        const verdict = await inner.acceptVoucher(voucher, reason)
        if (verdict.status === 'accepted') vouchersAccepted += 1
        else vouchersRefused.set(verdict.code, (vouchersRefused.get(verdict.code) ?? 0) + 1)
        return verdict
      },
    }),
    watchChain: (inner) =>
      new Proxy(inner, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name)
          if (typeof member !== 'function') return member
          return async (...args: unknown[]): Promise<unknown> => {
            try {
              const answer: unknown = await member.apply(target, args)
              noteChain(null)
              return answer
            } catch (error) {
              if (error instanceof ChainError) noteChain(NODE_FAILURES.has(error.code) ? error : null)
              throw error
            }
          }
        },
      }),
    async watchReceipts(ledger) {
      const totals = await ledger.getTotals()
      for (const kind of REDEEMING) {
        const { amount, feeSun } = totalOf(totals, kind)
        redeemed += amount
        redeemFeeSun += feeSun
      }
      ledger.onReceipts(noteReceipts)
    },
  }
}
