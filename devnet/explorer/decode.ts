/** Calls, events and revert reasons in words, by the ABI that the chain has for a contract. */
import { utils } from 'tronweb'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import type { Blockchain } from '../chain/blockchain.ts'
import { type AccountId, accountIdToAddress } from '../codec/account-id.ts'
import type { EventLog } from '../tvm/machine.ts'

interface DecodedArgument {
  readonly name: string
  readonly type: string
  /** Addresses in base58; arrays and tuples as text. */
  readonly value: string
}

export interface Decoded {
  readonly name: string
  readonly arguments: readonly DecodedArgument[]
}

interface ParsedAbi {
  readonly name: string
  readonly args: ArrayLike<unknown>
  readonly fragment: { readonly inputs: readonly { readonly name: string; readonly type: string }[] }
}

const PANIC_AND_ERROR = new utils.ethersUtils.Interface([
  { type: 'error', name: 'Error', inputs: [{ name: 'reason', type: 'string' }] },
  { type: 'error', name: 'Panic', inputs: [{ name: 'code', type: 'uint256' }] },
] as never)

/** The function and arguments of call data; null when the ABI has no such function. */
export function decodeCall(chain: Blockchain, contract: AccountId, data: Uint8Array): Decoded | null {
  const abi = chain.contracts.get(contract)?.abi
  return parse(() => abi?.parseTransaction({ data: bytesToHex(data) }) ?? null)
}

/** An event; null when the ABI has no such event or its data is malformed. */
export function decodeEvent(chain: Blockchain, log: EventLog): Decoded | null {
  const abi = chain.contracts.get(log.address)?.abi
  return parse(() => abi?.parseLog({ topics: [...log.topics], data: bytesToHex(log.data) }) ?? null)
}

/** Why a call failed: a custom error of any known contract, Error(string) or Panic(uint256); null when unreadable. */
export function decodeRevert(
  chain: Blockchain,
  contract: AccountId | null,
  data: Uint8Array,
): Decoded | null {
  if (data.length < 4) return null
  const hex = bytesToHex(data)
  const called = contract ? chain.contracts.get(contract)?.abi : undefined
  const others = chain.contracts.list().map(({ abi }) => abi)
  for (const abi of [called, PANIC_AND_ERROR, ...others]) {
    const decoded = parse(() => abi?.parseError(hex) ?? null)
    if (decoded) return decoded
  }
  return null
}

/** "transfer(to: T…, value: 5)". */
export function formatDecoded(decoded: Decoded): string {
  return `${decoded.name}(${decoded.arguments.map(({ name, value }) => (name ? `${name}: ${value}` : value)).join(', ')})`
}

/** Bytes of strangers' contracts may not fit the ABI: then they stay unread. */
function parse(read: () => ParsedAbi | null): Decoded | null {
  try {
    const parsed = read()
    if (!parsed) return null
    const { inputs } = parsed.fragment
    return {
      name: parsed.name,
      arguments: inputs.map(({ name, type }, index) => ({
        name,
        type,
        value: formatValue(parsed.args[index]),
      })),
    }
  } catch (cause) {
    if (cause instanceof Error) return null
    throw cause
  }
}

function formatValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)) {
    return accountIdToAddress(bytesToHex(hexToBytes(value)))
  }
  return String(value)
}
