/** The port through which payments, exchange and wallet see the chain; `connectChain` (tronweb) implements it. */

import type { Hex } from '../base/index.ts'
import type {
  AccountMeans,
  Address,
  ChainHeads,
  ChainPrices,
  FeeQuote,
  Network,
  TransactionFate,
  TransactionReceipt,
  TransactionSigner,
} from '../tron/index.ts'
import type { Amount, FeeSun } from '../units/index.ts'
import type { AccountTraces, BlockScan } from './find-traces.ts'
import type { ChannelFields, SeatLeaf, SeatProof, Settlement } from './types.ts'

export type ChannelState =
  | { readonly status: 'unknown' }
  | { readonly status: 'open'; readonly signer: Address }
  | { readonly status: 'closing'; readonly signer: Address; readonly closeAtSec: bigint }
  | { readonly status: 'settled' }

export interface RedeemRow {
  readonly channelId: Hex
  readonly payee: Address
  readonly cumulative: Amount
  /** The voucher's 65 bytes r, s, v. */
  readonly signature: Hex
  /** Needed by the first row of a seat only; the encoder leaves it out when the seat is on the chain already. */
  readonly proof: {
    readonly channel: ChannelFields
    readonly leaf: SeatLeaf
    readonly path: SeatProof
  } | null
}

/** A call of a contract, ready to be priced or sent. */
export type ContractCall =
  | { readonly kind: 'approve'; readonly amount: Amount }
  | { readonly kind: 'fund'; readonly signer: Address; readonly amount: Amount; readonly untilSec: bigint }
  | { readonly kind: 'defund'; readonly signer: Address; readonly amount: Amount }
  | {
      readonly kind: 'open'
      readonly channel: ChannelFields
      readonly note: Hex
      readonly signature: Hex | null
    }
  | {
      readonly kind: 'fundAndOpen'
      readonly amount: Amount
      readonly untilSec: bigint
      readonly channel: ChannelFields
      readonly note: Hex
    }
  | { readonly kind: 'redeem'; readonly rows: readonly RedeemRow[] }
  | { readonly kind: 'startClose'; readonly channel: ChannelFields }
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  /** Settles several channels and empties the payer's purse for `signer`, in one transaction. */
  | { readonly kind: 'closeOut'; readonly settlements: readonly Settlement[]; readonly signer: Address }

export type SwarmEvent =
  | {
      readonly kind: 'Opened'
      readonly channelId: Hex
      readonly payer: Address
      readonly total: Amount
      readonly txId: Hex
    }
  | { readonly kind: 'Closing'; readonly channelId: Hex; readonly closeAtSec: bigint; readonly txId: Hex }
  | {
      /** A seat's release was paid by a settlement; what `redeem` pays is in the token's events alone. */
      readonly kind: 'SeatPaid'
      readonly channelId: Hex
      readonly payee: Address
      readonly amount: Amount
      readonly txId: Hex
    }
  | { readonly kind: 'Settled'; readonly channelId: Hex; readonly refund: Amount; readonly txId: Hex }

export interface Chain {
  readonly network: Network
  /** The newest block's time: what was to be in a block before it and is not can come no more. */
  getHeadTimeMs(): Promise<number>
  getPrices(): Promise<ChainPrices>
  getTrxBalance(address: Address): Promise<FeeSun>
  /** TRX, staked and rented energy, bandwidth: what fees are paid with. */
  getMeans(address: Address): Promise<AccountMeans>
  getBttBalance(address: Address): Promise<Amount>
  getAllowance(owner: Address): Promise<Amount>
  getPurse(payer: Address, signer: Address): Promise<{ balance: Amount; untilSec: bigint }>
  getChannel(channelId: Hex): Promise<ChannelState>
  /** What the chain knows of a seat: zeroes before its first redeem. */
  getSeat(channelId: Hex, payee: Address): Promise<{ cap: Amount; claimed: Amount }>
  /**
   * Prices calls as if sent by `from`. Throws ChainError with the revert reason when the call would fail, and
   * 'nothing-to-redeem' for a redemption that would move nothing.
   */
  estimateFee(call: ContractCall, from: Address): Promise<FeeQuote>
  /**
   * Builds, signs, broadcasts and waits for the receipt. `onBroadcast` runs once the node has taken it, and also when
   * nobody can tell whether it has (the call then throws 'unreachable' or 'bad-reply'): persist the id, and look it up
   * before another try. Throws WalletError (refused), ChainError (fee, expiry, node, and what `estimateFee` throws, before
   * anything is signed), and FailedTransaction once a block has it and it failed there.
   */
  send(
    call: ContractCall,
    signer: TransactionSigner,
    onBroadcast?: (txId: Hex) => void,
    signal?: AbortSignal,
  ): Promise<TransactionReceipt>
  /** Receipt of a transaction broadcast earlier, or null while it is unknown or pending. Throws FailedTransaction. */
  getReceipt(txId: Hex): Promise<TransactionReceipt | null>
  /** Where a transaction stands now: in a block, or in none. */
  getFate(txId: Hex): Promise<TransactionFate>
  getHeads(): Promise<ChainHeads>
  /** What a transaction moved out of the contract to `payee`, by the token's own events; 0 while it is unknown. */
  getPayout(txId: Hex, payee: Address): Promise<Amount>
  /** Contract events for one transaction, decoded. */
  getEvents(txId: Hex): Promise<readonly SwarmEvent[]>
  /**
   * The channel that a transaction opened, with its seats rebuilt from the note: enough to settle it. null for a transaction
   * that is unknown or opens nothing here. Throws ChannelError 'bad-note'.
   */
  getOpening(txId: Hex): Promise<{ channel: ChannelFields; leaves: readonly SeatLeaf[]; note: Hex } | null>
  /** Where an account left traces, by the node's event server; null where it has none. */
  findTraces(owner: Address): Promise<AccountTraces | null>
  /** The same by reading blocks. Throws ChainError 'pruned' where the node does not keep the first. */
  scanTraces(owner: Address, scan: BlockScan): Promise<AccountTraces>
  /** A priced call's transaction for any wallet to sign. Throws as `estimateFee`. */
  build(call: ContractCall, from: Address): Promise<{ readonly unsigned: object; readonly quote: FeeQuote }>
}
