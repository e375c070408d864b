/** What SwarmChannels told in a transaction, decoded by our own ABI and never by the node's. */
import type { Hex } from '../base/index.ts'
import type { AbiInterface, ContractLog } from '../tron/index.ts'
import { badReply, readAbiAddress, readBigint, readBytes32 } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { SwarmEvent } from './chain.ts'

/** The contract's events, in order; kinds that nobody asks for are left out. Throws ChainError 'bad-reply'. */
export function readEvents(logs: readonly ContractLog[], txId: Hex, contract: AbiInterface): SwarmEvent[] {
  return logs.flatMap((log) => decodeEvent(contract, log, txId) ?? [])
}

function decodeEvent(contract: AbiInterface, { topics, data }: ContractLog, txId: Hex): SwarmEvent | null {
  let parsed: ReturnType<AbiInterface['parseLog']>
  try {
    parsed = contract.parseLog({ topics, data })
    if (!parsed) return null
    const { name, args } = parsed
    switch (name) {
      case 'Opened':
        return {
          kind: name,
          channelId: readBytes32(args[0]),
          payer: readAbiAddress(args[1]),
          total: toAmount(readBigint(args[4])),
          txId,
        }
      case 'Closing':
        return { kind: name, channelId: readBytes32(args[0]), closeAtSec: readBigint(args[1]), txId }
      case 'SeatPaid':
        return {
          kind: name,
          channelId: readBytes32(args[0]),
          payee: readAbiAddress(args[1]),
          amount: toAmount(readBigint(args[2])),
          txId,
        }
      case 'Settled':
        return { kind: name, channelId: readBytes32(args[0]), refund: toAmount(readBigint(args[1])), txId }
      default:
        return null
    }
  } catch (cause) {
    throw badReply('an event does not fit the contract', cause)
  }
}
