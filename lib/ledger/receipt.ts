/** A line of the ledger: every figure on screen is a sum of these. */

import type { Hex } from '../base/index.ts'
import type { Address } from '../tron/index.ts'
import type { Amount, FeeSun } from '../units/index.ts'

export interface ReceiptBase {
  /** Unique and ordered in one ledger. */
  readonly id: number
  readonly atMs: number
}

interface VoucherReceipt {
  readonly channelId: Hex
  readonly amount: Amount
  readonly cumulative: Amount
  readonly infoHash: string
  readonly torrentName: string
  readonly pieceIndex: number | null
  readonly lengthBytes: number
  readonly memo: string | null
}

/** Vouchers of one channel, torrent and day (UTC) that are one line; see receipt-rolls.ts. */
export interface ReceiptRoll {
  readonly vouchers: number
  readonly pieces: number
  /** The line's `atMs` is the first voucher's, this the last one's. */
  readonly lastAtMs: number
}

export type Receipt = ReceiptBase &
  (
    | (VoucherReceipt & {
        /** We paid a seeder off-chain. */
        readonly kind: 'piece' | 'tip'
        readonly payee: Address
      })
    | (VoucherReceipt & {
        /**
         * A peer paid us off-chain. In a roll, `amount` and `lengthBytes` are sums, `cumulative` is the last one's, and there is
         * neither piece nor memo.
         */
        readonly kind: 'earned' | 'tipEarned'
        readonly payer: Address
        /** null: the line is one voucher. */
        readonly roll: ReceiptRoll | null
      })
    | {
        /** A transaction of ours on the chain. `amount`: approved, funded, opened, paid out in the settlement, refunded, redeemed; 0 of one that failed or moved nothing. */
        readonly kind:
          | 'approve'
          | 'fund'
          | 'open'
          | 'settle'
          | 'refund'
          | 'redeem'
          | 'startClose'
          | 'faucet'
          | 'failed'
        readonly channelId: Hex | null
        readonly amount: Amount
        readonly txId: Hex
        readonly feeSun: FeeSun
      }
  )

export type ReceiptKind = Receipt['kind']
