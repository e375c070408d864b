/** The port by which code reaches the chain's own rules: staking in its name, permissions, what resources are used. */
import type { AccountId } from '../codec/account-id.ts'
import type { Permission } from '../codec/contract-body.ts'
import type { TvmState } from './state.ts'

export type StakingOrder = {
  readonly owner: AccountId
  /** 0 bandwidth, 1 energy; −1 for any other word. */
  readonly resource: 0 | 1 | -1
  readonly amountSun: bigint
} & (
  | { readonly kind: 'stake' | 'unstake' | 'withdraw' | 'cancel' }
  | { readonly kind: 'delegate' | 'undelegate'; readonly receiver: AccountId }
)

export interface ResourceUse {
  /** The stake that what is used would need. */
  readonly usedSun: bigint
  readonly restoredInSec: bigint
}

export interface ChainPort {
  /** Unstaked TRX that was paid back on the way, in sun; null when TRON's rules refuse it, and then nothing changed. */
  applyStaking(state: TvmState, order: StakingOrder, timestampMs: number): bigint | null
  findPermission(state: TvmState, id: AccountId, permissionId: number): Permission | undefined
  getResourceUse(state: TvmState, id: AccountId, resource: 0 | 1, timestampMs: number): ResourceUse
  /** By java-tron's numbers of chain parameters, from 1. */
  readonly parameters: readonly bigint[]
}

/** A machine without a chain: nobody can stake. */
export const NO_CHAIN: ChainPort = {
  applyStaking: () => null,
  findPermission: () => undefined,
  getResourceUse: () => ({ usedSun: 0n, restoredInSec: 0n }),
  parameters: [],
}
