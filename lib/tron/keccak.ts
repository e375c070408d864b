/** The hash of the EVM and TVM: Keccak-256 as before the SHA-3 standard. */
import { keccak_256 } from '@noble/hashes/sha3.js'

/** Uint8Array(32), owned by the caller. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes)
}
