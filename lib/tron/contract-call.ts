/** A `ContractCall` as the ABI has it: which contract, which function, which arguments. */
import { bytesToHex, ChainError, type Hex } from '../units/index.ts'
import { type Address, addressToBytes } from './address.ts'
import type { ContractCall, RedeemRow } from './chain.ts'
import type { ChannelFields, Settlement } from './channel.ts'
import { compactSignature } from './signature.ts'

export interface AbiCall {
  readonly target: 'contract' | 'token'
  readonly functionName: string
  /** In the ABI's order; structs are arrays, addresses 0x and 20 bytes. */
  readonly args: readonly unknown[]
}

/** True where the chain has the seat already, so that its proof would be wasted bandwidth. */
export type IsSeatOnChain = (row: RedeemRow) => boolean

/** An address as the EVM's ABI has it: 0x and 20 bytes. */
export function toAbiAddress(address: Address): Hex {
  return bytesToHex(addressToBytes(address))
}

/** Maps a call to the ABI. Throws ChainError 'malformed' for a row that no contract could take. */
export function encodeCall(call: ContractCall, contract: Address, isSeatOnChain: IsSeatOnChain): AbiCall {
  switch (call.kind) {
    case 'approve':
      return { target: 'token', functionName: 'approve', args: [toAbiAddress(contract), call.amount] }
    case 'fund':
      return toContract('fund', [toAbiAddress(call.signer), call.amount, call.untilSec])
    case 'defund':
      return toContract('defund', [toAbiAddress(call.signer), call.amount])
    case 'open':
      return toContract('open', [encodeChannel(call.channel), call.note, call.signature ?? '0x'])
    case 'fundAndOpen':
      return toContract('fundAndOpen', [call.amount, call.untilSec, encodeChannel(call.channel), call.note])
    case 'redeem':
      return toContract('redeem', encodeRedeem(call.rows, isSeatOnChain))
    case 'startClose':
      return toContract('startClose', [encodeChannel(call.channel)])
    case 'settle':
      return toContract('settle', encodeSettlement(call.settlement))
    case 'closeOut':
      return toContract('closeOut', [call.settlements.map(encodeSettlement), toAbiAddress(call.signer)])
  }
}

const toContract = (functionName: string, args: readonly unknown[]): AbiCall => ({
  target: 'contract',
  functionName,
  args,
})

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
