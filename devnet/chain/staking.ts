/**
 * Stake 2.0: TRX staked for bandwidth or energy, unstaked with a wait of 14 days, lent to others.
 * Source: java-tron, actuator/…/core/actuator/{FreezeBalanceV2,UnfreezeBalanceV2,WithdrawExpireUnfreeze,
 * CancelAllUnfreezeV2,DelegateResource,UnDelegateResource}Actuator.java.
 */
import { type AccountId, accountIdToAddress } from '../codec/account-id.ts'
import type { ContractBody, Resource } from '../codec/contract-body.ts'
import { refuseContract } from '../devnet-error.ts'
import type { AccountMeta, Delegation, StakedSun, TvmState } from '../tvm/state.ts'
import { accountExists, credit, debit, getMeta, getTrxBalance, isContract } from './accounts.ts'
import { NETWORK, usageAt } from './resources.ts'

const SUN_PER_TRX = 1_000_000n
const DAY_MS = 86_400_000
export const UNSTAKING_DAYS = 14
const UNSTAKING_MS = UNSTAKING_DAYS * DAY_MS
const MAX_UNSTAKINGS = 32
const BLOCK_MS = 3_000
/** A delegation's lock when it names none: three days of blocks. */
const DEFAULT_LOCK_BLOCKS = 86_400n
const MAX_LOCK_BLOCKS = 864_000n

export type StakingBody = Exclude<
  ContractBody,
  {
    type:
      | 'AccountCreateContract'
      | 'TransferContract'
      | 'TransferAssetContract'
      | 'CreateSmartContract'
      | 'TriggerSmartContract'
      | 'AccountPermissionUpdateContract'
  }
>

export interface StakingResult {
  /** Unstaked TRX whose wait was over, paid back. */
  readonly withdrawnSun: bigint
  /** Unstaking that was called off, by resource. */
  readonly cancelledSun: StakedSun | null
}
const NOTHING: StakingResult = { withdrawnSun: 0n, cancelledSun: null }

/** Applies one staking contract. Throws DevnetRefusal in java-tron's words. */
export function applyStaking(state: TvmState, body: StakingBody, atMs: number): StakingResult {
  const meta = getMeta(state, body.owner)
  switch (body.type) {
    case 'FreezeBalanceV2Contract':
      return stake(state, body, meta)
    case 'UnfreezeBalanceV2Contract':
      return unstake(state, body, meta, atMs)
    case 'WithdrawExpireUnfreezeContract': {
      const withdrawnSun = withdrawExpired(state, body.owner, meta, atMs)
      if (withdrawnSun === 0n) throw refuseContract('no unFreeze balance to withdraw ')
      return { withdrawnSun, cancelledSun: null }
    }
    case 'CancelAllUnfreezeV2Contract':
      return cancelUnstaking(state, body.owner, meta, atMs)
    case 'DelegateResourceContract':
      return delegate(state, body, meta, atMs)
    case 'UnDelegateResourceContract':
      return takeBack(state, body, meta, atMs)
  }
}

function stake(
  state: TvmState,
  body: { readonly owner: AccountId; readonly amountSun: bigint; readonly resource: Resource | null },
  meta: AccountMeta,
): StakingResult {
  const { owner, amountSun } = body
  if (amountSun <= 0n) throw refuseContract('frozenBalance must be positive')
  if (amountSun < SUN_PER_TRX) throw refuseContract('frozenBalance must be greater than or equal to 1 TRX')
  if (amountSun > getTrxBalance(state, owner)) {
    throw refuseContract('frozenBalance must be less than or equal to accountBalance')
  }
  const resource = requireResource(body.resource, 'ResourceCode error, valid ResourceCode[BANDWIDTH、ENERGY]')
  debit(state, owner, amountSun)
  state.putMeta(owner, { ...meta, staked: add(meta.staked, resource, amountSun) })
  return NOTHING
}

function unstake(
  state: TvmState,
  body: { readonly owner: AccountId; readonly amountSun: bigint; readonly resource: Resource | null },
  meta: AccountMeta,
  atMs: number,
): StakingResult {
  const { owner, amountSun } = body
  const resource = requireResource(body.resource, 'ResourceCode error.valid ResourceCode[BANDWIDTH、Energy]')
  if (meta.staked[resource] <= 0n) {
    throw refuseContract(`no frozenBalance(${resource === 'ENERGY' ? 'Energy' : resource})`)
  }
  if (amountSun <= 0n || amountSun > meta.staked[resource]) {
    throw refuseContract(`Invalid unfreeze_balance, [${amountSun}] is error`)
  }
  if (meta.unstaking.filter(({ expiresAtMs }) => expiresAtMs > atMs).length >= MAX_UNSTAKINGS) {
    throw refuseContract('Invalid unfreeze operation, unfreezing times is over limit')
  }
  const withdrawnSun = withdrawExpired(state, owner, meta, atMs)
  const kept = getMeta(state, owner)
  state.putMeta(owner, {
    ...kept,
    staked: add(kept.staked, resource, -amountSun),
    unstaking: [...kept.unstaking, { resource, amountSun, expiresAtMs: atMs + UNSTAKING_MS }],
  })
  return { withdrawnSun, cancelledSun: null }
}

function withdrawExpired(state: TvmState, owner: AccountId, meta: AccountMeta, atMs: number): bigint {
  const expired = meta.unstaking.filter(({ expiresAtMs }) => expiresAtMs <= atMs)
  const sum = expired.reduce((total, { amountSun }) => total + amountSun, 0n)
  if (sum === 0n) return 0n
  credit(state, owner, sum)
  state.putMeta(owner, { ...meta, unstaking: meta.unstaking.filter((each) => !expired.includes(each)) })
  return sum
}

