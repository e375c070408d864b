/**
 * A secret that two keys share (ECDH on secp256k1): what is sealed with it proves a seller to one buyer and to nobody else, since
 * the buyer could have made it.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import { type Address, addressFromBytes } from './address.ts'
import { keccak256 } from './keccak.ts'

/** A key pair that agrees on secrets; its private half stays inside. */
export interface AgreementKey {
  /** Compressed, 33 bytes. */
  readonly publicKey: Hex
  /**
   * Uint8Array(32), the same that the other side gets: SHA-256 of the shared point, compressed. Throws RangeError when `theirs`
   * (33 bytes) is no point of the curve.
   */
  agree(theirs: Hex): Uint8Array
}

/** An agreement key of a private key (32 bytes). Throws on a bad key. */
export function createAgreementKey(privateKey: Uint8Array): AgreementKey {
  return {
    publicKey: bytesToHex(secp256k1.getPublicKey(privateKey)),
    agree(theirs) {
      try {
        return sha256(secp256k1.getSharedSecret(privateKey, hexToBytes(theirs)))
      } catch (cause) {
        throw new RangeError('not a public key', { cause })
      }
    },
  }
}

/** A fresh one, for a single visit. */
export function createVisitKey(): AgreementKey {
  return createAgreementKey(secp256k1.utils.randomSecretKey())
}

/** Whose public key (33 bytes) this is, or null when it is no point of the curve. Never throws. */
export function addressOfPublicKey(publicKey: Hex): Address | null {
  try {
    const point = secp256k1.Point.fromBytes(hexToBytes(publicKey))
    return addressFromBytes(keccak256(point.toBytes(false).subarray(1)).subarray(12))
  } catch {
    return null
  }
}
