/** What transactions make: accounts and storage, contracts, receipts. Captured and restored as one, so that none of it can be forgotten. */
import type { Transaction } from '../codec/transaction.ts'
import type { DynamicEnergyRules } from '../tvm/dynamic-energy.ts'
import { type StateCapture, TvmState } from '../tvm/state.ts'
import { ContractRegistry, type RegistryCapture } from './contract-registry.ts'
import { type IndexCapture, TransactionIndex } from './transaction-index.ts'
import type { TransactionInfo } from './transaction-info.ts'

/** A copy that later transactions do not touch; it can be restored any number of times. */
export interface ContentCapture {
  readonly state: StateCapture
  readonly contracts: RegistryCapture
  readonly transactions: IndexCapture
  readonly dynamicEnergy: DynamicEnergyRules | null
}

export class ChainContent {
  readonly state = new TvmState()
  readonly contracts = new ContractRegistry()
  readonly transactions = new TransactionIndex()
  #dynamicEnergy: DynamicEnergyRules | null = null
  /** Empty blocks share the capture of the block before them. */
  #latest: ContentCapture | null = null

  /** What transactions run under; null while dynamic energy is off. */
  get dynamicEnergy(): DynamicEnergyRules | null {
    return this.#dynamicEnergy
  }

  set dynamicEnergy(rules: DynamicEnergyRules | null) {
    this.#dynamicEnergy = rules
    this.#latest = null
  }

  /** Notes a transaction whose effect on the state is committed. */
  record(transaction: Transaction, info: TransactionInfo): void {
    this.#latest = null
    this.transactions.record(transaction, info)
    this.contracts.record(transaction, info)
  }

  /** Costs a copy of the tables' rows, not of what they hold. No checkpoint may be open. */
  capture(): ContentCapture {
    this.#latest ??= {
      state: this.state.capture(),
      contracts: this.contracts.capture(),
      transactions: this.transactions.capture(),
      dynamicEnergy: this.#dynamicEnergy,
    }
    return this.#latest
  }

  restore(capture: ContentCapture): void {
    this.state.restore(capture.state)
    this.contracts.restore(capture.contracts)
    this.transactions.restore(capture.transactions)
    this.#dynamicEnergy = capture.dynamicEnergy
    this.#latest = capture
  }
}
