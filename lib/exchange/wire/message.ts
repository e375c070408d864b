/** The messages of the `btt` extension as the rest of this room sees them; docs/PROTOCOL.md is the normative text. */

import type { Hex } from '../../base/index.ts'
import type { OfferedSeat, RejectCode } from '../../payments/index.ts'
import type { Address } from '../../tron/index.ts'
import type { Amount } from '../../units/index.ts'

export interface QuoteMessage {
  readonly type: 'quote'
  readonly terms: QuoteTerms
  /** What the seal is over; see `quote-terms.ts`. */
  readonly termsBytes: Uint8Array
  /** The delegate's seal for this wire, 32 bytes; null where nothing is sold. */
  readonly mac: Uint8Array | null
}

/** Who is paid, as a quote says it: nothing of it is true before the quote was checked (`quote-proof.ts`). */
export interface QuotedSeller {
  readonly payee: Address
  /** The delegate's, 33 bytes. */
  readonly publicKey: Hex
  /** Until when the payee endorses the delegate, Unix time. */
  readonly untilSec: number
  /** The payee's signature of that, 65 bytes. */
  readonly endorsement: Hex
}

export interface QuoteTerms {
  /** Price per MiB; 0 sells nothing: every block is free. */
  readonly askPerMiB: Amount
  /** The most unpaid bytes that this seller lets stand on one wire. */
  readonly windowBytes: number
  /** Bytes that a peer gets at full rate without paying. */
  readonly freeAllowanceBytes: number
  /** A voucher adds at least this much, but for a few in a seat. */
  readonly step: Amount
  /** The least seat whose channel the seller opens itself, when given its signature; null: it opens none. */
  readonly relayFrom: Amount | null
  /** null: does not take money (now). */
  readonly seller: QuotedSeller | null
}

export interface SeatMessage {
  readonly type: 'seat'
  readonly seat: OfferedSeat
  /** The signer's typed `SeatProof` for this wire, purpose 'serve'. */
  readonly proof: Hex
}

export interface BidMessage {
  readonly type: 'bid'
  /** 0 ends the paid requests: those that follow are free. */
  readonly ratePerMiB: Amount
}

export interface PayMessage {
  readonly type: 'pay'
  readonly channelId: Hex
  readonly cumulative: Amount
  readonly signature: Hex
  /** What the payer means by this payment; the voucher may add more when earlier ones were lost. */
  readonly amount: Amount
  /** Verified bytes that it pays for; 0 for a tip or a voucher shown again. */
  readonly lengthBytes: number
  readonly pieceIndex: number | null
  /** Not null for a tip. At most 200 characters. */
  readonly tipMemo: string | null
}

export interface AckMessage {
  readonly type: 'ack'
  readonly channelId: Hex
  /** The seller's highest voucher in that channel. */
  readonly cumulative: Amount
  /** Bytes paid for on this wire so far. */
  readonly paidBytes: number
  /** The credit that the seller gives on this wire from now on. */
  readonly windowBytes: number
}

export interface ReleaseRequestMessage {
  readonly type: 'releaseRequest'
  readonly channelId: Hex
  /** The signer's typed `SeatProof` for this wire, purpose 'release'. */
  readonly proof: Hex
  /** The highest voucher, which may have been lost on the way. null when there never was one. */
  readonly latest: { readonly cumulative: Amount; readonly signature: Hex } | null
}

export interface ReleaseMessage {
  readonly type: 'release'
  readonly channelId: Hex
  readonly cumulative: Amount
  readonly signature: Hex
}

export interface RejectMessage {
  readonly type: 'reject'
  readonly code: RejectCode
  readonly words: string
  /** The channel that it is about, or null. */
  readonly channelId: Hex | null
}

export type WireMessage =
  | QuoteMessage
  | SeatMessage
  | BidMessage
  | PayMessage
  | AckMessage
  | ReleaseRequestMessage
  | ReleaseMessage
  | RejectMessage

/** Sends one message on a wire. */
export type SendMessage = (message: WireMessage) => void
