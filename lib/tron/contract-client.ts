/** One contract behind a connection: reads of its views, and calls priced by a simulation. For any contract and any ABI. */
import type { Address } from './address.ts'
import type { PricedCall, TronConnection } from './connection.ts'
import { callConstant } from './constant-call.ts'
import { feeLimitOf, quoteFee } from './fees.ts'
import { bandwidthOf, buildTransaction, checkSize, readHead } from './transaction.ts'
import type { AbiInterface } from './tronweb-codec.ts'

/** A contract: where it stands, its functions, and words for the errors that it throws. */
export interface ContractPlace {
  readonly address: Address
  readonly abi: readonly unknown[]
  /** By the error's name; an error without words is named. */
  readonly errorWords?: Readonly<Record<string, string>>
}

/** A function and its arguments in the ABI's order; structs are arrays, addresses 0x and 20 bytes. */
export interface AbiCall {
  readonly functionName: string
  readonly args: readonly unknown[]
}

export interface ContractClient {
  readonly address: Address
  readonly abi: AbiInterface
  /** What a view answers. Throws ChainError. */
  read(functionName: string, args: readonly unknown[]): Promise<ArrayLike<unknown>>
  /** Simulates a call as `from`, then builds its transaction. Throws ChainError with the revert's reason when it would fail. */
  price(call: AbiCall, from: Address): Promise<PricedCall>
}

export function createContractClient(
  { node, codec, getPrices }: TronConnection,
  { address, abi: entries, errorWords }: ContractPlace,
): ContractClient {
  const abi = codec.createInterface(entries, errorWords)
  return {
    address,
    abi,
    read: async (functionName, args) =>
      (await callConstant(node, { target: address, functionName, args, from: address }, abi)).output,
    async price(call, from) {
      const [{ energy, data, output }, prices, head] = await Promise.all([
        callConstant(node, { ...call, target: address, from }, abi),
        getPrices(),
        readHead(node),
      ])
      const feeLimitSun = feeLimitOf(energy, prices)
      const unsigned = buildTransaction(codec, { owner: from, target: address, data, head, feeLimitSun })
      checkSize(unsigned)
      return { quote: quoteFee(energy, bandwidthOf(unsigned.raw_data_hex), prices), output, unsigned, abi }
    },
  }
}
