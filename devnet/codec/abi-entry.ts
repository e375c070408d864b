/** Contract ABIs as TRON stores them with a contract. Its protobuf has no tuple components: such calls stay undecoded. */
import { ProtoReader } from './protobuf.ts'

interface AbiParam {
  readonly name: string
  readonly type: string
  readonly indexed: boolean
  /** Only in ABIs registered beside the chain. */
  readonly components?: readonly AbiParam[]
}

export interface AbiEntry {
  readonly type: 'Constructor' | 'Function' | 'Event' | 'Fallback' | 'Receive' | 'Error'
  readonly name: string
  readonly inputs: readonly AbiParam[]
  readonly outputs: readonly AbiParam[]
  readonly stateMutability: 'Pure' | 'View' | 'Nonpayable' | 'Payable' | null
  readonly constant: boolean
  readonly payable: boolean
  readonly anonymous: boolean
}

const ENTRY_TYPES = [null, 'Constructor', 'Function', 'Event', 'Fallback', 'Receive', 'Error'] as const
const MUTABILITIES = [null, 'Pure', 'View', 'Nonpayable', 'Payable'] as const

/** Decodes SmartContract.ABI. Throws RangeError when malformed. */
export function decodeAbi(bytes: Uint8Array): AbiEntry[] {
  return new ProtoReader(bytes).repeated(1).map((entryBytes) => {
    const entry = new ProtoReader(entryBytes)
    return {
      type: ENTRY_TYPES[Number(entry.int(6))] ?? 'Function',
      name: entry.text(3),
      inputs: entry.repeated(4).map(decodeParam),
      outputs: entry.repeated(5).map(decodeParam),
      stateMutability: MUTABILITIES[Number(entry.int(8))] ?? null,
      constant: entry.int(2) !== 0n,
      payable: entry.int(7) !== 0n,
      anonymous: entry.int(1) !== 0n,
    }
  })
}

function decodeParam(bytes: Uint8Array): AbiParam {
  const param = new ProtoReader(bytes)
  return { name: param.text(2), type: param.text(3), indexed: param.int(1) !== 0n }
}

/** The JSON of `getcontract`: false and empty fields left out, as java-tron prints them. */
export function formatAbiEntry(entry: AbiEntry): Record<string, unknown> {
  const params = (list: readonly AbiParam[]) =>
    list.map(({ name, type, indexed }) => ({
      ...(indexed ? { indexed } : {}),
      ...(name ? { name } : {}),
      type,
    }))
  return {
    ...(entry.inputs.length > 0 ? { inputs: params(entry.inputs) } : {}),
    ...(entry.outputs.length > 0 ? { outputs: params(entry.outputs) } : {}),
    ...(entry.name ? { name: entry.name } : {}),
    ...(entry.anonymous ? { anonymous: true } : {}),
    ...(entry.constant ? { constant: true } : {}),
    ...(entry.payable ? { payable: true } : {}),
    ...(entry.stateMutability ? { stateMutability: entry.stateMutability } : {}),
    type: entry.type,
  }
}
