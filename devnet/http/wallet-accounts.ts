/**
 * Accounts, their resources and permissions, and contracts.
 * Source of the shapes: java-tron, framework/…/core/Wallet.java and protocol/…/core/Tron.proto (Account, Permission).
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { getPermissions } from '../chain/account-permissions.ts'
import { accountExists, getMeta, getTrxBalance, isContract } from '../chain/accounts.ts'
import { FREE_BANDWIDTH_BYTES, NETWORK, stakedLimit, usageAt } from '../chain/resources.ts'
import { type AccountId, formatAccountId } from '../codec/account-id.ts'
import type { Permission } from '../codec/contract-body.ts'
import { SMART_CONTRACT } from '../codec/contract-schemas.ts'
import { formatMessage } from '../codec/message.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import type { AccountMeta } from '../tvm/state.ts'
import type { ChainView, Json, Read } from './chain-view.ts'
import { type ApiRequest, readAccountId, refuseHex } from './request.ts'

/** A day's blocks of 3 s, in the unit of java-tron's windows. */
const WINDOW_SIZE = 28_800_000

export const walletAccounts: Readonly<Record<string, Read>> = {
  async getaccount(view, request) {
    const id = readAccountId(request, 'address')
    return id ? formatAccount(view, id, request.visible) : {}
  },
  async getaccountresource(view, request) {
    const { address } = request.params
    if (!request.visible && !/^(0x)?[0-9a-fA-F]*$/.test(`${address ?? ''}`)) throw refuseHex()
    const id = readAccountId(request, 'address')
    if (!id || !(await accountExists(view.state, id))) return {}
    const meta = getMeta(view.state, id)
    const atMs = view.chain.nowMs()
    const energyUsed = usageAt(meta.energy, atMs)
    const energyLimit = stakedLimit(meta, 'ENERGY')
    return {
      ...formatBandwidth(meta, atMs),
      ...positive('tronPowerLimit', totalStaked(meta) / 1_000_000n),
      ...positive('EnergyUsed', energyUsed),
      ...positive('EnergyLimit', energyLimit),
      TotalEnergyLimit: BigInt(NETWORK.totalEnergyLimit),
      TotalEnergyWeight: BigInt(NETWORK.totalEnergyWeight),
    }
  },
  async getaccountnet(view, request) {
    const id = readAccountId(request, 'address')
    if (!id || !(await accountExists(view.state, id))) return {}
    return formatBandwidth(getMeta(view.state, id), view.chain.nowMs())
  },
  async getaccountbalance({ state }, request) {
    const id = readAccountId(request, 'address')
    return { balance: id ? getTrxBalance(state, id) : 0n }
  },
  async getcontract(view, request) {
    return formatContract(view, request)
  },
  async getcontractinfo(view, request) {
    const smart_contract = await formatContract(view, request)
    if (!smart_contract.contract_address) return {}
    const { bytecode: _bytecode, ...described } = smart_contract
    const id = readAccountId(request, 'value')!
    const load = view.state.getLoad(id)
    return {
      runtimecode: toBareHex(view.state.getCode(id)),
      smart_contract: described,
      contract_state: {
        ...positive('energy_usage', load?.energyUsage ?? 0),
        ...positive('energy_factor', load?.energyFactor ?? 0),
        ...positive('update_cycle', load?.cycle ?? 0),
      },
    }
  },
}

