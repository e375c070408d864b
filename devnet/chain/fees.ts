/** The chain's prices, in sun. Source: TRON's chain parameters as of late 2025. */
import { DevnetRefusal } from '../devnet-error.ts'
import type { AccountMeta } from '../tvm/state.ts'
import { spendBandwidth, spendStakedBandwidth } from './resources.ts'

export const ENERGY_PRICE_SUN = 100n
export const BANDWIDTH_PRICE_SUN = 1_000n
export const MEMO_FEE_SUN = 1_000_000n
/** For a transaction with more than one signature. */
export const MULTI_SIGNATURE_FEE_SUN = 1_000_000n
export const PERMISSION_UPDATE_FEE_SUN = 100_000_000n
/** For a transfer that makes its recipient's account: the account, and its record when no staked bandwidth pays for it. */
export const NEW_ACCOUNT_FEE_SUN = 1_000_000n
export const NEW_ACCOUNT_BANDWIDTH_FEE_SUN = 100_000n
export const MAX_FEE_LIMIT_SUN = 15_000_000_000n
/** java-tron adds room for the result to each contract's size. */
export const RESULT_SIZE_BYTES = 64
export const MAX_TRANSACTION_BYTES = 500 * 1024

export interface BandwidthCharge {
  readonly netUsed: number
  readonly netFeeSun: bigint
  readonly meta: AccountMeta
}

/**
 * Charges a transaction's bytes: staked bandwidth, else free, when all of it fits, else TRX for all of it.
 * Source: java-tron, chainbase/…/core/db/BandwidthProcessor.java.
 */
export function chargeBandwidth(
  meta: AccountMeta,
  charge: { readonly lengthBytes: number; readonly atMs: number; readonly makesAccount: boolean },
): BandwidthCharge {
  const { lengthBytes, atMs, makesAccount } = charge
  const used = (makesAccount ? spendStakedBandwidth : spendBandwidth)(meta, lengthBytes, atMs)
  if (used) return { netUsed: lengthBytes, netFeeSun: 0n, meta: used }
  const netFeeSun = makesAccount ? NEW_ACCOUNT_BANDWIDTH_FEE_SUN : BigInt(lengthBytes) * BANDWIDTH_PRICE_SUN
  return { netUsed: 0, netFeeSun, meta: { ...meta, lastOperationMs: atMs } }
}

export function refuseResources(): DevnetRefusal {
  return new DevnetRefusal('BANDWITH_ERROR', 'Account resource insufficient error.')
}
