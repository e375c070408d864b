/**
 * Bandwidth and energy: what staked TRX gives, what is used up, and how it recovers. The rest of the network is taken to
 * stake a fixed amount, so a stake's share does not move with other stakes on the devnet.
 * Source: java-tron, chainbase/…/core/db/{ResourceProcessor,BandwidthProcessor,EnergyProcessor}.java.
 */
import type { AccountMeta, ResourceUsage, StakedSun } from '../tvm/state.ts'

export const FREE_BANDWIDTH_BYTES = 600
/** As on mainnet in late 2025: what all stakes share in 24 hours, and how many TRX share it. */
export const NETWORK = {
  totalNetLimit: 43_200_000_000,
  totalNetWeight: 26_000_000_000,
  totalEnergyLimit: 180_000_000_000,
  totalEnergyWeight: 19_000_000_000,
} as const

const SUN_PER_TRX = 1_000_000n
export const RECOVERY_MS = 86_400_000

/** What is still in use at a time. Rounds up, against the account. */
export function usageAt(usage: ResourceUsage, atMs: number): number {
  const elapsed = Math.max(0, atMs - usage.atMs)
  if (elapsed >= RECOVERY_MS) return 0
  return Math.ceil((usage.amount * (RECOVERY_MS - elapsed)) / RECOVERY_MS)
}

function addUsage(usage: ResourceUsage, amount: number, atMs: number): ResourceUsage {
  return { amount: usageAt(usage, atMs) + amount, atMs }
}

/** Bandwidth or energy that an account's stakes and what is lent to it give in 24 hours. Rounds down. */
export function stakedLimit(meta: AccountMeta, resource: keyof StakedSun): number {
  const trx = Number((meta.staked[resource] + meta.acquired[resource]) / SUN_PER_TRX)
  const [limit, weight] =
    resource === 'ENERGY'
      ? [NETWORK.totalEnergyLimit, NETWORK.totalEnergyWeight]
      : [NETWORK.totalNetLimit, NETWORK.totalNetWeight]
  return Math.floor((trx * limit) / weight)
}

/** Energy that an account has left without paying TRX. */
export function energyLeft(meta: AccountMeta, atMs: number): bigint {
  return BigInt(Math.max(0, stakedLimit(meta, 'ENERGY') - usageAt(meta.energy, atMs)))
}

/** The account after it used staked energy. */
export function spendEnergy(meta: AccountMeta, amount: bigint, atMs: number): AccountMeta {
  if (amount === 0n) return meta
  return { ...meta, lastOperationMs: atMs, energy: addUsage(meta.energy, Number(amount), atMs) }
}

/** The account after it used bandwidth: staked, else free, and of one kind only; null when neither covers all of it. */
export function spendBandwidth(meta: AccountMeta, lengthBytes: number, atMs: number): AccountMeta | null {
  const staked = spendStakedBandwidth(meta, lengthBytes, atMs)
  if (staked) return staked
  if (usageAt(meta.freeNet, atMs) + lengthBytes > FREE_BANDWIDTH_BYTES) return null
  return { ...meta, lastOperationMs: atMs, freeNet: addUsage(meta.freeNet, lengthBytes, atMs) }
}

/** As `spendBandwidth`, but of staked bandwidth only, as for a transaction that makes an account. */
export function spendStakedBandwidth(
  meta: AccountMeta,
  lengthBytes: number,
  atMs: number,
): AccountMeta | null {
  if (usageAt(meta.net, atMs) + lengthBytes > stakedLimit(meta, 'BANDWIDTH')) return null
  return { ...meta, lastOperationMs: atMs, net: addUsage(meta.net, lengthBytes, atMs) }
}