function cancelUnstaking(state: TvmState, owner: AccountId, meta: AccountMeta, atMs: number): StakingResult {
  if (meta.unstaking.length === 0) throw refuseContract('No unfreezeV2 list to cancel')
  const withdrawnSun = withdrawExpired(state, owner, meta, atMs)
  const kept = getMeta(state, owner)
  let cancelledSun: StakedSun = { BANDWIDTH: 0n, ENERGY: 0n }
  for (const { resource, amountSun } of kept.unstaking) cancelledSun = add(cancelledSun, resource, amountSun)
  const staked = add(add(kept.staked, 'BANDWIDTH', cancelledSun.BANDWIDTH), 'ENERGY', cancelledSun.ENERGY)
  state.putMeta(owner, { ...kept, staked, unstaking: [] })
  return { withdrawnSun, cancelledSun }
}

type DelegationBody = Extract<StakingBody, { readonly receiver: AccountId }>

function delegate(state: TvmState, body: DelegationBody, meta: AccountMeta, atMs: number): StakingResult {
  const { owner, receiver, amountSun } = body
  if (amountSun < SUN_PER_TRX) throw refuseContract('delegateBalance must be greater than or equal to 1 TRX')
  const resource = requireResource(body.resource, 'ResourceCode error, valid ResourceCode[BANDWIDTH、ENERGY]')
  if (amountSun > delegatableSun(meta, resource, atMs)) {
    const name = resource === 'ENERGY' ? 'Energy' : 'Bandwidth'
    throw refuseContract(`delegateBalance must be less than or equal to available Freeze${name}V2 balance`)
  }
  if (receiver === owner) throw refuseContract('receiverAddress must not be the same as ownerAddress')
  if (!accountExists(state, receiver)) {
    throw refuseContract(`Account[${formatReadable(receiver)}] not exists`)
  }
  const isLocked = body.lock
  if (isLocked && (body.lockPeriod < 0n || body.lockPeriod > MAX_LOCK_BLOCKS)) {
    throw refuseContract(
      `The lock period of delegate resource cannot be less than 0 and cannot exceed ${MAX_LOCK_BLOCKS}!`,
    )
  }
  if (isContract(state, receiver))
    throw refuseContract('Do not allow delegate resources to contract addresses')
  const lockBlocks = body.lockPeriod === 0n ? DEFAULT_LOCK_BLOCKS : body.lockPeriod
  const lockedUntilMs = isLocked ? atMs + Number(lockBlocks) * BLOCK_MS : 0
  const delegation: Delegation = { receiver, resource, amountSun, lockedUntilMs }
  state.putMeta(owner, {
    ...meta,
    staked: add(meta.staked, resource, -amountSun),
    delegations: [...meta.delegations, delegation],
  })
  const theirs = getMeta(state, receiver)
  state.putMeta(receiver, { ...theirs, acquired: add(theirs.acquired, resource, amountSun) })
  return NOTHING
}

function takeBack(state: TvmState, body: DelegationBody, meta: AccountMeta, atMs: number): StakingResult {
  const { owner, receiver, amountSun } = body
  const resource = requireResource(body.resource, 'ResourceCode error.valid ResourceCode[BANDWIDTH、Energy]')
  if (receiver === owner) throw refuseContract('receiverAddress must not be the same as ownerAddress')
  const isTheirs = (each: Delegation) => each.receiver === receiver && each.resource === resource
  if (!meta.delegations.some(isTheirs)) throw refuseContract('delegated Resource does not exist')
  if (amountSun <= 0n) throw refuseContract('unDelegateBalance must be more than 0 TRX')
  const isFree = (each: Delegation) => isTheirs(each) && each.lockedUntilMs <= atMs
  const free = meta.delegations.filter(isFree).reduce((sum, each) => sum + each.amountSun, 0n)
  if (amountSun > free) {
    throw refuseContract(
      `insufficient delegatedFrozenBalance(${resource}), request=${amountSun}, unlock_balance=${free}`,
    )
  }
  const rest = meta.delegations.filter((each) => !isFree(each))
  if (free > amountSun) rest.push({ receiver, resource, amountSun: free - amountSun, lockedUntilMs: 0 })
  state.putMeta(owner, { ...meta, staked: add(meta.staked, resource, amountSun), delegations: rest })
  const theirs = getMeta(state, receiver)
  state.putMeta(receiver, { ...theirs, acquired: add(theirs.acquired, resource, -amountSun) })
  return NOTHING
}

/** Staked TRX that no use of its resource holds. */
export function delegatableSun(meta: AccountMeta, resource: keyof StakedSun, atMs: number): bigint {
  const [used, limit, weight] =
    resource === 'ENERGY'
      ? [usageAt(meta.energy, atMs), NETWORK.totalEnergyLimit, NETWORK.totalEnergyWeight]
      : [usageAt(meta.net, atMs), NETWORK.totalNetLimit, NETWORK.totalNetWeight]
  const usedSun = BigInt(Math.ceil((used * weight * Number(SUN_PER_TRX)) / limit))
  const ofOthers = meta.acquired[resource]
  const ownUsedSun = usedSun > ofOthers ? usedSun - ofOthers : 0n
  return meta.staked[resource] > ownUsedSun ? meta.staked[resource] - ownUsedSun : 0n
}

function requireResource(resource: Resource | null, words: string): keyof StakedSun {
  if (resource === 'BANDWIDTH' || resource === 'ENERGY') return resource
  throw refuseContract(words)
}

function add(staked: StakedSun, resource: keyof StakedSun, amountSun: bigint): StakedSun {
  return { ...staked, [resource]: staked[resource] + amountSun }
}

function formatReadable(id: AccountId): string {
  return accountIdToAddress(id)
}
