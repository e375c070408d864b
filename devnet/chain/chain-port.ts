/** What code may ask of the chain's own rules, and do by them. */
import type { ContractBody, Resource } from '../codec/contract-body.ts'
import { DevnetRefusal } from '../devnet-error.ts'
import type { ChainPort, StakingOrder } from '../tvm/chain-port.ts'
import type { TvmState } from '../tvm/state.ts'
import { findPermission } from './account-permissions.ts'
import { getMeta } from './accounts.ts'
import { NETWORK, RECOVERY_MS, usageAt } from './resources.ts'
import { applyStaking, type StakingBody, UNSTAKING_DAYS } from './staking.ts'

const SUN_PER_TRX = 1_000_000
const RESOURCES: readonly Resource[] = ['BANDWIDTH', 'ENERGY']

export const chainPort: ChainPort = {
  applyStaking(state, order, timestampMs) {
    // Code may withdraw and call off where there is nothing to: that is no refusal.
    const { unstaking } = getMeta(state, order.owner)
    const isDue = unstaking.some(({ expiresAtMs }) => expiresAtMs <= timestampMs)
    if (order.kind === 'withdraw' ? !isDue : order.kind === 'cancel' && unstaking.length === 0) return 0n
    return applyUnlessRefused(state, order, timestampMs)
  },
  findPermission,
  getResourceUse(state, id, resource, timestampMs) {
    const meta = getMeta(state, id)
    const usage = resource === 1 ? meta.energy : meta.net
    const restoredAtMs = usage.atMs + RECOVERY_MS
    if (usage.amount === 0 || timestampMs >= restoredAtMs) return { usedSun: 0n, restoredInSec: 0n }
    const [limit, weight] =
      resource === 1
        ? [NETWORK.totalEnergyLimit, NETWORK.totalEnergyWeight]
        : [NETWORK.totalNetLimit, NETWORK.totalNetWeight]
    const usedSun = Math.trunc(((usageAt(usage, timestampMs) * weight) / limit) * SUN_PER_TRX)
    return {
      usedSun: BigInt(usedSun),
      restoredInSec: BigInt(Math.floor((restoredAtMs - timestampMs) / 1_000)),
    }
  },
  parameters: [
    NETWORK.totalNetLimit,
    NETWORK.totalNetWeight,
    NETWORK.totalEnergyLimit,
    NETWORK.totalEnergyWeight,
    UNSTAKING_DAYS,
  ].map(BigInt),
}

function applyUnlessRefused(state: TvmState, order: StakingOrder, timestampMs: number): bigint | null {
  state.checkpoint()
  try {
    const { withdrawnSun } = applyStaking(state, toBody(order), timestampMs)
    state.commit()
    return withdrawnSun
  } catch (error) {
    state.revert()
    if (error instanceof DevnetRefusal) return null
    throw error
  }
}

const TYPES = {
  stake: 'FreezeBalanceV2Contract',
  unstake: 'UnfreezeBalanceV2Contract',
  withdraw: 'WithdrawExpireUnfreezeContract',
  cancel: 'CancelAllUnfreezeV2Contract',
  delegate: 'DelegateResourceContract',
  undelegate: 'UnDelegateResourceContract',
} as const satisfies Record<StakingOrder['kind'], ContractBody['type']>

function toBody(order: StakingOrder): StakingBody {
  const { owner, amountSun } = order
  const base = { owner, amountSun, resource: RESOURCES[order.resource] ?? null }
  if (order.kind !== 'delegate' && order.kind !== 'undelegate')
    return { ...base, type: TYPES[order.kind] } as StakingBody
  return {
    ...base,
    type: TYPES[order.kind],
    receiver: order.receiver,
    lock: false,
    lockPeriod: 0n,
  } as StakingBody
}
