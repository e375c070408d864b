/** A `ContractCall` as the ABI has it: which function, which arguments. */
import { ChainError, type Hex } from '../base/index.ts'
import type { AbiCall, Address } from '../tron/index.ts'
import { compactSignature, toAbiAddress } from '../tron/index.ts'
import type { ContractCall, RedeemRow } from './chain.ts'
import type { ChannelFields, Settlement } from './types.ts'

/** True where the chain has the seat already, so that its proof would be wasted bandwidth. */
export type IsSeatOnChain = (row: RedeemRow) => boolean

/** A call of SwarmChannels itself. */
export type SwarmCall = Exclude<ContractCall, { readonly kind: 'approve' }>

/** Maps a call to the ABI. Throws ChainError 'malformed' for a row that no contract could take. */
export function encodeCall(call: SwarmCall, isSeatOnChain: IsSeatOnChain): AbiCall {
  switch (call.kind) {
    case 'fund':
      return toAbiCall('fund', [toAbiAddress(call.signer), call.amount, call.untilSec])
    case 'defund':
      return toAbiCall('defund', [toAbiAddress(call.signer), call.amount])
    case 'open':
      return toAbiCall('open', [encodeChannel(call.channel), call.note, call.signature ?? '0x'])
    case 'fundAndOpen':
      return toAbiCall('fundAndOpen', [call.amount, call.untilSec, encodeChannel(call.channel), call.note])
    case 'redeem':
      return toAbiCall('redeem', encodeRedeem(call.rows, isSeatOnChain))
    case 'startClose':
      return toAbiCall('startClose', [encodeChannel(call.channel)])
    case 'settle':
      return toAbiCall('settle', encodeSettlement(call.settlement))
    case 'closeOut':
      return toAbiCall('closeOut', [call.settlements.map(encodeSettlement), toAbiAddress(call.signer)])
  }
}

const toAbiCall = (functionName: string, args: readonly unknown[]): AbiCall => ({ functionName, args })

function encodeChannel(channel: ChannelFields): unknown[] {
  return [
    toAbiAddress(channel.payer),
    toAbiAddress(channel.signer),
    channel.root,
    channel.total,
    channel.closeDelaySec,
    channel.salt,
  ]
}

/** One proof a seat, at the seat's first row that has one; the contract wants proofs in the order of their rows. */
function encodeRedeem(rows: readonly RedeemRow[], isSeatOnChain: IsSeatOnChain): readonly unknown[] {
  const proven = new Set<string>()
  const proofs: unknown[] = []
  const encodedRows = rows.map((row, index) => {
    const seat = `${row.channelId}/${row.payee}`
    if (row.proof && !proven.has(seat) && !isSeatOnChain(row)) {
      proven.add(seat)
      const { channel, leaf, path } = row.proof
      proofs.push([
        index,
        encodeChannel(channel),
        toAbiAddress(leaf.delegate),
        leaf.cap,
        path.map((step) => [step.hash, step.sum, step.side === 'left']),
      ])
    }
    const { r, vs } = splitSignature(row.signature)
    return [row.channelId, toAbiAddress(row.payee), row.cumulative, r, vs]
  })
  return [encodedRows, proofs]
}

function splitSignature(signature: Hex): { readonly r: Hex; readonly vs: Hex } {
  try {
    return compactSignature(signature)
  } catch (cause) {
    throw new ChainError('malformed', 'A voucher’s signature is not one that the contract takes.', { cause })
  }
}

/** Leaves and releases in the order of payees that the contract wants. */
function encodeSettlement({ channel, leaves, releases }: Settlement): unknown[] {
  return [
    encodeChannel(channel),
    byPayee(leaves).map((leaf) => [toAbiAddress(leaf.payee), toAbiAddress(leaf.delegate), leaf.cap]),
    byPayee(releases).map((release) => [toAbiAddress(release.payee), release.cumulative, release.signature]),
  ]
}

function byPayee<T extends { readonly payee: Address }>(items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ key: toAbiAddress(item.payee), item }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ item }) => item)
}
