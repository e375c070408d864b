/**
 * Deployments and calls as transactions: their checks, the energy that caller and deployer have, and who pays.
 * Source: java-tron, actuator/…/core/actuator/VMActuator.java and chainbase/…/core/capsule/ReceiptCapsule.java.
 */
import { hexToBytes } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { Transaction } from '../codec/transaction.ts'
import { refuseContract } from '../devnet-error.ts'
import type { DynamicEnergyRules } from '../tvm/dynamic-energy.ts'
import type { BlockEnvironment } from '../tvm/machine.ts'
import type { TvmState } from '../tvm/state.ts'
import { createdAddress, type Tvm } from '../tvm/tvm.ts'
import { larger, smaller } from '../tvm/words.ts'
import { debit, getMeta, getTrxBalance, isContract } from './accounts.ts'
import { type Execution, execute } from './execution.ts'
import { ENERGY_PRICE_SUN, MAX_FEE_LIMIT_SUN } from './fees.ts'
import { energyLeft, spendEnergy } from './resources.ts'

/** TRC-10 ids are above this. */
const MIN_TOKEN_ID = 1_000_000n
const MAX_NAME_BYTES = 32

/** What a contract's deployer promised to pay of others' calls. */
export interface EnergySponsor {
  readonly origin: AccountId
  /** The caller's share, 0–100. */
  readonly userPercent: bigint
  /** The most that the deployer pays of one call. */
  readonly originEnergyLimit: bigint
}

export type FindSponsor = (contract: AccountId) => EnergySponsor | null

export interface ExecutionContext {
  readonly block: BlockEnvironment
  readonly findSponsor: FindSponsor
  /** null where dynamic energy is off. */
  readonly dynamicEnergy: DynamicEnergyRules | null
}

export interface ContractRun extends Execution {
  readonly contract: AccountId
  /** Staked energy of the caller. */
  readonly energyFromStake: bigint
  /** Staked energy of the deployer. */
  readonly originEnergyUsed: bigint
  readonly energyFeeSun: bigint
}

export function runContract(tvm: Tvm, transaction: Transaction, context: ExecutionContext): ContractRun {
  const { state } = tvm
  const { block } = context
  const call = readCall(state, transaction)
  if (transaction.feeLimitSun < 0n || transaction.feeLimitSun > MAX_FEE_LIMIT_SUN) {
    throw refuseContract(`feeLimit must be >= 0 and <= ${MAX_FEE_LIMIT_SUN}`)
  }
  const spendable = getTrxBalance(state, call.owner) - call.valueSun
  const affordable =
    energyLeft(getMeta(state, call.owner), block.timestampMs) + larger(spendable, 0n) / ENERGY_PRICE_SUN
  const callerLimit = smaller(affordable, transaction.feeLimitSun / ENERGY_PRICE_SUN)
  const sponsor = call.isCreation ? null : context.findSponsor(call.contract)
  const share = sponsor && sponsor.origin !== call.owner ? sponsor : null
  const request = {
    caller: call.owner,
    to: call.isCreation ? null : call.contract,
    valueSun: call.valueSun,
    token: call.tokenAmount > 0n ? { tokenId: call.tokenId, amount: call.tokenAmount } : null,
    data: call.data,
    energyLimit: callerLimit + originLimit(state, share, callerLimit, block.timestampMs),
    txId: hexToBytes(transaction.txId),
    block,
    dynamicEnergy: context.dynamicEnergy,
  }
  const problem = tvm.findTransferProblem(request)
  if (problem) throw refuseContract(problem)
  const run = execute(tvm, request)
  const bill = payEnergy(state, {
    caller: call.owner,
    share,
    used: run.energyUsed,
    atMs: block.timestampMs,
  })
  return { ...run, contract: call.contract, ...bill }
}

interface Call {
  readonly isCreation: boolean
  readonly owner: AccountId
  readonly contract: AccountId
  readonly valueSun: bigint
  readonly tokenId: bigint
  readonly tokenAmount: bigint
  readonly data: Uint8Array
}

