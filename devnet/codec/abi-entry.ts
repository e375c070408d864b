/** Contract ABIs as TRON stores them with a contract. Its protobuf has no tuple components: such calls stay undecoded. */
import type { Message } from './message.ts'

interface AbiParam {
  readonly name: string
  readonly type: string
  readonly indexed: boolean
}

export interface AbiEntry {
  readonly type: 'Constructor' | 'Function' | 'Event' | 'Fallback' | 'Receive' | 'Error'
  readonly name: string
  readonly inputs: readonly AbiParam[]
  readonly outputs: readonly AbiParam[]
  readonly stateMutability: 'Pure' | 'View' | 'Nonpayable' | 'Payable' | null
  readonly anonymous: boolean
}

const ENTRY_TYPES = [null, 'Constructor', 'Function', 'Event', 'Fallback', 'Receive', 'Error'] as const
const MUTABILITIES = [null, 'Pure', 'View', 'Nonpayable', 'Payable'] as const

/** The entries of a decoded SmartContract.ABI. */
export function readAbi(abi: Message): AbiEntry[] {
  return listMessages(abi.entrys).map((entry) => ({
    type: ENTRY_TYPES[Number(entry.type ?? 0)] ?? 'Function',
    name: String(entry.name ?? ''),
    inputs: listMessages(entry.inputs).map(readParam),
    outputs: listMessages(entry.outputs).map(readParam),
    stateMutability: MUTABILITIES[Number(entry.stateMutability ?? 0)] ?? null,
    anonymous: entry.anonymous === true,
  }))
}

function readParam(param: Message): AbiParam {
  return {
    name: String(param.name ?? ''),
    type: String(param.type ?? ''),
    indexed: param.indexed === true,
  }
}

function listMessages(value: Message[string]): readonly Message[] {
  return (value ?? []) as readonly Message[]
}
