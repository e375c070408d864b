/** The contract's `look` as the chain client asks and reads it. */

import { badReply, readAbiAddress, readBigint, toAbiAddress } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import type { ChannelState } from './chain.ts'
import type { SeatKey, SeatLook } from './seat-looks.ts'

const NO_ADDRESS = `0x${'00'.repeat(20)}`

/** A key as the ABI has it. */
export function encodeSeatKey({ channelId, payee }: SeatKey): unknown[] {
  return [channelId, payee === null ? NO_ADDRESS : toAbiAddress(payee)]
}

/** What `look` answered for `count` keys. Throws ChainError 'bad-reply'. */
export function readSeatLooks(output: ArrayLike<unknown>, count: number): SeatLook[] {
  const views = output[0] as ArrayLike<ArrayLike<unknown>>
  if (views.length !== count) throw badReply(`it looked at ${views.length} seats and not at ${count}`)
  return Array.from(views, (view) => ({
    channel: readChannelState(view),
    cap: toAmount(readBigint(view[3])),
    claimed: toAmount(readBigint(view[4])),
  }))
}

function readChannelState(view: ArrayLike<unknown>): ChannelState {
  const status = readBigint(view[0])
  const signer = readAbiAddress(view[1])
  if (status === 0n) return { status: 'unknown' }
  if (status === 1n) return { status: 'open', signer }
  if (status === 2n) return { status: 'closing', signer, closeAtSec: readBigint(view[2]) }
  if (status === 3n) return { status: 'settled' }
  throw badReply(`a channel’s status is ${status}`)
}
