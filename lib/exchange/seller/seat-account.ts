/**
 * What a seller remembers of one seat across wires: its highest voucher, money not yet matched with bytes, and the bytes
 * that left unpaid on all of its wires, living or closed. Invariant: credit ends once those pass their bound, so a payer
 * that hangs up and comes back, or comes on many wires at once, gains no more than that.
 */

import type { Hex } from '../../base/index.ts'
import { type Amount, ZERO_AMOUNT } from '../../units/index.ts'
import { MAX_WINDOW_BYTES } from '../wire/credit-window.ts'
import type { SeatCredit } from './seat-credit-state.ts'

export interface SeatAccount {
  readonly channelId: Hex
  readonly cap: Amount
  /** Highest accepted voucher. */
  cumulative: Amount
  /** Accepted but not yet matched with bytes or a tip: vouchers overtake each other across wires. */
  surplus: Amount
  paidBytes: number
  /** Vouchers that added less than the least step. */
  smallPayments: number
  /** Sent, forgiven or granted without a payment, on wires whose buyer had proven to hold the signer's key. */
  unpaidBytes: number
  /** The same for wires that had proven nothing yet. */
  trialUnpaidBytes: number
  credit: SeatCredit
}

/** So many windows may stay unpaid in a seat, at least of the largest window. */
const MAX_UNPAID_WINDOWS = 4
/** Honest wires break too: one sixteenth of what was paid is forgiven. */
export const FORGIVEN_SHARE = 16
const BYTES_PER_MIB = 1_048_576n

/** The bytes that a wire may still be served on credit in this seat: the bound over all wires, less what stands unpaid. */
export function getCreditBytes(
  account: SeatAccount,
  wire: { readonly isProven: boolean; readonly windowBytes: number; readonly rate: Amount },
): number {
  if (account.credit.status !== 'open') return 0
  const boundBytes =
    MAX_UNPAID_WINDOWS * Math.max(MAX_WINDOW_BYTES, wire.windowBytes) +
    Math.floor(account.paidBytes / FORGIVEN_SHARE)
  // Vouchers that came without their bytes (shown again after a lost wire) did pay for some.
  const coveredBytes = wire.rate > 0n ? Number((account.surplus * BYTES_PER_MIB) / wire.rate) : 0
  const unpaidBytes = wire.isProven
    ? account.unpaidBytes
    : Math.max(account.unpaidBytes, account.trialUnpaidBytes)
  return Math.max(0, boundBytes - Math.max(0, unpaidBytes - coveredBytes))
}

export interface SeatBook {
  get(channelId: Hex): SeatAccount | null
  /** The account of an accepted seat, made when new; raises its cumulative to what the payee knows. */
  admit(channelId: Hex, cap: Amount, cumulative: Amount, atMs: number): SeatAccount
}

/** Accounts live as long as the exchange; each stands for a channel that somebody paid to open. */
export function createSeatBook(): SeatBook {
  const accounts = new Map<Hex, SeatAccount>()
  return {
    get: (channelId) => accounts.get(channelId) ?? null,
    admit(channelId, cap, cumulative, atMs) {
      let account = accounts.get(channelId)
      if (!account) {
        account = {
          channelId,
          cap,
          cumulative,
          surplus: ZERO_AMOUNT,
          paidBytes: 0,
          smallPayments: 0,
          unpaidBytes: 0,
          trialUnpaidBytes: 0,
          credit: { status: 'open', confirmedAtMs: atMs },
        }
        accounts.set(channelId, account)
      }
      if (cumulative > account.cumulative) account.cumulative = cumulative
      return account
    },
  }
}
