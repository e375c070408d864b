/** Signatures as the TVM's `ecrecover` takes them. Exactly one form of each passes: 65 bytes r, s, v; low s; v 27 or 28. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, type Hex, hexToBytes } from '../units/index.ts'
import { type Address, addressFromBytes } from './address.ts'
import { keccak256 } from './keccak.ts'

const V_OFFSET = 27

/** Signs a digest (32 bytes) with a private key (32 bytes), deterministically (RFC 6979). Throws on a bad key. */
export function signDigest(privateKey: Uint8Array, digest: Uint8Array): Hex {
  const recovered = secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' })
  const signature = new Uint8Array(65)
  signature.set(recovered.subarray(1), 0)
  signature[64] = (recovered[0] as number) + V_OFFSET
  return bytesToHex(signature)
}

/** Who signed a digest (32 bytes), or null: bad hex, length, v, high s, no such point. Never throws. */
export function recoverSigner(digest: Uint8Array, signature: Hex): Address | null {
  const bytes = parseSignature(signature)
  if (!bytes || digest.length !== 32) return null
  const v = bytes[64] as number
  if (v !== V_OFFSET && v !== V_OFFSET + 1) return null
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact')
    if (parsed.hasHighS()) return null
    return addressOfPoint(
      parsed
        .addRecoveryBit(v - V_OFFSET)
        .recoverPublicKey(digest)
        .toBytes(false),
    )
  } catch {
    // r or s outside of the curve's order, or r not the x of a point: nobody signed this.
    return null
  }
}

/** The address of a private key (32 bytes). Throws on a bad key. */
export function addressOfPrivateKey(privateKey: Uint8Array): Address {
  return addressOfPoint(secp256k1.getPublicKey(privateKey, false))
}

/**
 * The form in which `redeem` takes a voucher's signature: r, and s with v − 27 in its highest bit (ERC-2098).
 * Throws RangeError on anything but 65 bytes with v 27 or 28 and a low s.
 */
export function compactSignature(signature: Hex): { readonly r: Hex; readonly vs: Hex } {
  const bytes = parseSignature(signature)
  const v = bytes?.[64]
  const sTop = bytes?.[32]
  if (!bytes || sTop === undefined || sTop > 0x7f || (v !== V_OFFSET && v !== V_OFFSET + 1)) {
    throw new RangeError('not a 65-byte signature')
  }
  const vs = bytes.slice(32, 64)
  vs[0] = sTop | ((v - V_OFFSET) << 7)
  return { r: bytesToHex(bytes.subarray(0, 32)), vs: bytesToHex(vs) }
}

function parseSignature(signature: Hex): Uint8Array | null {
  return typeof signature === 'string' && /^0x[0-9a-fA-F]{130}$/.test(signature)
    ? hexToBytes(signature)
    : null
}

/** The last 20 bytes of the hash of an uncompressed point, 65 bytes with its 0x04. */
function addressOfPoint(point: Uint8Array): Address {
  return addressFromBytes(keccak256(point.subarray(1)).subarray(12))
}
