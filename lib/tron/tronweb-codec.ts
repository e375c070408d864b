/** What we use of tronweb: its ABI codec and its transaction codec. It is 236 KB gz, so it is loaded on first need. */
import type { JsonObject } from './node-client.ts'

/** The part of ethers' `Interface` that we use; addresses are 0x and 20 bytes. */
export interface AbiInterface {
  encodeFunctionData(name: string, args: readonly unknown[]): string
  decodeFunctionResult(name: string, data: string): ArrayLike<unknown>
  /** null for another selector; throws on data that does not fit it. */
  parseTransaction(call: { data: string }): {
    readonly name: string
    readonly args: ArrayLike<unknown>
  } | null
  getFunction(name: string): { format(): string } | null
  parseLog(log: { topics: readonly string[]; data: string }): {
    readonly name: string
    readonly args: ArrayLike<unknown>
  } | null
  parseError(data: string): { readonly name: string; readonly args: ArrayLike<unknown> } | null
  /** Words for people, by the error's name. */
  readonly errorWords: Readonly<Record<string, string>>
}

export interface TronCodec {
  createInterface(abi: readonly unknown[], errorWords?: Readonly<Record<string, string>>): AbiInterface
  /** Bare hex of a transaction's `raw_data`, protobuf-encoded. */
  encodeRawData(transaction: JsonObject): string
}

let loading: Promise<TronCodec> | null = null

/** Loads tronweb once. Rejects when its chunk cannot be fetched; the next call tries again. */
export function loadTronCodec(): Promise<TronCodec> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

async function load(): Promise<TronCodec> {
  const { utils } = await import('tronweb')
  return {
    createInterface: (abi, errorWords = {}) =>
      Object.assign(new utils.ethersUtils.Interface(JSON.stringify(abi)) as unknown as AbiInterface, {
        errorWords,
      }),
    encodeRawData: (transaction) =>
      utils.transaction.txPbToRawDataHex(utils.transaction.txJsonToPb(transaction)).toLowerCase(),
  }
}
