/**
 * Who has signed a transaction: wallets ask before they broadcast one of several signers.
 * Source: java-tron, actuator/…/core/utils/TransactionUtil.java and framework/…/core/Wallet.java.
 */
import { findPermission, MAX_SIGNATURES } from '../chain/account-permissions.ts'
import { accountExists } from '../chain/accounts.ts'
import {
  requireSigner,
  SignatureProblem,
  selectPermission,
  weighSignatures,
} from '../chain/check-transaction.ts'
import { formatAccountId, parseAccountId } from '../codec/account-id.ts'
import type { Transaction } from '../codec/transaction.ts'
import { formatTransaction, parseTransactionJson } from '../codec/transaction-json.ts'
import type { Json, Read } from './chain-view.ts'
import type { ApiRequest } from './request.ts'
import { formatPermission } from './wallet-accounts.ts'

export const walletChecks: Readonly<Record<string, Read>> = {
  async getsignweight({ state }, request) {
    const transaction = parseTransactionJson(request.params)
    if (transaction.signatures.length > MAX_SIGNATURES) {
      return { result: { code: 'OTHER_ERROR', message: 'too many signatures' } }
    }
    const answer: Json = { transaction: wrap(transaction, request) }
    try {
      if (!(await accountExists(state, transaction.body.owner))) {
        throw new SignatureProblem('PERMISSION_ERROR', 'Account does not exist!')
      }
      const permission = selectPermission(transaction, (owner, id) => findPermission(state, owner, id))
      answer.permission = formatPermission(permission, request.visible)
      const { signers, weight } = weighSignatures(transaction, permission)
      if (signers.length > 0) answer.approved_list = formatSigners(signers, request)
      if (weight > 0n) answer.current_weight = weight
      // ENOUGH_PERMISSION is the enum's default, and defaults are left out.
      answer.result = weight >= permission.threshold ? {} : { code: 'NOT_ENOUGH_PERMISSION' }
    } catch (error) {
      answer.result = describeProblem(error)
    }
    return answer
  },
  async getapprovedlist(_view, request) {
    const transaction = parseTransactionJson(request.params)
    const answer: Json = { transaction: wrap(transaction, request) }
    try {
      const signers = transaction.signatures.map((signature) => requireSigner(transaction.txId, signature))
      if (signers.length > 0) answer.approved_list = formatSigners(signers, request)
      answer.result = {}
    } catch (error) {
      answer.result = describeProblem(error)
    }
    return answer
  },
}

function describeProblem(error: unknown): Json {
  if (error instanceof SignatureProblem) return { code: error.code, message: error.message }
  throw error
}

function formatSigners(signers: readonly string[], { visible }: ApiRequest): string[] {
  return signers.flatMap((signer) => {
    const id = parseAccountId(signer)
    return id ? [formatAccountId(id, visible)] : []
  })
}

function wrap(transaction: Transaction, request: ApiRequest): Json {
  return {
    result: { result: true },
    txid: transaction.txId,
    transaction: formatTransaction(transaction, request.visible),
  }
}
