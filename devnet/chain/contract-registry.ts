/** Deployed contracts: what `getcontract` answers, and the ABI by which calls and events are decoded. */
import { utils } from 'tronweb'
import type { AbiEntry } from '../codec/abi-entry.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { ContractCreation } from '../codec/contract-body.ts'
import type { Transaction } from '../codec/transaction.ts'
import type { EnergySponsor } from './run-contract.ts'
import type { TransactionInfo } from './transaction-info.ts'

type Interface = InstanceType<typeof utils.ethersUtils.Interface>

export interface DeployedContract {
  readonly address: AccountId
  readonly creation: ContractCreation
  readonly txId: string
  readonly abi: Interface
  /** True when `abi` has what the chain cannot keep. */
  readonly hasFullAbi: boolean
}

/** A copy that later changes do not touch. */
export type RegistryCapture = ReadonlyMap<AccountId, DeployedContract>

export class ContractRegistry {
  #contracts = new Map<AccountId, DeployedContract>()

  record(transaction: Transaction, info: TransactionInfo): void {
    const { body } = transaction
    if (body.type !== 'CreateSmartContract' || info.result !== 'SUCCESS' || !info.contract) return
    this.#contracts.set(info.contract, {
      address: info.contract,
      creation: body.creation,
      txId: info.txId,
      abi: toInterface(body.creation.abi),
      hasFullAbi: false,
    })
  }

  get(address: AccountId): DeployedContract | undefined {
    return this.#contracts.get(address)
  }

  /** Who pays a share of the energy of calls to a contract, by what its deployment said. */
  findSponsor(address: AccountId): EnergySponsor | null {
    const creation = this.#contracts.get(address)?.creation
    if (!creation) return null
    const { originAddress: origin, userPercent, originEnergyLimit } = creation
    return { origin, userPercent, originEnergyLimit }
  }

  list(): readonly DeployedContract[] {
    return [...this.#contracts.values()]
  }

  /** The newest contract that `origin` deployed under a name. */
  findByName(origin: AccountId, name: string): DeployedContract | undefined {
    const named = [...this.#contracts.values()].filter(
      ({ creation }) => creation.originAddress === origin && creation.name === name,
    )
    return named.at(-1)
  }

  capture(): RegistryCapture {
    return new Map(this.#contracts)
  }

  restore(capture: RegistryCapture): void {
    this.#contracts = new Map(capture)
  }

  /** Gives a contract a fuller ABI than the chain can keep (tuple components). */
  registerAbi(address: AccountId, abi: readonly unknown[]): void {
    const contract = this.#contracts.get(address)
    if (!contract) return
    this.#contracts.set(address, {
      ...contract,
      abi: new utils.ethersUtils.Interface(abi as never),
      hasFullAbi: true,
    })
  }
}

/** Entries with tuples are left out: TRON's ABI keeps no components, so their data cannot be read. */
function toInterface(entries: readonly AbiEntry[]): Interface {
  const readable = entries.filter((entry) =>
    [...entry.inputs, ...entry.outputs].every((param) => !param.type.startsWith('tuple')),
  )
  const fragments = readable.map((entry) => {
    const isEvent = entry.type === 'Event'
    const inputs = isEvent ? entry.inputs : entry.inputs.map(({ name, type }) => ({ name, type }))
    const outputs = entry.outputs.map(({ name, type }) => ({ name, type }))
    return {
      type: entry.type.toLowerCase(),
      name: entry.name,
      inputs,
      outputs,
      anonymous: entry.anonymous,
      stateMutability: (entry.stateMutability ?? 'Nonpayable').toLowerCase(),
    }
  })
  // What a stranger deployed may name types that nobody knows; the interface leaves those out and says so on the console.
  return new utils.ethersUtils.Interface(fragments as never)
}
