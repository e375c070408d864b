/**
 * A transaction's effect on the state, all or nothing: fees, then the transfer, the stake or the execution. A call that
 * reverts is applied too: it pays its energy and leaves the rest as it was.
 * Source: java-tron, framework/…/core/db/Manager.java (processTransaction).
 */
import { type AccountId, accountIdToAddress, formatAccountId } from '../codec/account-id.ts'
import { encodeSignedTransaction, type Transaction } from '../codec/transaction.ts'
import { DevnetRefusal, refuseContract } from '../devnet-error.ts'
import type { BlockEnvironment } from '../tvm/machine.ts'
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
import { type ExecutionContext, runContract } from './run-contract.ts'
import { applyStaking, type StakingResult } from './staking.ts'
import { NO_EXECUTION, type TransactionInfo } from './transaction-info.ts'

/** Applies one transaction. Throws DevnetRefusal when it is not valid; then the state is as before. */
export function applyTransaction(
  tvm: Tvm,
  transaction: Transaction,
  context: ExecutionContext,
): TransactionInfo {
  tvm.state.checkpoint()
  try {
    const info = applyInCheckpoint(tvm, transaction, context)
    tvm.state.commit()
    return info
  } catch (error) {
    tvm.state.revert()
    throw error
  }
}

function applyInCheckpoint(tvm: Tvm, transaction: Transaction, context: ExecutionContext): TransactionInfo {
  const { state } = tvm
  const { body } = transaction
  const { block } = context
  const charge = payForTransaction(state, transaction, block)
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
      const run = runContract(tvm, transaction, context)
      return { ...base, ...run, feeSun: charge.feeSun + run.energyFeeSun, isExecution: true }
    }
    case 'AccountCreateContract':
    case 'TransferContract':
    case 'TransferAssetContract': {
      const accountFeeSun = applyTransfer(state, body, block.timestampMs)
      return { ...base, feeSun: charge.feeSun + accountFeeSun }
    }
    case 'AccountPermissionUpdateContract': {
      const permissions = checkPermissionUpdate(body)
      burn(state, body.owner, PERMISSION_UPDATE_FEE_SUN)
      state.putMeta(body.owner, { ...getMeta(state, body.owner), permissions })
      return { ...base, feeSun: charge.feeSun + PERMISSION_UPDATE_FEE_SUN }
    }
    default: {
      const staking: StakingResult = applyStaking(state, body, block.timestampMs)
      return { ...base, ...staking }
    }
  }
}

/** Charges what every transaction pays: bandwidth, several signatures, a memo. */
function payForTransaction(state: TvmState, transaction: Transaction, block: BlockEnvironment) {
  const { body } = transaction
  if (!accountExists(state, body.owner)) {
    throw refuseContract(`account [${accountIdToAddress(body.owner)}] does not exist`)
  }
  const recipient = 'to' in body ? body.to : 'account' in body ? body.account : null
  const charge = chargeBandwidth(getMeta(state, body.owner), {
    lengthBytes: encodeSignedTransaction(transaction).length + RESULT_SIZE_BYTES,
    atMs: block.timestampMs,
    makesAccount: recipient !== null && !accountExists(state, recipient),
  })
  const signaturesFeeSun = transaction.signatures.length > 1 ? MULTI_SIGNATURE_FEE_SUN : 0n
  const memoFeeSun = transaction.memo.length > 0 ? MEMO_FEE_SUN : 0n
  const feeSun = charge.netFeeSun + signaturesFeeSun + memoFeeSun
  if (!debit(state, body.owner, feeSun)) throw refuseResources()
  state.putMeta(body.owner, charge.meta)
  return { netUsed: charge.netUsed, netFeeSun: charge.netFeeSun, feeSun }
}

/** Source of the words: java-tron, chainbase/…/common/utils/Commons.java (adjustBalance). */
function burn(state: TvmState, id: AccountId, amountSun: bigint): void {
  if (debit(state, id, amountSun)) return
  const balance = getTrxBalance(state, id)
  throw new DevnetRefusal(
    'CONTRACT_EXE_ERROR',
    `Contract execute error : ${formatAccountId(id, false)} insufficient balance, balance: ${balance}, amount: ${amountSun}`,
  )
}
