/**
 * A transaction's effect on the state, all or nothing: validation and fees, then the transfer or the execution. A call
 * that reverts is applied too: it pays its energy and leaves the rest as it was.
 */
import { Account, Address } from '@ethereumjs/util'
import { hexToBytes } from '../../lib/units/bytes.ts'
import { type AccountId, accountIdToAddress } from '../codec/account-id.ts'
import { encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { refuseContract } from '../devnet-error.ts'
import type { AccountMeta, TvmState } from '../tvm/state.ts'
import { createdAddress, type Tvm } from '../tvm/tvm.ts'
import { execute } from './execution.ts'
import {
  chargeBandwidth,
  ENERGY_PRICE_SUN,
  MAX_FEE_LIMIT_SUN,
  MEMO_FEE_SUN,
  NEW_ACCOUNT_FEE_SUN,
  RESULT_SIZE_BYTES,
  refuseResources,
} from './fees.ts'
import type { TransactionInfo } from './transaction-info.ts'

export interface BlockContext {
  readonly number: number
  readonly timestampMs: number
}

/** Applies one transaction. Throws DevnetRefusal when it is not valid; then the state is as before. */
export async function applyTransaction(
  tvm: Tvm,
  transaction: Transaction,
  block: BlockContext,
): Promise<TransactionInfo> {
  await tvm.state.checkpoint()
  try {
    const info = await applyInCheckpoint(tvm, transaction, block)
    await tvm.state.commit()
    return info
  } catch (error) {
    await tvm.state.revert()
    throw error
  }
}

async function applyInCheckpoint(
  tvm: Tvm,
  transaction: Transaction,
  block: BlockContext,
): Promise<TransactionInfo> {
  const { state } = tvm
  const { body } = transaction
  if (!(await accountExists(state, body.owner))) {
    throw refuseContract(`account [${accountIdToAddress(body.owner)}] does not exist`)
  }
  const meta = state.getMeta(body.owner) ?? newAccountMeta(block.timestampMs)
  const recipient = 'to' in body ? body.to : 'account' in body ? body.account : null
  const makesAccount = recipient !== null && !(await accountExists(state, recipient))
  const charge = chargeBandwidth(meta, {
    lengthBytes: encodeSignedTransaction(transaction).length + RESULT_SIZE_BYTES,
    atMs: block.timestampMs,
    makesAccount,
  })
  const memoFeeSun = transaction.memo.length > 0 ? MEMO_FEE_SUN : 0n
  if (!(await debit(state, body.owner, charge.netFeeSun + memoFeeSun))) throw refuseResources()
  state.putMeta(body.owner, charge.meta)
  const base = {
    txId: transaction.txId,
    blockNumber: block.number,
    timestampMs: block.timestampMs,
    netUsed: charge.netUsed,
    netFeeSun: charge.netFeeSun,
  }
  if (body.type === 'CreateSmartContract' || body.type === 'TriggerSmartContract') {
    const run = await runContract(tvm, transaction, block)
    return { ...base, ...run, feeSun: charge.netFeeSun + memoFeeSun + run.energyFeeSun, isExecution: true }
  }
  if (!isTransfer(body)) throw refuseContract(`No ${body.type} on this devnet`)
  const accountFeeSun = makesAccount ? NEW_ACCOUNT_FEE_SUN : 0n
  await transfer(state, body, accountFeeSun)
  if (makesAccount) await openAccount(state, recipient, block.timestampMs)
  return {
    ...base,
    feeSun: charge.netFeeSun + memoFeeSun + accountFeeSun,
    result: 'SUCCESS',
    isExecution: false,
    message: null,
    returnData: new Uint8Array(0),
    contract: null,
    energyUsed: 0n,
    energyFeeSun: 0n,
    logs: [],
  }
}

type TransferBody = Extract<
  Transaction['body'],
  { type: 'AccountCreateContract' | 'TransferContract' | 'TransferAssetContract' }
>

function isTransfer(body: Transaction['body']): body is TransferBody {
  return ['AccountCreateContract', 'TransferContract', 'TransferAssetContract'].includes(body.type)
}

async function transfer(state: TvmState, body: TransferBody, accountFeeSun: bigint): Promise<void> {
  const refuse = (reason: string) => refuseContract(`Validate ${body.type} error, ${reason}`)
  if (body.type === 'AccountCreateContract') {
    if (accountFeeSun === 0n) throw refuseContract('Account has existed')
    if (!(await debit(state, body.owner, accountFeeSun))) throw refuse('insufficient fee.')
    return
  }
  if (body.owner === body.to) throw refuseContract('Cannot transfer TRX to yourself.')
  const code = await state.getCode(toEvmAddress(body.to))
  if (code.length > 0) throw refuseContract('Cannot transfer TRX to a smartContract.')
  if (body.type === 'TransferContract') {
    if (body.amountSun <= 0n) throw refuseContract('Amount must be greater than 0.')
    if (!(await debit(state, body.owner, body.amountSun + accountFeeSun))) {
      throw refuse('balance is not sufficient.')
    }
    await credit(state, body.to, body.amountSun)
    return
  }
  if (body.amount <= 0n) throw refuseContract('Amount must be greater than 0.')
  if (!(await debit(state, body.owner, accountFeeSun))) throw refuse('insufficient fee.')
  if (!state.moveToken(body.owner, body.to, body.tokenId, body.amount)) {
    throw refuseContract('assetBalance is not sufficient.')
  }
}

async function runContract(tvm: Tvm, transaction: Transaction, block: BlockContext) {
  const { state } = tvm
  const { body } = transaction
  if (body.type !== 'CreateSmartContract' && body.type !== 'TriggerSmartContract') {
    throw refuseContract('not a contract call')
  }
  if (transaction.feeLimitSun < 0n || transaction.feeLimitSun > MAX_FEE_LIMIT_SUN) {
    throw refuseContract(`feeLimit must be >= 0 and <= ${MAX_FEE_LIMIT_SUN}`)
  }
  const isCreation = body.type === 'CreateSmartContract'
  const txIdBytes = hexToBytes(transaction.txId)
  const contract = isCreation ? createdAddress(txIdBytes, body.owner) : body.contract
  if (isCreation && body.creation.originAddress !== body.owner) {
    throw refuseContract('OwnerAddress is not equals OriginAddress')
  }
  const valueSun = isCreation ? body.creation.callValueSun : body.callValueSun
  const balance = await getTrxBalance(state, body.owner)
  if (valueSun < 0n || valueSun > balance) {
    throw refuseContract('Validate InternalTransfer error, balance is not sufficient.')
  }
  if (
    body.callTokenAmount < 0n ||
    state.getTokenBalance(body.owner, `${body.tokenId}`) < body.callTokenAmount
  ) {
    throw refuseContract('Validate InternalTransfer error, assetBalance is not sufficient.')
  }
  if (!isCreation && (await state.getCode(toEvmAddress(contract))).length === 0) {
    throw refuseContract('No contract or not a valid smart contract')
  }
  const spendableSun = balance - valueSun
  const affordableSun = minimum(spendableSun, transaction.feeLimitSun)
  const run = await execute(tvm, {
    caller: body.owner,
    to: isCreation ? null : contract,
    valueSun,
    token: body.callTokenAmount > 0n ? { tokenId: body.tokenId, amount: body.callTokenAmount } : null,
    data: isCreation ? body.creation.bytecode : body.data,
    energyLimit: affordableSun / ENERGY_PRICE_SUN,
    txId: txIdBytes,
    block,
  })
  const energyFeeSun = run.energyUsed * ENERGY_PRICE_SUN
  await debit(state, body.owner, energyFeeSun)
  if (isCreation && run.result === 'SUCCESS') await openAccount(state, contract, block.timestampMs)
  return { ...run, contract, energyFeeSun }
}

function minimum(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

export function toEvmAddress(id: AccountId): Address {
  return new Address(hexToBytes(id))
}

export async function getTrxBalance(state: TvmState, id: AccountId): Promise<bigint> {
  return (await state.getAccount(toEvmAddress(id)))?.balance ?? 0n
}

/** Adds TRX. */
export async function credit(state: TvmState, id: AccountId, amountSun: bigint): Promise<void> {
  const address = toEvmAddress(id)
  const account = (await state.getAccount(address)) ?? new Account()
  account.balance += amountSun
  await state.putAccount(address, account)
}

async function debit(state: TvmState, id: AccountId, amountSun: bigint): Promise<boolean> {
  const address = toEvmAddress(id)
  const account = await state.getAccount(address)
  if (amountSun === 0n) return true
  if (!account || account.balance < amountSun) return false
  account.balance -= amountSun
  await state.putAccount(address, account)
  return true
}

/** Records that an account exists from now on. */
export async function openAccount(state: TvmState, id: AccountId, atMs: number): Promise<void> {
  state.putMeta(id, newAccountMeta(atMs))
  await credit(state, id, 0n)
}

function newAccountMeta(createdAtMs: number): AccountMeta {
  return { createdAtMs, freeNetUsed: 0, freeNetAtMs: 0, lastOperationMs: 0 }
}

/** True once an account was opened, or got TRX or tokens from a contract. */
export async function accountExists(state: TvmState, id: AccountId): Promise<boolean> {
  if (state.getMeta(id)) return true
  if (state.listTokenBalances(id).size > 0) return true
  return (await getTrxBalance(state, id)) > 0n
}
