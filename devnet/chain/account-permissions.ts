/**
 * Who may sign for an account: owner and active permissions, each a set of weighted keys with a threshold.
 * Source: java-tron, chainbase/…/core/capsule/TransactionCapsule.java (checkWeight, validateSignature) and
 * actuator/…/core/actuator/AccountPermissionUpdateActuator.java.
 */
import type { AccountId } from '../codec/account-id.ts'
import type { ContractBody, Permission } from '../codec/contract-body.ts'
import { refuseContract } from '../devnet-error.ts'
import type { AccountPermissions, TvmState } from '../tvm/state.ts'

/** Keys of one permission, and signatures of one transaction. */
export const MAX_SIGNATURES = 5
const MAX_ACTIVES = 8
const MAX_NAME_LENGTH = 32
/** The contract types that exist on TRON, a bit each: what an active permission may name. */
const AVAILABLE_TYPES = Buffer.from(`7fff1fc0037efb0f${'0'.repeat(48)}`, 'hex')
/** All of those but the update of permissions: what an account's first active permission may do. */
const DEFAULT_OPERATIONS = Buffer.from(`7fff1fc0033efb0f${'0'.repeat(48)}`, 'hex')

/** An account's permissions: its own key's, until it sets others. */
export function getPermissions(state: TvmState, id: AccountId): AccountPermissions {
  const kept = state.getMeta(id)?.permissions
  if (kept) return kept
  const own = { threshold: 1n, parentId: 0, keys: [{ address: id, weight: 1n }] } as const
  return {
    owner: { ...own, type: 'Owner', id: 0, name: 'owner', operations: new Uint8Array(0) },
    actives: [{ ...own, type: 'Active', id: 2, name: 'active', operations: DEFAULT_OPERATIONS }],
  }
}

/** The permission that a transaction names by its `Permission_id`; undefined when the account has none of it. */
export function findPermission(state: TvmState, id: AccountId, permissionId: number): Permission | undefined {
  const { owner, actives } = getPermissions(state, id)
  return permissionId === 0 ? owner : actives.find((active) => active.id === permissionId)
}

/** Whether an active permission's bit of a contract type is set. */
export function allowsType(permission: Permission, contractType: number): boolean {
  return isBitSet(permission.operations, contractType)
}

function isBitSet(bytes: Uint8Array, bit: number): boolean {
  return ((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}

type PermissionUpdate = Extract<ContractBody, { type: 'AccountPermissionUpdateContract' }>

/** Checks an update and numbers its permissions. Throws DevnetRefusal in java-tron's words. */
export function checkPermissionUpdate(update: PermissionUpdate): AccountPermissions {
  const { ownerPermission: owner, witnessPermission, actives } = update
  if (!owner) throw refuseContract('owner permission is missed')
  if (witnessPermission) throw refuseContract("account isn't witness can't set witness permission")
  if (actives.length === 0) throw refuseContract('active permission is missed')
  if (actives.length > MAX_ACTIVES) throw refuseContract('active permission is too many')
  if (owner.type !== 'Owner') throw refuseContract('owner permission type is error')
  checkPermission(owner)
  for (const active of actives) {
    if (active.type !== 'Active') throw refuseContract('active permission type is error')
    checkPermission(active)
  }
  // Permission ids: 0 owner, 1 witness, 2 and up the active ones in their order.
  return {
    owner: { ...owner, id: 0 },
    actives: actives.map((active, index) => ({ ...active, id: index + 2 })),
  }
}

function checkPermission(permission: Permission): void {
  const { keys, type, threshold, operations } = permission
  if (keys.length > MAX_SIGNATURES) {
    throw refuseContract(`number of keys in permission should not be greater than ${MAX_SIGNATURES}`)
  }
  if (keys.length === 0) throw refuseContract("key's count should be greater than 0")
  if (threshold <= 0n) throw refuseContract("permission's threshold should be greater than 0")
  if (permission.name.length > MAX_NAME_LENGTH) throw refuseContract("permission's name is too long")
  if (permission.parentId !== 0) throw refuseContract("permission's parent should be owner")
  if (new Set(keys.map(({ address }) => address)).size !== keys.length) {
    throw refuseContract(`address should be distinct in permission ${type}`)
  }
  if (keys.some(({ weight }) => weight <= 0n)) throw refuseContract("key's weight should be greater than 0")
  const weightSum = keys.reduce((sum, { weight }) => sum + weight, 0n)
  if (weightSum !== BigInt.asIntN(64, weightSum)) throw refuseContract('long overflow')
  if (weightSum < threshold) {
    throw refuseContract(`sum of all key's weight should not be less than threshold in permission ${type}`)
  }
  if (type !== 'Active') {
    if (operations.length > 0) throw refuseContract(`${type} permission needn't operations`)
    return
  }
  if (operations.length !== 32) throw refuseContract('operations size must 32')
  for (let bit = 0; bit < 256; bit++) {
    if (isBitSet(operations, bit) && !isBitSet(AVAILABLE_TYPES, bit)) {
      throw refuseContract(`${bit} isn't a validate ContractType`)
    }
  }
}
