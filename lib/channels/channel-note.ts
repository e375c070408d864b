/**
 * What a channel's opening carries in clear: 16 random bytes, so that no id repeats, then 56 bytes a leaf (payee, delegate, cap) in
 * the tree's order. The channel's salt is its keccak256, so nobody can open the channel without it, and whoever has the
 * opening's transaction can rebuild the tree and settle.
 */
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, ChannelError, type Hex, hexToBytes } from '../base/index.ts'
import { addressFromBytes, addressToBytes, keccak256, uintToBytes } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { buildSeatTree, MAX_SEATS, type SeatTree } from './seat-tree.ts'
import type { ChannelFields, SeatLeaf } from './types.ts'

export const NOTE_NONCE_BYTES = 16
const LEAF_BYTES = 56
const ADDRESS_BYTES = 20
/** The longest note that any channel needs. */
export const MAX_NOTE_BYTES = NOTE_NONCE_BYTES + MAX_SEATS * LEAF_BYTES

/** The note of a tree; `nonce` is 16 random bytes. Throws RangeError on another length. */
export function encodeChannelNote(tree: SeatTree, nonce: Uint8Array): Hex {
  if (nonce.length !== NOTE_NONCE_BYTES) throw new RangeError('a note begins with 16 bytes')
  const leaves = tree.leaves.map(({ payee, delegate, cap }) =>
    concatBytes(addressToBytes(payee), addressToBytes(delegate), uintToBytes(cap, 16)),
  )
  return bytesToHex(concatBytes(nonce, ...leaves))
}

export interface PlannedOpening {
  readonly channel: ChannelFields
  readonly note: Hex
  readonly tree: SeatTree
}

/** A channel over these seats with the note that its opening carries; `nonce` is 16 random bytes. Throws ChannelError, RangeError. */
export function planOpening(
  leaves: readonly SeatLeaf[],
  terms: Pick<ChannelFields, 'payer' | 'signer' | 'closeDelaySec'>,
  nonce: Uint8Array,
): PlannedOpening {
  const tree = buildSeatTree(leaves)
  const note = encodeChannelNote(tree, nonce)
  const { payer, signer, closeDelaySec } = terms
  const channel = {
    payer,
    signer,
    root: tree.root,
    total: tree.total,
    closeDelaySec,
    salt: saltOfNote(note),
  }
  return { channel, note, tree }
}

/** The salt that a channel with this note has. */
export function saltOfNote(note: Hex): Hex {
  return bytesToHex(keccak256(hexToBytes(note)))
}

/** Whether a channel's salt commits to this note, of a length that a note can have. Never throws. */
export function isNoteOf(note: Hex, channel: ChannelFields): boolean {
  const lengthBytes = (note.length - 2) / 2
  if (!/^0x([0-9a-f]{2})*$/.test(note) || lengthBytes > MAX_NOTE_BYTES) return false
  return saltOfNote(note) === channel.salt
}

/**
 * The seats of a channel, from the note that its opening carried. Throws ChannelError 'bad-note' when the note is another
 * channel's, or lists no tree that this channel commits to: then nobody can settle it by the chain alone.
 */
export function rebuildSeatTree(note: Hex, channel: ChannelFields): SeatTree {
  if (!isNoteOf(note, channel)) throw new ChannelError('bad-note', 'this note is not the channel’s')
  const bytes = hexToBytes(note).subarray(NOTE_NONCE_BYTES)
  if (bytes.length === 0 || bytes.length % LEAF_BYTES !== 0)
    throw new ChannelError('bad-note', 'the channel’s note lists no seats')
  const leaves: SeatLeaf[] = []
  for (let at = 0; at < bytes.length; at += LEAF_BYTES) {
    const delegateAt = at + ADDRESS_BYTES
    const capAt = delegateAt + ADDRESS_BYTES
    leaves.push({
      payee: addressFromBytes(bytes.slice(at, delegateAt)),
      delegate: addressFromBytes(bytes.slice(delegateAt, capAt)),
      cap: toAmount(BigInt(bytesToHex(bytes.slice(capAt, at + LEAF_BYTES)))),
    })
  }
  let tree: SeatTree
  try {
    tree = buildSeatTree(leaves)
  } catch (cause) {
    throw new ChannelError('bad-note', 'the channel’s note lists no sound tree', { cause })
  }
  if (tree.root !== channel.root || tree.total !== channel.total)
    throw new ChannelError('bad-note', 'the channel’s note lists another tree')
  return tree
}
