/** Which transactions there are, and who is named in them. */
import type { AccountId } from '../codec/account-id.ts'
import type { Transaction } from '../codec/transaction.ts'
import type { TransactionInfo } from './transaction-info.ts'

export interface StoredTransaction {
  readonly transaction: Transaction
  readonly info: TransactionInfo
}

/** A copy that later changes do not touch. */
export interface IndexCapture {
  readonly stored: ReadonlyMap<string, StoredTransaction>
  readonly byAccount: ReadonlyMap<AccountId, readonly string[]>
  readonly byContract: ReadonlyMap<AccountId, readonly string[]>
}

export class TransactionIndex {
  #stored = new Map<string, StoredTransaction>()
  #byAccount = new Map<AccountId, string[]>()
  #byContract = new Map<AccountId, string[]>()

  get(txId: string): StoredTransaction | undefined {
    return this.#stored.get(txId)
  }

  /** Ids of the transactions that name an account, oldest first. */
  listNaming(id: AccountId): readonly string[] {
    return this.#byAccount.get(id) ?? []
  }

  /** Ids of the transactions in which a contract logged, oldest first. */
  listWithLogsOf(contract: AccountId): readonly string[] {
    return this.#byContract.get(contract) ?? []
  }

  record(transaction: Transaction, info: TransactionInfo): void {
    this.#stored.set(transaction.txId, { transaction, info })
    const { body } = transaction
    const named = [
      body.owner,
      'to' in body ? body.to : null,
      'account' in body ? body.account : null,
      info.contract,
    ]
    for (const id of new Set(named)) if (id) append(this.#byAccount, id, info.txId)
    for (const id of new Set(info.logs.map((log) => log.address))) append(this.#byContract, id, info.txId)
  }

  capture(): IndexCapture {
    return {
      stored: new Map(this.#stored),
      byAccount: copyLists(this.#byAccount),
      byContract: copyLists(this.#byContract),
    }
  }

  restore(capture: IndexCapture): void {
    this.#stored = new Map(capture.stored)
    this.#byAccount = copyLists(capture.byAccount)
    this.#byContract = copyLists(capture.byContract)
  }
}

function append(index: Map<AccountId, string[]>, id: AccountId, txId: string): void {
  const list = index.get(id)
  if (list) list.push(txId)
  else index.set(id, [txId])
}

function copyLists(index: ReadonlyMap<AccountId, readonly string[]>): Map<AccountId, string[]> {
  return new Map([...index].map(([id, list]) => [id, [...list]]))
}
