/** The chain's prices, in sun, and free bandwidth. Source: TRON's chain parameters as of late 2025. */
import { DevnetRefusal } from '../devnet-error.ts'
import type { AccountMeta } from '../tvm/state.ts'

export const ENERGY_PRICE_SUN = 100n
export const BANDWIDTH_PRICE_SUN = 1_000n
export const FREE_BANDWIDTH_BYTES = 600
export const MEMO_FEE_SUN = 1_000_000n
/** For a transfer that makes its recipient's account: the account, and its record when no staked bandwidth pays for it. */
export const NEW_ACCOUNT_FEE_SUN = 1_000_000n
export const NEW_ACCOUNT_BANDWIDTH_FEE_SUN = 100_000n
export const MAX_FEE_LIMIT_SUN = 15_000_000_000n
/** java-tron adds room for the result to each contract's size. */
export const RESULT_SIZE_BYTES = 64
export const MAX_TRANSACTION_BYTES = 500 * 1024

const DAY_MS = 86_400_000

/** Free bandwidth in use at a time: what was used recovers linearly over a day. */
export function freeBandwidthUsed(meta: AccountMeta | undefined, atMs: number): number {
  if (!meta) return 0
  const elapsed = Math.max(0, atMs - meta.freeNetAtMs)
  if (elapsed >= DAY_MS) return 0
  return Math.ceil((meta.freeNetUsed * (DAY_MS - elapsed)) / DAY_MS)
}

export interface BandwidthCharge {
  readonly netUsed: number
  readonly netFeeSun: bigint
  readonly meta: AccountMeta
}

/** Charges a transaction's bytes: free bandwidth when all of it fits, else TRX for all of it. */
export function chargeBandwidth(
  meta: AccountMeta,
  charge: { readonly lengthBytes: number; readonly atMs: number; readonly makesAccount: boolean },
): BandwidthCharge {
  const operated = { ...meta, lastOperationMs: charge.atMs }
  if (charge.makesAccount) return { netUsed: 0, netFeeSun: NEW_ACCOUNT_BANDWIDTH_FEE_SUN, meta: operated }
  const used = freeBandwidthUsed(meta, charge.atMs)
  if (used + charge.lengthBytes <= FREE_BANDWIDTH_BYTES) {
    return {
      netUsed: charge.lengthBytes,
      netFeeSun: 0n,
      meta: { ...operated, freeNetUsed: used + charge.lengthBytes, freeNetAtMs: charge.atMs },
    }
  }
  return { netUsed: 0, netFeeSun: BigInt(charge.lengthBytes) * BANDWIDTH_PRICE_SUN, meta: operated }
}

export function refuseResources(): DevnetRefusal {
  return new DevnetRefusal('BANDWITH_ERROR', 'Account resource insufficient error.')
}
