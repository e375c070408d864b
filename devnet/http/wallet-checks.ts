/** Who has signed a transaction: wallets ask before they broadcast one of several signers. */
import { recoverSigner } from '../chain/check-transaction.ts'
import { accountIdToAddress } from '../codec/account-id.ts'
import type { Transaction } from '../codec/transaction.ts'
import { formatTransaction, parseTransactionJson } from '../codec/transaction-json.ts'
import type { ApiRequest } from './request.ts'
import type { Write } from './wallet-writes.ts'

type Json = Record<string, unknown>

export const walletChecks: Readonly<Record<string, Write>> = {
  async getsignweight(_chain, request) {
    const transaction = parseTransactionJson(request.params)
    const owner = accountIdToAddress(transaction.body.owner)
    const signers = listSigners(transaction)
    const weight = signers.includes(owner) ? 1 : 0
    return {
      result: weight === 0 ? { code: 'NOT_ENOUGH_PERMISSION' } : {},
      ...(signers.length > 0 ? { approved_list: signers } : {}),
      permission: { permission_name: 'owner', threshold: 1, keys: [{ address: owner, weight: 1 }] },
      ...(weight > 0 ? { current_weight: weight } : {}),
      transaction: wrap(transaction, request),
    }
  },
  async getapprovedlist(_chain, request) {
    const transaction = parseTransactionJson(request.params)
    return { result: {}, approved_list: listSigners(transaction), transaction: wrap(transaction, request) }
  },
}

function listSigners(transaction: Transaction): string[] {
  return transaction.signatures.flatMap((signature) => recoverSigner(transaction.txId, signature) ?? [])
}

function wrap(transaction: Transaction, request: ApiRequest): Json {
  return {
    result: { result: true },
    txid: transaction.txId,
    transaction: formatTransaction(transaction, request.visible),
  }
}
