/** What a transaction opened, from its own call data: a channel and the seats in its note. The node's word is checked by hashes. */
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import type { AbiInterface, Network } from '../tron/index.ts'
import {
  type JsonObject,
  readAbiAddress,
  readBigint,
  readHex,
  readObject,
  toAccountHex,
} from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { rebuildSeatTree } from './channel-note.ts'
import type { ChannelFields, SeatLeaf } from './types.ts'

export interface ChannelOpening {
  readonly channel: ChannelFields
  /** In the tree's order. */
  readonly leaves: readonly SeatLeaf[]
  readonly note: Hex
}

/**
 * The opening in a transaction as `gettransactionbyid` gives it; null when it is none of this contract's.
 * Throws ChainError 'bad-reply', ChannelError 'bad-note' where the note lists no tree of the channel.
 */
export function readOpening(
  transaction: JsonObject,
  network: Network,
  contract: AbiInterface,
): ChannelOpening | null {
  const data = readCallData(transaction, network)
  if (data === null) return null
  let call: ReturnType<AbiInterface['parseTransaction']>
  try {
    call = contract.parseTransaction({ data })
  } catch {
    // Some other call, or nonsense that a stranger sent: it opened nothing.
    return null
  }
  if (call?.name !== 'open' && call?.name !== 'fundAndOpen') return null
  const at = call.name === 'open' ? 0 : 2
  const channel = readChannelFields(call.args[at] as ArrayLike<unknown>)
  const note = bytesToHex(hexToBytes(readHex(call.args[at + 1], null, 'note')))
  return { channel, leaves: rebuildSeatTree(note, channel).leaves, note }
}

function readCallData(transaction: JsonObject, network: Network): Hex | null {
  if (transaction.raw_data === undefined) return null
  const { contract } = readObject(transaction.raw_data, 'raw_data')
  const [first] = Array.isArray(contract) ? contract : []
  if (first === undefined) return null
  const { type, parameter } = readObject(first, 'contract')
  if (type !== 'TriggerSmartContract') return null
  const { contract_address, data } = readObject(readObject(parameter, 'parameter').value, 'value')
  return contract_address === toAccountHex(network.contract) ? readHex(data ?? '', null, 'data') : null
}

function readChannelFields(fields: ArrayLike<unknown>): ChannelFields {
  return {
    payer: readAbiAddress(fields[0]),
    signer: readAbiAddress(fields[1]),
    root: readHex(fields[2], 32, 'root'),
    total: toAmount(readBigint(fields[3])),
    closeDelaySec: Number(readBigint(fields[4])),
    salt: readHex(fields[5], 32, 'salt'),
  }
}
