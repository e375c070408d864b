/** Checks an offered seat without the chain: shapes, ranges, whose it is, and that its proof leads to its channel's id. */

import {
  type ChannelState,
  channelId,
  isNoteOf,
  MAX_CLOSE_DELAY_SEC,
  MAX_STEPS,
  MIN_CLOSE_DELAY_SEC,
  verifySeatProof,
} from '../../channels/index.ts'
import { type Address, parseAddress, type TypedDataDomain } from '../../tron/index.ts'
import type { OfferedSeat, SeatFault } from '../ports.ts'

const MAX_UINT128 = (1n << 128n) - 1n
const WORD = /^0x[0-9a-f]{64}$/
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/

const isWord = (value: unknown): boolean => typeof value === 'string' && WORD.test(value)
const isUint128 = (value: unknown): boolean =>
  typeof value === 'bigint' && value >= 0n && value <= MAX_UINT128

function isWellFormed(seat: OfferedSeat): boolean {
  const { channel, leaf, path, opening } = seat
  return (
    isWord(seat.channelId) &&
    isWord(channel.root) &&
    isWord(channel.salt) &&
    isUint128(channel.total) &&
    isUint128(leaf.cap) &&
    leaf.cap > 0n &&
    leaf.cap <= channel.total &&
    Number.isInteger(channel.closeDelaySec) &&
    channel.closeDelaySec >= MIN_CLOSE_DELAY_SEC &&
    channel.closeDelaySec <= MAX_CLOSE_DELAY_SEC &&
    [channel.payer, channel.signer, leaf.payee, leaf.delegate].every((one) => parseAddress(one) !== null) &&
    Array.isArray(path) &&
    path.length <= MAX_STEPS &&
    path.every(
      ({ hash, sum, side }) => isWord(hash) && isUint128(sum) && (side === 'left' || side === 'right'),
    ) &&
    (opening === null || (SIGNATURE.test(opening.signature) && isNoteOf(opening.note, channel)))
  )
}

/** null when the seat is sound as far as it can be told without the chain. Never throws. */
export function checkOfferedSeat(
  seat: OfferedSeat,
  ours: { readonly payee: Address; readonly delegate: Address },
  domain: TypedDataDomain,
): SeatFault | null {
  try {
    if (!isWellFormed(seat)) return 'malformed'
    const { channel, leaf, path } = seat
    if (leaf.payee !== ours.payee || leaf.delegate !== ours.delegate) return 'wrong-payee'
    if (channel.payer === ours.payee) return 'own-account'
    if (channelId(channel, domain) !== seat.channelId) return 'bad-proof'
    return verifySeatProof(leaf, path, channel.root, channel.total) ? null : 'bad-proof'
  } catch {
    // Whatever could not be read was not what it should be.
    return 'malformed'
  }
}

/** The node's answer if it is one that a node can give, else null. */
export function parseChannelState(answer: unknown): ChannelState | null {
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return null
  const state = answer as { status: unknown; signer?: unknown; closeAtSec?: unknown }
  const signer = parseAddress(state.signer)
  if (state.status === 'unknown' || state.status === 'settled') return { status: state.status }
  if (state.status === 'open' && signer) return { status: 'open', signer }
  if (state.status === 'closing' && signer && typeof state.closeAtSec === 'bigint') {
    return { status: 'closing', signer, closeAtSec: state.closeAtSec }
  }
  return null
}
