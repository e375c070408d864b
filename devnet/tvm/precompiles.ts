/**
 * Contracts that the node has built in. An address is theirs only as a whole word: with 0x41 before it, it is nobody's.
 * Source: java-tron, actuator/…/core/vm/PrecompiledContracts.java. Absent: the proofs of shielded transactions
 * (0x1000001–0x1000004). RIPEMD160 proper (0x20003) and BLAKE2F (0x20009) wait for a vote that mainnet has not had.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { accountPrecompiles } from './account-precompiles.ts'
import { curvePrecompiles } from './curve-precompiles.ts'
import { modExp } from './mod-exp.ts'
import type { Precompile } from './precompile.ts'
import { signaturePrecompiles } from './signature-precompiles.ts'

export type { Precompile } from './precompile.ts'

/** A price, and one for each word that is begun. */
const byWord =
  (base: bigint, word: bigint) =>
  (data: Uint8Array): bigint =>
    base + word * BigInt(Math.ceil(data.length / 32))

const TABLE: ReadonlyMap<bigint, Precompile> = new Map([
  ...signaturePrecompiles,
  [2n, { energyOf: byWord(60n, 12n), run: (data) => sha256(data) }],
  // RIPEMD160 by its address, SHA-256 of the first 20 bytes of SHA-256 by its answer.
  [3n, { energyOf: byWord(600n, 120n), run: (data) => sha256(sha256(data).slice(0, 20)) }],
  [4n, { energyOf: byWord(15n, 3n), run: (data) => data }],
  [5n, modExp],
  ...curvePrecompiles,
  ...accountPrecompiles,
] as [bigint, Precompile][])

export function findPrecompile(word: bigint): Precompile | undefined {
  return TABLE.get(word)
}
