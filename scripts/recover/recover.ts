/** What an account has locked, as transactions that its wallet can sign. Nothing is signed or sent here. */
import { ChainError } from '../../lib/base/index.ts'
import {
  type Chain,
  type ChannelOpening,
  findLocked,
  type LockedByKey,
  planRecovery,
  type RecoveryStep,
} from '../../lib/channels/index.ts'
import type { Address } from '../../lib/tron/index.ts'
import { formatAmountExact, formatTrx } from '../../lib/units/index.ts'

export interface RecoverRequest {
  readonly address: Address
  readonly fromBlock: number | null
  readonly openings: readonly ChannelOpening[]
  /** A line for a person. */
  say(line: string): void
}

/** A transaction that can be sent now, as any wallet signs it. */
export interface PrintedTransaction {
  readonly does: string
  /** BTT that come back at most. */
  readonly amount: string
  readonly feeTrx: string
  readonly transaction: object
}

/** Throws ChainError, 'refused' where the node cannot tell and no other way was named. */
export async function recover(chain: Chain, request: RecoverRequest): Promise<readonly PrintedTransaction[]> {
  const { address, fromBlock, openings, say } = request
  const scan =
    fromBlock === null
      ? null
      : {
          from: { block: fromBlock },
          onProgress: (block: number, _from: number, to: number) => {
            if (block === to || block % 2_000 < 8) say(`Read blocks up to ${block} of ${to}.`)
          },
        }
  const groups = await findLocked(chain, address, { openings, scan })
  if (groups === null)
    throw new ChainError(
      'refused',
      'This node has no event server. Name a block before the first lock (--from-block) or a recovery file (--file).',
    )
  if (groups.length === 0) {
    say(`${address} has nothing locked.`)
    return []
  }
  const nowSec = BigInt(Math.floor((await chain.getHeadTimeMs()) / 1_000))
  const printed: PrintedTransaction[] = []
  for (const group of groups) {
    sayGroup(group, say)
    for (const step of planRecovery(group, nowSec)) {
      if (step.sendableAtSec !== null) {
        const at = new Date(Number(step.sendableAtSec) * 1_000).toISOString()
        say(`  Later, from ${at} on: up to ${formatAmountExact(step.amount)} BTT. Run this again then.`)
        continue
      }
      const { unsigned, quote } = await chain.build(step.call, address)
      const does = nameStep(step)
      say(`  Now: ${does}`)
      printed.push({
        does,
        amount: formatAmountExact(step.amount),
        feeTrx: formatTrx(quote.feeSun),
        transaction: unsigned,
      })
    }
  }
  return printed
}

function sayGroup({ signer, purse, channels, unreadable }: LockedByKey, say: (line: string) => void): void {
  say(
    `Locked for the key ${signer}: ${formatAmountExact(purse)} BTT in the purse, ${channels.length} channels.`,
  )
  for (const channelId of unreadable)
    say(
      `  The node does not have the opening of ${channelId} any more: ask another node, or name a recovery file.`,
    )
}

function nameStep({ call, amount, channelIds }: RecoveryStep): string {
  if (call.kind === 'startClose') return `begin the closing delay of channel ${channelIds[0]}`
  const what =
    channelIds.length === 0 ? 'empty the purse' : `settle ${channelIds.length} channels and empty the purse`
  return `${what}: up to ${formatAmountExact(amount)} BTT come back`
}
