/** Shapes of DESIGN 4.2 that the contract, the digests and the wire share. */

import type { Hex } from '../base/index.ts'
import type { Address } from '../tron/index.ts'
import type { Amount } from '../units/index.ts'

/** From `startClose` to a settlement without releases: what the contract takes. */
export const MIN_CLOSE_DELAY_SEC = 3_600
export const MAX_CLOSE_DELAY_SEC = 2_592_000

/** Everything that a channel's id commits to. `id = keccak256(abi.encode(chainId, contract, …fields in this order))`. */
export interface ChannelFields {
  readonly payer: Address
  /** The session key's address: signs vouchers. */
  readonly signer: Address
  /** Root of the Merkle-sum tree of seats, 32 bytes. */
  readonly root: Hex
  /** Sum of all caps, uint128. */
  readonly total: Amount
  /** `MIN_CLOSE_DELAY_SEC` … `MAX_CLOSE_DELAY_SEC`. */
  readonly closeDelaySec: number
  /** keccak256 of the note that the opening carries (`channel-note.ts`), 32 bytes. */
  readonly salt: Hex
}

/** One payee's exclusive reserve in a channel. */
export interface SeatLeaf {
  /** Where the money goes. */
  readonly payee: Address
  /** The seeder's in-page key; may only sign releases. */
  readonly delegate: Address
  readonly cap: Amount
}

/** One sibling on the way from a leaf to the root. */
export interface SeatProofStep {
  readonly hash: Hex
  readonly sum: Amount
  /** On which side the sibling stands. */
  readonly side: 'left' | 'right'
}
/** Leaf to root, at most 4 steps (16 leaves). */
export type SeatProof = readonly SeatProofStep[]

/** TIP-712 `Voucher(bytes32 channel,address payee,uint128 cumulative)`. */
export interface Voucher {
  readonly channelId: Hex
  readonly payee: Address
  readonly cumulative: Amount
}
export interface SignedVoucher extends Voucher {
  /** 65 bytes r, s, v (27 or 28), low s. */
  readonly signature: Hex
}

/** TIP-712 `Release(bytes32 channel,address payee,uint128 cumulative)`, by the payee or its delegate: the seat's final figure. */
export interface SignedRelease {
  readonly channelId: Hex
  readonly payee: Address
  readonly cumulative: Amount
  readonly signature: Hex
}

/** What `settle` needs for one channel: every leaf, and the releases at hand. */
export interface Settlement {
  readonly channel: ChannelFields
  readonly leaves: readonly SeatLeaf[]
  readonly releases: readonly SignedRelease[]
}
