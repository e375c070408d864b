/**
 * A transaction's effect on the state, all or nothing: fees, then the transfer, the stake or the execution. A call that
 * reverts is applied too: it pays its energy and leaves the rest as it was.
 * Source: java-tron, framework/…/core/db/Manager.java (processTransaction).
 */
import { type AccountId, accountIdToAddress, formatAccountId } from '../codec/account-id.ts'
import { encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { DevnetRefusal, refuseContract } from '../devnet-error.ts'
import type { TvmState } from '../tvm/state.ts'
import type { Tvm } from '../tvm/tvm.ts'
import { checkPermissionUpdate } from './account-permissions.ts'
import { accountExists, debit, getMeta, getTrxBalance } from './accounts.ts'
import { applyTransfer } from './apply-transfer.ts'
import {
  chargeBandwidth,
  MEMO_FEE_SUN,
  MULTI_SIGNATURE_FEE_SUN,
  PERMISSION_UPDATE_FEE_SUN,
  RESULT_SIZE_BYTES,
  refuseResources,
} from './fees.ts'
import { type FindSponsor, runContract } from './run-contract.ts'
import { applyStaking, type StakingResult } from './staking.ts'
import { NO_EXECUTION, type TransactionInfo } from './transaction-info.ts'

export interface BlockContext {
  readonly number: number
  readonly timestampMs: number
}

export interface ApplyContext {
  readonly block: BlockContext
  readonly findSponsor: FindSponsor
}

/** Applies one transaction. Throws DevnetRefusal when it is not valid; then the state is as before. */
export async function applyTransaction(
  tvm: Tvm,
  transaction: Transaction,
  context: ApplyContext,
): Promise<TransactionInfo> {
  await tvm.state.checkpoint()
  try {
    const info = await applyInCheckpoint(tvm, transaction, context)
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
  context: ApplyContext,
): Promise<TransactionInfo> {
  const { state } = tvm
  const { body } = transaction
  const { block } = context
  const charge = await payForTransaction(state, transaction, block)
  const base = {
    ...NO_EXECUTION,
    txId: transaction.txId,
    blockNumber: block.number,
    timestampMs: block.timestampMs,
    netUsed: charge.netUsed,
    netFeeSun: charge.netFeeSun,
    feeSun: charge.feeSun,
  }
  switch (body.type) {
    case 'CreateSmartContract':
    case 'TriggerSmartContract': {
      const run = await runContract(tvm, transaction, context)
      return { ...base, ...run, feeSun: charge.feeSun + run.energyFeeSun, isExecution: true }
    }
    case 'AccountCreateContract':
    case 'TransferContract':
    case 'TransferAssetContract': {
      const accountFeeSun = await applyTransfer(state, body, block.timestampMs)
      return { ...base, feeSun: charge.feeSun + accountFeeSun }
    }
    case 'AccountPermissionUpdateContract': {
      const permissions = checkPermissionUpdate(body)
      await burn(state, body.owner, PERMISSION_UPDATE_FEE_SUN)
      state.putMeta(body.owner, { ...getMeta(state, body.owner), permissions })
      return { ...base, feeSun: charge.feeSun + PERMISSION_UPDATE_FEE_SUN }
    }
    default: {
      const staking: StakingResult = await applyStaking(state, body, block.timestampMs)
      return { ...base, ...staking }
    }
  }
}

/** Charges what every transaction pays: bandwidth, several signatures, a memo. */
async function payForTransaction(state: TvmState, transaction: Transaction, block: BlockContext) {
  const { body } = transaction
  if (!(await accountExists(state, body.owner))) {
    throw refuseContract(`account [${accountIdToAddress(body.owner)}] does not exist`)
  }
  const recipient = 'to' in body ? body.to : 'account' in body ? body.account : null
  const charge = chargeBandwidth(getMeta(state, body.owner), {
    lengthBytes: encodeSignedTransaction(transaction).length + RESULT_SIZE_BYTES,
    atMs: block.timestampMs,
    makesAccount: recipient !== null && !(await accountExists(state, recipient)),
  })
  const signaturesFeeSun = transaction.signatures.length > 1 ? MULTI_SIGNATURE_FEE_SUN : 0n
  const memoFeeSun = transaction.memo.length > 0 ? MEMO_FEE_SUN : 0n
  const feeSun = charge.netFeeSun + signaturesFeeSun + memoFeeSun
  if (!(await debit(state, body.owner, feeSun))) throw refuseResources()
  state.putMeta(body.owner, charge.meta)
  return { netUsed: charge.netUsed, netFeeSun: charge.netFeeSun, feeSun }
}

/** Source of the words: java-tron, chainbase/…/common/utils/Commons.java (adjustBalance). */
async function burn(state: TvmState, id: AccountId, amountSun: bigint): Promise<void> {
  if (await debit(state, id, amountSun)) return
  const balance = await getTrxBalance(state, id)
  throw new DevnetRefusal(
    'CONTRACT_EXE_ERROR',
    `Contract execute error : ${formatAccountId(id, false)} insufficient balance, balance: ${balance}, amount: ${amountSun}`,
  )
}
