/** Which transactions bring a found budget back, and when each can be sent. Pure. */
import type { Hex } from '../base/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../units/index.ts'
import type { ContractCall } from './chain.ts'
import type { LockedByKey, LockedChannel } from './find-locked.ts'

export interface RecoveryStep {
  readonly call: Extract<ContractCall, { kind: 'closeOut' | 'startClose' }>
  /** What it brings at most: sellers may redeem until it is in a block. 0 of one that begins a delay. */
  readonly amount: Amount
  /** By the chain's clock; null: now. */
  readonly sendableAtSec: bigint | null
  readonly channelIds: readonly Hex[]
}

/** Channels that one transaction settles: all their seats have time in a block. */
const CHANNELS_AT_ONCE = 3

/**
 * Now: what is in the purse and in channels whose delay is over, and the beginning of the others' delay. Later: those others. Every coin
 * is in exactly one step but those that only begin a delay.
 */
export function planRecovery(
  { signer, purse, channels }: LockedByKey,
  nowSec: bigint,
): readonly RecoveryStep[] {
  const isReady = ({ closeAtSec }: LockedChannel): boolean => closeAtSec !== null && closeAtSec <= nowSec
  const ready = channels.filter(isReady)
  const steps: RecoveryStep[] = []
  let purseLeft: Amount = purse
  for (let from = 0; from < ready.length || purseLeft > 0n; from += CHANNELS_AT_ONCE) {
    const batch = ready.slice(from, from + CHANNELS_AT_ONCE)
    steps.push({
      ...closeOut(batch, signer),
      amount: toAmount(refundOf(batch) + purseLeft),
      sendableAtSec: null,
    })
    // The first of them empties the purse.
    purseLeft = ZERO_AMOUNT
  }
  for (const { channelId, channel, closeAtSec } of channels) {
    if (closeAtSec !== null) continue
    const call = { kind: 'startClose', channel } as const
    steps.push({ call, amount: ZERO_AMOUNT, sendableAtSec: null, channelIds: [channelId] })
  }
  for (const one of channels.filter((channel) => !isReady(channel))) {
    // What is not closing yet begins with the step above, in a block about now.
    const sendableAtSec = one.closeAtSec ?? nowSec + BigInt(one.channel.closeDelaySec)
    steps.push({ ...closeOut([one], signer), amount: refundOf([one]), sendableAtSec })
  }
  return steps
}

function closeOut(batch: readonly LockedChannel[], signer: LockedByKey['signer']) {
  const settlements = batch.map(({ channel, leaves }) => ({ channel, leaves, releases: [] }))
  const call = { kind: 'closeOut', settlements, signer } as const
  return { call, channelIds: batch.map(({ channelId }) => channelId) }
}

const refundOf = (batch: readonly LockedChannel[]): Amount =>
  toAmount(batch.reduce((sum, { channel, claimed }) => sum + channel.total - claimed, 0n))