async function formatAccount(view: ChainView, id: AccountId, visible: boolean): Promise<Json> {
  const { state, chain } = view
  if (!(await accountExists(state, id))) return {}
  const meta = getMeta(state, id)
  const atMs = chain.nowMs()
  const tokens = [...state.listTokenBalances(id)].map(([key, value]) => ({ key, value }))
  const hasCode = await isContract(state, id)
  return {
    address: formatAccountId(id, visible),
    ...(hasCode ? { type: 'Contract' } : {}),
    ...positive('balance', await getTrxBalance(state, id)),
    ...positive('net_usage', usageAt(meta.net, atMs)),
    ...positive('create_time', meta.createdAtMs),
    ...positive('latest_opration_time', meta.lastOperationMs),
    ...positive('free_net_usage', usageAt(meta.freeNet, atMs)),
    ...positive('latest_consume_time', meta.net.atMs),
    ...positive('latest_consume_free_time', meta.freeNet.atMs),
    net_window_size: BigInt(WINDOW_SIZE),
    net_window_optimized: true,
    ...positive('delegated_frozenV2_balance_for_bandwidth', delegatedSun(meta, 'BANDWIDTH')),
    ...positive('acquired_delegated_frozenV2_balance_for_bandwidth', meta.acquired.BANDWIDTH),
    account_resource: {
      ...positive('energy_usage', usageAt(meta.energy, atMs)),
      ...positive('latest_consume_time_for_energy', meta.energy.atMs),
      energy_window_size: BigInt(WINDOW_SIZE),
      ...positive('delegated_frozenV2_balance_for_energy', delegatedSun(meta, 'ENERGY')),
      ...positive('acquired_delegated_frozenV2_balance_for_energy', meta.acquired.ENERGY),
      energy_window_optimized: true,
    },
    ...(hasCode ? {} : formatPermissions(view, id, visible)),
    frozenV2: [
      positive('amount', meta.staked.BANDWIDTH),
      { type: 'ENERGY', ...positive('amount', meta.staked.ENERGY) },
      { type: 'TRON_POWER' },
    ],
    ...(meta.unstaking.length > 0
      ? {
          unfrozenV2: meta.unstaking.map(({ resource, amountSun, expiresAtMs }) => ({
            ...(resource === 'ENERGY' ? { type: resource } : {}),
            unfreeze_amount: amountSun,
            unfreeze_expire_time: BigInt(expiresAtMs),
          })),
        }
      : {}),
    ...(tokens.length > 0 ? { assetV2: tokens } : {}),
    asset_optimized: true,
  }
}

/** An account of block 0 has none until it sets some: its own key may do everything all the same. */
function formatPermissions(view: ChainView, id: AccountId, visible: boolean): Json {
  const { createdAtMs, permissions } = getMeta(view.state, id)
  if (createdAtMs === 0 && !permissions) return {}
  const { owner, actives } = getPermissions(view.state, id)
  return {
    owner_permission: formatPermission(owner, visible),
    active_permission: actives.map((active) => formatPermission(active, visible)),
  }
}

/** protocol.Permission: defaults (the type Owner, the id 0) are left out. */
export function formatPermission(permission: Permission, visible: boolean): Json {
  const { type, id, name, operations } = permission
  return {
    ...(type === 'Owner' ? {} : { type }),
    ...(id === 0 ? {} : { id }),
    ...(name ? { permission_name: name } : {}),
    threshold: permission.threshold,
    ...(operations.length > 0 ? { operations: toBareHex(operations) } : {}),
    keys: permission.keys.map((key) => ({
      address: formatAccountId(key.address, visible),
      weight: key.weight,
    })),
  }
}

function formatBandwidth(meta: AccountMeta, atMs: number): Json {
  return {
    ...positive('freeNetUsed', usageAt(meta.freeNet, atMs)),
    freeNetLimit: BigInt(FREE_BANDWIDTH_BYTES),
    ...positive('NetUsed', usageAt(meta.net, atMs)),
    ...positive('NetLimit', stakedLimit(meta, 'BANDWIDTH')),
    TotalNetLimit: BigInt(NETWORK.totalNetLimit),
    TotalNetWeight: BigInt(NETWORK.totalNetWeight),
  }
}

async function formatContract(view: ChainView, request: ApiRequest): Promise<Json> {
  const id = readAccountId(request, 'value')
  const contract = id && view.state.isContract(id) ? view.contracts.get(id) : undefined
  if (!contract) return {}
  return {
    abi: {},
    ...formatMessage(SMART_CONTRACT, contract.creation.message, request.visible),
    contract_address: formatAccountId(contract.address, request.visible),
    code_hash: toBareHex(keccak_256(view.state.getCode(contract.address))),
    trx_hash: contract.txId,
  }
}

function delegatedSun(meta: AccountMeta, resource: 'BANDWIDTH' | 'ENERGY'): bigint {
  const ofResource = meta.delegations.filter((each) => each.resource === resource)
  return ofResource.reduce((sum, { amountSun }) => sum + amountSun, 0n)
}

function totalStaked(meta: AccountMeta): bigint {
  const delegated = meta.delegations.reduce((sum, { amountSun }) => sum + amountSun, 0n)
  return meta.staked.BANDWIDTH + meta.staked.ENERGY + delegated
}

/** A 64-bit field, left out when it is 0, as protobuf's JSON does. */
function positive(name: string, value: bigint | number): Json {
  return value > 0 ? { [name]: BigInt(value) } : {}
}
