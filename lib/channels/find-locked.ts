/**
 * What an account has locked, found from the chain alone: nothing of the browser that locked it is needed. Invariant: what is returned was
 * read of the contract; seats are those that the channel's opening committed to.
 */
import { ChannelError, type Hex } from '../base/index.ts'
import type { Address } from '../tron/index.ts'
import { type Amount, toAmount } from '../units/index.ts'
import type { Chain } from './chain.ts'
import { channelId as idOf } from './channel-id.ts'
import { rebuildSeatTree } from './channel-note.ts'
import type { AccountTraces, BlockScan } from './find-traces.ts'
import type { ChannelOpening } from './read-opening.ts'

export interface LockedChannel extends ChannelOpening {
  readonly channelId: Hex
  /** null: open. Else its close delay runs until then, by the chain's clock. */
  readonly closeAtSec: bigint | null
  /** What its seats were paid by redemptions so far. */
  readonly claimed: Amount
}

/** All that one key could spend: of a browser, a device, an earlier visit. */
export interface LockedByKey {
  readonly signer: Address
  readonly purse: Amount
  readonly channels: readonly LockedChannel[]
  /** Open channels whose opening the node does not have any more: another node, or the recovery file, has it. */
  readonly unreadable: readonly Hex[]
}

export interface FindOptions {
  /** Openings that the caller has from elsewhere (`parseRecoveryFile`). */
  readonly openings?: readonly ChannelOpening[]
  /** Keys that the caller knows its purses to be for. */
  readonly signers?: readonly Address[]
  /** How far to read blocks where the node has no event server; null: not at all. */
  readonly scan?: BlockScan | null
}

/**
 * The groups in which anything is locked, largest first; null where the node has no event server, no scan was asked for and nothing is given. Throws
 * ChainError, ChannelError 'bad-note'.
 */
export async function findLocked(
  chain: Chain,
  owner: Address,
  { openings = [], signers = [], scan = null }: FindOptions = {},
): Promise<readonly LockedByKey[] | null> {
  const byEvents = await chain.findTraces(owner)
  const traces = byEvents ?? (scan && (await chain.scanTraces(owner, scan)))
  if (!traces && openings.length === 0 && signers.length === 0) return null
  const known = { signers: [...(traces?.signers ?? []), ...signers], openings: traces?.openings ?? [] }
  return readLocked(chain, owner, known, openings)
}

async function readLocked(
  chain: Chain,
  owner: Address,
  traces: AccountTraces,
  given: readonly ChannelOpening[],
): Promise<readonly LockedByKey[]> {
  const known = new Map<Hex, ChannelOpening>()
  for (const opening of given) {
    // A file may name any channel: only those of this account count, with seats that they commit to.
    if (opening.channel.payer !== owner) continue
    const { leaves } = rebuildSeatTree(opening.note, opening.channel)
    known.set(idOf(opening.channel, chain.network), { ...opening, leaves })
  }
  const txIds = new Map(traces.openings.map(({ channelId, txId }) => [channelId, txId]))
  const signers = new Set([...traces.signers, ...[...known.values()].map(({ channel }) => channel.signer)])
  const channels: LockedChannel[] = []
  const unreadable: { readonly channelId: Hex; readonly signer: Address }[] = []
  for (const channelId of new Set([...txIds.keys(), ...known.keys()])) {
    const state = await chain.getChannel(channelId)
    if (state.status !== 'open' && state.status !== 'closing') continue
    const { signer } = state
    signers.add(signer)
    const opening = known.get(channelId) ?? (await readOpening(chain, channelId, txIds.get(channelId)))
    if (!opening) {
      unreadable.push({ channelId, signer })
      continue
    }
    const seats = await Promise.all(opening.leaves.map(({ payee }) => chain.getSeat(channelId, payee)))
    const claimed = toAmount(seats.reduce((sum, seat) => sum + seat.claimed, 0n))
    const closeAtSec = state.status === 'closing' ? state.closeAtSec : null
    channels.push({ ...opening, channelId, closeAtSec, claimed })
  }
  // Whatever the source told first.
  channels.sort((a, b) => (a.channelId < b.channelId ? -1 : 1))
  const groups = await Promise.all(
    [...signers].map(async (signer): Promise<LockedByKey> => {
      const { balance } = await chain.getPurse(owner, signer)
      return {
        signer,
        purse: balance,
        channels: channels.filter(({ channel }) => channel.signer === signer),
        unreadable: unreadable.filter((one) => one.signer === signer).map(({ channelId }) => channelId),
      }
    }),
  )
  const isLocked = ({ purse, channels: own, unreadable: lost }: LockedByKey): boolean =>
    purse > 0n || own.length > 0 || lost.length > 0
  return groups.filter(isLocked).sort((a, b) => (sumLocked(a) < sumLocked(b) ? 1 : -1))
}

/** null where the node does not have it any more, or gives that of another channel. */
async function readOpening(
  chain: Chain,
  channelId: Hex,
  txId: Hex | undefined,
): Promise<ChannelOpening | null> {
  if (txId === undefined) return null
  try {
    const opening = await chain.getOpening(txId)
    return opening && idOf(opening.channel, chain.network) === channelId ? opening : null
  } catch (error) {
    // A note that is not this channel's is as good as none.
    if (error instanceof ChannelError && error.code === 'bad-note') return null
    throw error
  }
}

/** What comes back of it at most: what sellers redeem until the close delay is over is theirs. */
export function sumLocked({ purse, channels }: LockedByKey): Amount {
  return toAmount(
    channels.reduce((sum, { channel, claimed }) => sum + channel.total - claimed, purse as bigint),
  )
}
