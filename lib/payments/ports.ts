/**
 * The two accounts of this room, as the exchange sees them.
 * Payer: spends a purse through channels and seats. Payee: collects vouchers. Both persist before they answer.
 */

import type { Hex, RelayCode } from '../base/index.ts'
import type {
  ChannelFields,
  Endorsement,
  SeatLeaf,
  SeatProof,
  SignedRelease,
  SignedVoucher,
} from '../channels/index.ts'
import type { Address, AgreementKey } from '../tron/index.ts'
import type { Amount } from '../units/index.ts'

/** A seat as a payer shows it to its payee. */
export interface OfferedSeat {
  readonly channelId: Hex
  readonly channel: ChannelFields
  readonly leaf: SeatLeaf
  readonly path: SeatProof
  /** What anyone needs to open it; null when it is on the chain already. */
  readonly opening: SeatOpening | null
}

export interface SeatOpening {
  /** The signer's typed `Open(channel)`. */
  readonly signature: Hex
  /** What the opening carries; the channel's salt is its hash. */
  readonly note: Hex
}

/** Who is paid, and the key that answers for it: one payee may sell in several places, each with a delegate of its own. */
export interface SellerId {
  readonly payee: Address
  readonly delegate: Address
}

/** A seller's key in maps. */
export function sellerKey({ payee, delegate }: SellerId): string {
  return `${payee}/${delegate}`
}

/** What a seller announced to us on some wire; the payer plans seats from it. */
export interface SellerTerms extends SellerId {
  readonly askPerMiB: Amount
  /** The least seat whose channel the seller opens itself; null: it opens none. */
  readonly relayFrom: Amount | null
  /** Verified bytes that came from it in this visit: who only quotes gets no seat. */
  readonly deliveredBytes: number
  /** The longest piece that it sells us: no seat is planned too small for one. Unknown: 1 MiB is assumed. */
  readonly pieceLengthBytes?: number
}

/** What a payer's signer proves of a seat to the seller of one wire; never sent to the chain. */
export interface SeatClaim extends SellerId {
  readonly channelId: Hex
  /** 40 hex digits. */
  readonly infoHash: string
  /** The seller's, of this wire: 32 bytes. */
  readonly nonce: Hex
  /** 'release': this seat may end. 'serve': it may not. */
  readonly purpose: 'serve' | 'release'
}

/** Why a piece or a tip is being paid: goes into the receipt. */
export interface PaymentReason {
  readonly infoHash: string
  readonly torrentName: string
  readonly pieceIndex: number | null
  readonly lengthBytes: number
  readonly memo: string | null
}

export interface Payer {
  /** Announces or updates a seller met on a wire; `forgetSeller` when its last wire closes. */
  offerSeller(terms: SellerTerms): void
  forgetSeller(seller: SellerId): void
  /** The usable seat for a seller with something left in it, or null: not paying, no money, or not planned yet. */
  getSeat(seller: SellerId): OfferedSeat | null
  /** What is left to promise in that seller's current seat. */
  getSeatRemaining(seller: SellerId): Amount
  /** Whether this is the account that pays: paying it would move nothing, for a fee. */
  isOwn(payee: Address): boolean
  /** Whether the budget's owner agreed to pay for this torrent. */
  mayPayFor(infoHash: string): boolean
  /** The signer's typed `SeatProof`, 65 bytes. */
  proveSeat(claim: SeatClaim): Promise<Hex>
  /** True from `start` to `stop` while money is left. */
  isPaying(): boolean
  /** The user's ceiling. */
  getMaxAskPerMiB(): Amount
  /**
   * Raises the payee's cumulative by `amount`, signs, persists voucher and receipt, then resolves. Serialised per seat.
   * Resolves null when the seat cannot cover it, or its owner did not agree to this torrent (then nothing changed).
   */
  pay(seller: SellerId, amount: Amount, reason: PaymentReason): Promise<SignedVoucher | null>
  /** The highest voucher of each seat of that payee, for agreement after a reconnect. */
  getLatestVoucher(channelId: Hex, payee: Address): SignedVoucher | null
  /** A payee's release came in; checks the signature and that it is not above what we promised. False when refused. */
  acceptRelease(release: SignedRelease): Promise<boolean>
  /** Seats, money or mode changed. */
  onChange(listener: () => void): () => void
}

export type SeatVerdict =
  | { readonly status: 'accepted'; readonly cumulative: Amount }
  /** Not on the chain (yet): ask again later; the node may be behind, or the opening is under way. */
  | { readonly status: 'pending' }
  | { readonly status: 'refused'; readonly code: RejectCode }

/** What is wrong with a seat, before the chain is asked. */
export type SeatFault = Extract<RejectCode, RelayCode>

/** What a seller may say of a seat, a bid or a voucher; on the wire by these words (docs/PROTOCOL.md). */
export const REJECT_CODES = [
  'bad-proof',
  'bad-signature',
  'not-open',
  'closing',
  'wrong-payee',
  'wrong-network',
  'stale',
  'over-cap',
  'underpaid',
  'below-ask',
  'chain-unreachable',
  'malformed',
  /** Too many unknown seats are being looked up: show it again later. */
  'busy',
  /** The voucher adds less than the seller's least step. */
  'too-small',
  /** The seat's payer is its payee. */
  'own-account',
] as const

export type RejectCode = (typeof REJECT_CODES)[number]

export type VoucherVerdict =
  /** `delta` is how much this voucher added over the highest known one. */
  | { readonly status: 'accepted'; readonly delta: Amount; readonly cumulative: Amount }
  | { readonly status: 'refused'; readonly code: RejectCode; readonly cumulative: Amount }

export interface Payee {
  /** Where earnings go, and the key that signs releases. */
  readonly payee: Address
  readonly delegate: Address
  /** The delegate's: what it shares with a buyer proves our quotes to that buyer alone. */
  readonly agreement: AgreementKey
  /** The payee's word for the delegate, which every quote carries; null while there is none, and then nothing is sold. */
  getEndorsement(): Endorsement | null
  /** The seat of a channel that was accepted once, on disk; null when we know none. */
  getSeat(channelId: Hex): OfferedSeat | null
  /** What is wrong with an offered seat as far as it can be told without the chain; null: nothing. Never throws. */
  checkSeat(seat: OfferedSeat): SeatFault | null
  /** Checks leaf, path, root and id, then the chain: open, not closing, signer as named. Persists an accepted seat. */
  acceptSeat(seat: OfferedSeat): Promise<SeatVerdict>
  /** Checks signature, order and cap, persists, then resolves. `reason` goes into the receipt. */
  acceptVoucher(voucher: SignedVoucher, reason: PaymentReason): Promise<VoucherVerdict>
  /** Re-checks the chain (each 60 s while serving on credit, and on `Closing`). */
  recheckSeat(channelId: Hex): Promise<SeatVerdict>
  /** Signs the seat's final figure at its highest voucher and marks it released: it takes no more vouchers. */
  release(channelId: Hex): Promise<SignedRelease | null>
  onChange(listener: () => void): () => void
}
