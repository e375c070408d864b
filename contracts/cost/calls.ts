/** The arguments of the contract's calls, with real signatures. */

import {
  buildSeatTree,
  type ChannelFields,
  channelId,
  type PlannedOpening,
  planOpening,
  releaseDigest,
  type SeatLeaf,
  voucherDigest,
} from '../../lib/channels/index.ts'
import { type Address, compactSignature, signDigest } from '../../lib/tron/index.ts'
import { toAmount } from '../../lib/units/index.ts'
import type { Meter } from './meter.ts'
import { BTT, PAYEE_KEYS, payees, payer, raw, SIGNER_KEY, signer } from './parties.ts'

const nonceOf = (salt: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => (i * 7 + salt) | 1)
/** The first `count` payees with a cap of 100 BTT each, each its own delegate. */
export const leavesOf = (count: number): SeatLeaf[] =>
  payees.slice(0, count).map((payee) => ({ payee, delegate: payee, cap: toAmount(100n * BTT) }))
/** One day of close delay; another number, another channel. */
export const openingOf = (leaves: readonly SeatLeaf[], salt: number): PlannedOpening =>
  planOpening(leaves, { payer, signer, closeDelaySec: 86_400 }, nonceOf(salt))
export const channelOf = (leaves: readonly SeatLeaf[], salt: number): ChannelFields =>
  openingOf(leaves, salt).channel
/** As the ABI wants it. */
export const channelTuple = (channel: ChannelFields): unknown[] => [
  raw(channel.payer),
  raw(channel.signer),
  channel.root,
  channel.total,
  channel.closeDelaySec,
  channel.salt,
]

/** A voucher to redeem, signed. */
export function row(meter: Meter, channel: ChannelFields, payee: Address, cumulative: bigint): unknown[] {
  const id = channelId(channel, meter.domain())
  const digest = voucherDigest({ channelId: id, payee, cumulative: toAmount(cumulative) }, meter.domain())
  const { r, vs } = compactSignature(signDigest(SIGNER_KEY, digest))
  return [id, raw(payee), cumulative, r, vs]
}

/** What the first row of a seat comes with; `at` is the row. */
export function proof(
  at: number,
  channel: ChannelFields,
  leaves: readonly SeatLeaf[],
  leaf: SeatLeaf,
): unknown[] {
  const path = buildSeatTree(leaves).proofOf(leaf.payee)
  const steps = path.map((step) => [step.hash, step.sum, step.side === 'left'])
  return [at, channelTuple(channel), raw(leaf.delegate), leaf.cap, steps]
}

/** What `settle` takes when every seat is released at `figure`. */
export function settlement(
  meter: Meter,
  channel: ChannelFields,
  leaves: readonly SeatLeaf[],
  figure: bigint,
): unknown[] {
  const ordered = buildSeatTree(leaves).leaves
  const id = channelId(channel, meter.domain())
  const releases = ordered.map(({ payee }) => {
    const digest = releaseDigest({ channelId: id, payee, cumulative: toAmount(figure) }, meter.domain())
    const owner = PAYEE_KEYS[payees.indexOf(payee)] as Uint8Array
    return [raw(payee), figure, signDigest(owner, digest)]
  })
  return [
    channelTuple(channel),
    ordered.map((leaf) => [raw(leaf.payee), raw(leaf.delegate), leaf.cap]),
    releases,
  ]
}
