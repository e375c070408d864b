/**
 * The Merkle-sum tree of a channel's seats. Same bytes as SeatTree.sol:
 * leaf = keccak(0x00, payee20, delegate20, cap16); node = keccak(0x01, left32, leftSum16, right32, rightSum16);
 * leaves by payee strictly ascending; a node without a sibling rises unchanged.
 * Invariant: a node commits both children's sums, so provable caps never add up to more than the total.
 */
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, ChannelError, type Hex } from '../base/index.ts'
import { type Address, addressToBytes, bytes32, keccak256, uintToBytes } from '../tron/index.ts'
import { type Amount, toAmount } from '../units/index.ts'
import type { SeatLeaf, SeatProof, SeatProofStep } from './types.ts'

/** The most seats of a channel: what one settlement can list within TRON's 80 ms (docs/decisions/0007). */
export const MAX_SEATS = 16
export const MAX_STEPS = 4
const MAX_SUM = (1n << 128n) - 1n

interface TreeNode {
  readonly hash: Uint8Array
  readonly sum: bigint
}

export interface SeatTree {
  readonly root: Hex
  readonly total: Amount
  /** The leaves in the tree's order: what `settle` lists. */
  readonly leaves: readonly SeatLeaf[]
  /** Leaf to root. Throws ChannelError 'unknown-seat' for a payee without a seat. */
  proofOf(payee: Address): SeatProof
}

/**
 * Sorts leaves by payee and builds their tree. Throws ChannelError: 'empty-tree', 'too-many-seats', 'duplicate-seat',
 * 'bad-cap' (0 or above uint128), 'total-too-large'.
 */
export function buildSeatTree(leaves: readonly SeatLeaf[]): SeatTree {
  if (leaves.length === 0) throw new ChannelError('empty-tree', 'a channel needs a seat')
  if (leaves.length > MAX_SEATS) throw new ChannelError('too-many-seats', `at most ${MAX_SEATS} seats`)
  const sorted = sortByPayee(leaves)
  const levels: TreeNode[][] = [sorted.map(leafNode)]
  for (let level = levels[0] as TreeNode[]; level.length > 1; level = levels.at(-1) as TreeNode[]) {
    const above: TreeNode[] = []
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as TreeNode
      const right = level[i + 1]
      above.push(right ? joinNodes(left, right) : left)
    }
    levels.push(above)
  }
  const top = levels.at(-1)?.[0] as TreeNode
  if (top.sum > MAX_SUM) throw new ChannelError('total-too-large', 'the caps exceed uint128')
  return {
    root: bytesToHex(top.hash),
    total: toAmount(top.sum),
    leaves: sorted,
    proofOf(payee) {
      let index = sorted.findIndex((leaf) => leaf.payee === payee)
      if (index < 0) throw new ChannelError('unknown-seat', `${payee} has no seat in this tree`)
      const path: SeatProofStep[] = []
      for (const level of levels) {
        const sibling = level[index ^ 1]
        if (sibling) {
          path.push({
            hash: bytesToHex(sibling.hash),
            sum: toAmount(sibling.sum),
            side: index % 2 === 0 ? 'right' : 'left',
          })
        }
        index >>= 1
      }
      return path
    },
  }
}

/** Whether a leaf stands under (root, total). All arguments but the addresses may be untrusted; never throws. */
export function verifySeatProof(leaf: SeatLeaf, path: SeatProof, root: Hex, total: Amount): boolean {
  if (path.length > MAX_STEPS || leaf.cap <= 0n || leaf.cap > MAX_SUM) return false
  try {
    let node = leafNode(leaf)
    for (const step of path) {
      if (step.sum < 0n || node.sum + step.sum > MAX_SUM) return false
      const sibling = { hash: bytes32(step.hash), sum: step.sum }
      node = step.side === 'left' ? joinNodes(sibling, node) : joinNodes(node, sibling)
    }
    return node.sum === total && bytesToHex(node.hash) === root.toLowerCase()
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function sortByPayee(leaves: readonly SeatLeaf[]): readonly SeatLeaf[] {
  const keyed = leaves.map((leaf) => ({ leaf, key: bytesToHex(addressToBytes(leaf.payee)) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  for (const [i, { leaf, key }] of keyed.entries()) {
    if (key === keyed[i - 1]?.key) throw new ChannelError('duplicate-seat', `${leaf.payee} stands twice`)
    if (BigInt(key) === 0n) throw new ChannelError('bad-payee', 'the zero address cannot be paid')
    if (leaf.cap <= 0n || leaf.cap > MAX_SUM) throw new ChannelError('bad-cap', 'a cap is 1 to 2^128 - 1')
  }
  return keyed.map(({ leaf }) => leaf)
}

function leafNode(leaf: SeatLeaf): TreeNode {
  const hash = keccak256(
    concatBytes(
      Uint8Array.of(0x00),
      addressToBytes(leaf.payee),
      addressToBytes(leaf.delegate),
      uintToBytes(leaf.cap, 16),
    ),
  )
  return { hash, sum: leaf.cap }
}

function joinNodes(left: TreeNode, right: TreeNode): TreeNode {
  const hash = keccak256(
    concatBytes(Uint8Array.of(0x01), left.hash, sumBytes(left.sum), right.hash, sumBytes(right.sum)),
  )
  return { hash, sum: left.sum + right.sum }
}

function sumBytes(sum: bigint): Uint8Array {
  if (sum > MAX_SUM) throw new ChannelError('total-too-large', 'the caps exceed uint128')
  return uintToBytes(sum, 16)
}
