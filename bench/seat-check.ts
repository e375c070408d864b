/** A seat's proof checked as a seeder does it, beside the same hashes made with tronweb's tools. */
import { utils } from 'tronweb'
import { bytesToHex } from '../lib/base/index.ts'
import { buildSeatTree, MAX_SEATS, type SeatLeaf, verifySeatProof } from '../lib/channels/index.ts'
import { type Address, addressFromBytes, addressToBytes } from '../lib/tron/index.ts'
import { toAmount } from '../lib/units/index.ts'

const SEATS = MAX_SEATS

export interface SeatChecks {
  ours(): void
  tronweb(): void
}

const { concat, keccak256 } = utils.ethersUtils
const sum16 = (sum: bigint): string => `0x${sum.toString(16).padStart(32, '0')}`
const hexOf = (address: Address): string => bytesToHex(addressToBytes(address))

/** Both check the same seat of a full channel, four steps from its root; they throw when it does not hold. */
export function createSeatChecks(): SeatChecks {
  const leaves: SeatLeaf[] = Array.from({ length: SEATS }, (_, index) => {
    const address = addressFromBytes(crypto.getRandomValues(new Uint8Array(20)))
    return { payee: address, delegate: address, cap: toAmount(10n ** 18n + BigInt(index)) }
  })
  const tree = buildSeatTree(leaves)
  const leaf = leaves[7] as SeatLeaf
  const path = tree.proofOf(leaf.payee)
  return {
    ours() {
      if (!verifySeatProof(leaf, path, tree.root, tree.total)) throw new Error('a good proof failed')
    },
    tronweb() {
      let sum: bigint = leaf.cap
      let hash = keccak256(concat(['0x00', hexOf(leaf.payee), hexOf(leaf.delegate), sum16(sum)]))
      for (const step of path) {
        const here = [hash, sum16(sum)]
        const there = [step.hash, sum16(step.sum)]
        hash = keccak256(
          concat(['0x01', ...(step.side === 'left' ? [...there, ...here] : [...here, ...there])]),
        )
        sum += step.sum
      }
      if (hash !== tree.root || sum !== tree.total) throw new Error('a good proof failed')
    },
  }
}
