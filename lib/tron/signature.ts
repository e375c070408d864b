/** Signatures as the TVM's `ecrecover` takes them. Exactly one form of each passes: 65 bytes r, s, v; low s; v 27 or 28. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, type Hex } from '../base/index.ts'
import { uintToBytes } from './abi-word.ts'
import { type Address, addressFromBytes } from './address.ts'
import { keccak256 } from './keccak.ts'

type Point = ReturnType<typeof secp256k1.Point.fromBytes>

const V_OFFSET = 27
/** A film is a thousand vouchers of one signer: wider windows check little faster and take long to prepare. */
const SIGNER_WINDOW_BITS = 7
/** A table costs as much as seventy checks: only a signer that stays gets one. */
const CHECKS_BEFORE_TABLE = 8
/** The generator's table is made once, when the first key is made or used: 0.15 s there, and faster ever after. */
const BASE_WINDOW_BITS = 10
secp256k1.Point.BASE.precompute(BASE_WINDOW_BITS, true)

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
  const parsed = parseSignature(signature)
  const point = parsed && digest.length === 32 ? recoverPoint(digest, parsed) : null
  return point ? addressOfPoint(point) : null
}

/**
 * Checks many signatures of one signer, three times as fast as `recoverSigner`: it learns the public key from the first
 * good one, keeps a table of its multiples, and accepts exactly the same signatures (v included: the chain checks it).
 */
export function createSignatureCheck(signer: Address): (digest: Uint8Array, signature: Hex) => boolean {
  let publicPoint: Point | null = null
  let checks = 0
  return (digest, signature) => {
    const parsed = parseSignature(signature)
    if (!parsed || digest.length !== 32) return false
    if (!publicPoint) {
      const recovered = recoverPoint(digest, parsed)
      if (!recovered || addressOfPoint(recovered) !== signer) return false
      publicPoint = recovered
      return true
    }
    checks += 1
    if (checks === CHECKS_BEFORE_TABLE) publicPoint.precompute(SIGNER_WINDOW_BITS, false)
    const { Fn, BASE } = secp256k1.Point
    const inverse = Fn.inv(parsed.s)
    const ofBase = Fn.mul(Fn.create(BigInt(bytesToHex(digest))), inverse)
    // Nothing here is secret, so the faster multiplication does.
    const nonce = BASE.multiplyUnsafe(ofBase).add(publicPoint.multiplyUnsafe(Fn.mul(parsed.r, inverse)))
    if (nonce.is0()) return false
    const { x, y } = nonce.toAffine()
    return x === parsed.r && Number(y & 1n) === parsed.recovery
  }
}

/** The address of a private key (32 bytes). Throws on a bad key. */
export function addressOfPrivateKey(privateKey: Uint8Array): Address {
  return addressOfPoint(secp256k1.Point.fromBytes(secp256k1.getPublicKey(privateKey)))
}

/**
 * The form in which `redeem` takes a voucher's signature: r, and s with v − 27 in its highest bit (ERC-2098).
 * Throws RangeError on a signature that `recoverSigner` could not accept.
 */
export function compactSignature(signature: Hex): { readonly r: Hex; readonly vs: Hex } {
  const parsed = parseSignature(signature)
  if (!parsed) throw new RangeError('not a 65-byte low-s signature')
  const vs = parsed.s | (BigInt(parsed.recovery) << 255n)
  return { r: bytesToHex(uintToBytes(parsed.r, 32)), vs: bytesToHex(uintToBytes(vs, 32)) }
}

interface ParsedSignature {
  readonly r: bigint
  readonly s: bigint
  readonly recovery: 0 | 1
}

/** Untrusted hex; null unless 65 bytes with 0 < r < n, 0 < s <= n/2 and v 27 or 28. */
function parseSignature(signature: Hex): ParsedSignature | null {
  const match = /^0x([0-9a-f]{64})([0-9a-f]{64})(1b|1c)$/i.exec(signature)
  if (!match) return null
  const r = BigInt(`0x${match[1]}`)
  const s = BigInt(`0x${match[2]}`)
  const { ORDER } = secp256k1.Point.Fn
  if (r === 0n || r >= ORDER || s === 0n || s > ORDER >> 1n) return null
  return { r, s, recovery: match[3]?.toLowerCase() === '1b' ? 0 : 1 }
}

function recoverPoint(digest: Uint8Array, { r, s, recovery }: ParsedSignature): Point | null {
  try {
    return new secp256k1.Signature(r, s, recovery).recoverPublicKey(digest)
  } catch {
    // r is the x of no point: nobody signed this.
    return null
  }
}

/** The last 20 bytes of the hash of a point's x and y. */
function addressOfPoint(point: Point): Address {
  return addressFromBytes(keccak256(point.toBytes(false).subarray(1)).subarray(12))
}