function readCall(state: TvmState, transaction: Transaction): Call {
  const { body } = transaction
  if (body.type !== 'CreateSmartContract' && body.type !== 'TriggerSmartContract') {
    throw refuseContract('Unknown contract type')
  }
  const { owner, tokenId, callTokenAmount: tokenAmount } = body
  const isCreation = body.type === 'CreateSmartContract'
  const valueSun = isCreation ? body.creation.callValueSun : body.callValueSun
  const contract = isCreation ? createdAddress(hexToBytes(transaction.txId), owner) : body.contract
  if (isCreation) {
    const { creation } = body
    if (creation.originAddress !== owner) throw refuseContract('OwnerAddress is not equals OriginAddress')
    if (new TextEncoder().encode(creation.name).length > MAX_NAME_BYTES) {
      throw refuseContract("contractName's length cannot be greater than 32")
    }
    if (creation.userPercent < 0n || creation.userPercent > 100n) {
      throw refuseContract('percent must be >= 0 and <= 100')
    }
  } else if (!isContract(state, contract)) throw refuseContract('No contract or not a smart contract')
  if (valueSun < 0n) throw refuseContract('callValue must be >= 0')
  if (tokenAmount < 0n) throw refuseContract('tokenValue must be >= 0')
  if (isCreation && body.creation.originEnergyLimit <= 0n) {
    throw refuseContract('The originEnergyLimit must be > 0')
  }
  if (tokenId !== 0n && tokenId <= MIN_TOKEN_ID) throw refuseContract(`tokenId must be > ${MIN_TOKEN_ID}`)
  if (tokenAmount > 0n && tokenId === 0n) {
    throw refuseContract(`invalid arguments with tokenValue = ${tokenAmount}, tokenId = ${tokenId}`)
  }
  const data = isCreation ? body.creation.bytecode : body.data
  return { isCreation, owner, contract, valueSun, tokenId, tokenAmount, data }
}

/** How much energy the deployer adds to a caller's limit. Rounds down. */
function originLimit(
  state: TvmState,
  sponsor: EnergySponsor | null,
  callerLimit: bigint,
  atMs: number,
): bigint {
  if (!sponsor || sponsor.userPercent >= 100n) return 0n
  const most = smaller(energyLeft(getMeta(state, sponsor.origin), atMs), sponsor.originEnergyLimit)
  if (sponsor.userPercent <= 0n) return most
  return smaller((callerLimit * (100n - sponsor.userPercent)) / sponsor.userPercent, most)
}

/** Takes energy from the deployer's stake, then from the caller's, then burns the caller's TRX. */
function payEnergy(
  state: TvmState,
  bill: {
    readonly caller: AccountId
    readonly share: EnergySponsor | null
    readonly used: bigint
    readonly atMs: number
  },
): Pick<ContractRun, 'energyFromStake' | 'originEnergyUsed' | 'energyFeeSun'> {
  const { caller, share, used, atMs } = bill
  let originEnergyUsed = 0n
  if (share) {
    const origin = getMeta(state, share.origin)
    const most = smaller(energyLeft(origin, atMs), share.originEnergyLimit)
    originEnergyUsed = smaller((used * (100n - share.userPercent)) / 100n, most)
    if (originEnergyUsed > 0n) state.putMeta(share.origin, spendEnergy(origin, originEnergyUsed, atMs))
  }
  const callerUsed = used - originEnergyUsed
  const meta = getMeta(state, caller)
  const energyFromStake = smaller(energyLeft(meta, atMs), callerUsed)
  if (energyFromStake > 0n) state.putMeta(caller, spendEnergy(meta, energyFromStake, atMs))
  const energyFeeSun = (callerUsed - energyFromStake) * ENERGY_PRICE_SUN
  debit(state, caller, energyFeeSun)
  return { energyFromStake, originEnergyUsed, energyFeeSun }
}
