/**
 * What a seller remembers of one seat across wires: its highest voucher, money not yet spent on bytes, and the bytes
 * that left unpaid on wires now closed. Invariant: credit ends once those pass their bound, so a payer that hangs up
 * and comes back gains no more than that.
 */
import { type Amount, type Hex, ZERO_AMOUNT } from '../units/index.ts'
import { MAX_WINDOW_BYTES } from './credit-window.ts'

export interface SeatAccount {
  readonly channelId: Hex
  readonly cap: Amount
  /** Highest accepted voucher. */
  cumulative: Amount
  /** Accepted but not yet matched with bytes or a tip: vouchers overtake each other across wires. */
  surplus: Amount
  paidBytes: number
  /** Unpaid on closed wires whose buyer had proven to hold the signer's key. */
  lostBytes: number
  /** The same for wires that had proven nothing yet. */
  trialLostBytes: number
  status: 'open' | 'closing' | 'released'
}

const MAX_LOST_BYTES = 4 * MAX_WINDOW_BYTES
/** Honest wires break too: one sixteenth of what was paid is forgiven. */
export const FORGIVEN_SHARE = 16

/** Whether a wire may be served on credit in this seat. */
export function hasCredit(account: SeatAccount, isProven: boolean): boolean {
  if (account.status !== 'open') return false
  const boundBytes = MAX_LOST_BYTES + Math.floor(account.paidBytes / FORGIVEN_SHARE)
  return account.lostBytes <= boundBytes && (isProven || account.trialLostBytes <= boundBytes)
}

export interface SeatBook {
  get(channelId: Hex): SeatAccount | null
  /** The account of an accepted seat, made when new; raises its cumulative to what the payee knows. */
  admit(channelId: Hex, cap: Amount, cumulative: Amount): SeatAccount
}

/** Accounts live as long as the exchange; each stands for a channel that somebody paid to open. */
export function createSeatBook(): SeatBook {
  const accounts = new Map<Hex, SeatAccount>()
  return {
    get: (channelId) => accounts.get(channelId) ?? null,
    admit(channelId, cap, cumulative) {
      let account = accounts.get(channelId)
      if (!account) {
        account = {
          channelId,
          cap,
          cumulative,
          surplus: ZERO_AMOUNT,
          paidBytes: 0,
          lostBytes: 0,
          trialLostBytes: 0,
          status: 'open',
        }
        accounts.set(channelId, account)
      }
      if (cumulative > account.cumulative) account.cumulative = cumulative
      return account
    },
  }
}
