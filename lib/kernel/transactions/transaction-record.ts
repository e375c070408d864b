/** One row of the page's transactions, and their table. */
import type { ContractCall } from '../../channels/index.ts'
import type { LedgerSchema } from '../../ledger/index.ts'
import type { Address, TransactionState } from '../../tron/index.ts'
import { type Amount, toAmount } from '../../units/index.ts'

export interface TransactionRecord {
  readonly id: string
  readonly call: ContractCall['kind']
  /** BTT that the call names; null where only the chain says what it moves. */
  readonly amount: Amount | null
  /** Who signs it and pays its fee. */
  readonly account: Address
  readonly begunAtMs: number
  /** Of the last change of its state. */
  readonly changedAtMs: number
  readonly state: TransactionState
}

export interface TransactionTables {
  /** Key: the record's id. */
  readonly transactions: TransactionRecord
}

export const TRANSACTION_SCHEMA: LedgerSchema<TransactionTables> = { transactions: { version: 1 } }

/** The BTT that a call names: what is allowed, locked, reserved or taken out. */
export function amountOf(call: ContractCall): Amount | null {
  switch (call.kind) {
    case 'approve':
    case 'fund':
    case 'defund':
    case 'fundAndOpen':
      return call.amount
    case 'open':
      return toAmount(call.channel.total)
    case 'redeem':
    case 'startClose':
    case 'settle':
    case 'closeOut':
      return null
    default:
      return call satisfies never
  }
}
