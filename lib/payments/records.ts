/** What payer and payee keep: the rows of their tables, and how a seat that moves often is written. */
import type { Hex } from '../base/index.ts'
import type { ChannelFields, SeatLeaf, SignedVoucher } from '../channels/index.ts'
import type { RowDelta } from '../ledger/index.ts'
import type { Address } from '../tron/index.ts'
import { type Amount, type FeeSun, toAmount } from '../units/index.ts'
import type { PayeeSeatState } from './payee/seat-state.ts'
import type { AgreedTorrents } from './payer/agreed-torrents.ts'
import type { SessionState } from './payer/budget-state.ts'
import type { ChannelLifecycle } from './payer/channel-state.ts'
import type { PayerSeatState } from './payer/seat-state.ts'
import type { OfferedSeat } from './ports.ts'

export interface SessionRecord {
  readonly id: Hex
  readonly payer: Address
  /** The session key's address. */
  readonly signer: Address
  readonly budget: Amount
  readonly maxAskPerMiB: Amount
  /** What it may be spent on. */
  readonly torrents: AgreedTorrents
  readonly untilSec: bigint
  readonly startedAtMs: number
  /** 0 until the purse is funded. */
  readonly funded: Amount
  /** Back in the payer's wallet so far. */
  readonly refunded: Amount
  /** Fees of the transactions below. */
  readonly feeSun: FeeSun
  readonly txIds: readonly Hex[]
  /** Found on the chain: another browser, or an earlier visit, locked it. What it promised is not known here, so nothing is paid of it. */
  readonly isFound?: true
  readonly state: SessionState
}

export interface ChannelRecord {
  readonly channelId: Hex
  readonly sessionId: Hex
  readonly fields: ChannelFields
  /** In the tree's order. */
  readonly leaves: readonly SeatLeaf[]
  /** What its opening carries: the leaves in clear. */
  readonly note: Hex
  /** The signer's `Open`, for whoever opens it; null when the payer opened it with its funding. */
  readonly openSignature: Hex | null
  readonly plannedAtMs: number
  readonly state: ChannelLifecycle
}

export interface PayerSeatRecord {
  readonly channelId: Hex
  readonly payee: Address
  readonly delegate: Address
  readonly cap: Amount
  readonly state: PayerSeatState
}

export interface PayeeSeatRecord {
  readonly seat: OfferedSeat
  readonly voucher: SignedVoucher | null
  /** What the chain has paid of it, as last read. */
  readonly claimed: Amount
  readonly state: PayeeSeatState
}

/** A transaction that was about to be sent, or was. Gone once it is confirmed or known never to come. */
export interface PendingRecord {
  readonly id: Hex
  readonly sessionId: Hex | null
  readonly kind: 'approve' | 'fund' | 'fundAndOpen' | 'topUp' | 'open' | 'startClose' | 'closeOut' | 'redeem'
  readonly channelIds: readonly Hex[]
  readonly amount: Amount
  /** The purse as it was before, where the call moves it. */
  readonly purseBefore: Amount | null
  /** Of a top-up: until when the purse is open once it stands, which no other transaction says. */
  readonly untilSec?: bigint
  /** null between signing and the node's answer. */
  readonly txId: Hex | null
  readonly sentAtMs: number
}

/** Key of a payer's seat. */
export function seatKey(channelId: Hex, payee: Address): string {
  return `${channelId}:${payee}`
}

/** What moved of a payee's seat: voucher as [cumulative, signature], claimed, state. */
interface MovedSeat {
  readonly v?: readonly [string, Hex]
  readonly c?: string
  readonly s?: PayeeSeatState
}

/** A seat that was accepted is written once, with its proof; after that a voucher a piece. */
export const payeeSeatDelta: RowDelta<PayeeSeatRecord> = {
  fixed: ({ seat }) => seat,
  rest: ({ seat: _, ...rest }) => rest,
  encode(before, next, key) {
    const { voucher, claimed, state, seat } = next
    const isRaised = voucher !== before.voucher
    if (isRaised && (voucher?.channelId !== key || voucher.payee !== seat.leaf.payee)) return null
    const moved: MovedSeat = {
      ...(isRaised && voucher ? { v: [voucher.cumulative.toString(), voucher.signature] } : {}),
      ...(claimed === before.claimed ? {} : { c: claimed.toString() }),
      ...(state === before.state ? {} : { s: state }),
    }
    return moved
  },
  decode(before, part) {
    const { v, c, s } = part as MovedSeat
    const { channelId, leaf } = before.seat
    const voucher: SignedVoucher | null = v
      ? { channelId, payee: leaf.payee, cumulative: toAmount(BigInt(v[0])), signature: v[1] }
      : before.voucher
    const claimed = c === undefined ? before.claimed : toAmount(BigInt(c))
    return { ...before, voucher, claimed, state: s ?? before.state }
  },
}
