import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { TronWeb, utils } from 'tronweb'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import { keccak256 } from './keccak.ts'
import {
  addressOfPrivateKey,
  compactSignature,
  createSignatureCheck,
  recoverSigner,
  signDigest,
} from './signature.ts'

const ORDER = secp256k1.Point.Fn.ORDER
const anyKey = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((key) => secp256k1.utils.isValidSecretKey(key))
const anyDigest = fc.uint8Array({ minLength: 32, maxLength: 32 })

const withS = (signature: Hex, s: bigint, v: number): Hex =>
  `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v.toString(16).padStart(2, '0')}` as Hex

describe('signDigest and recoverSigner', () => {
  it('agree with each other and with tronweb', () => {
    fc.assert(
      fc.property(anyKey, anyDigest, (key, digest) => {
        const signature = signDigest(key, digest)
        const address = addressOfPrivateKey(key)
        expect(signature).toMatch(/^0x[0-9a-f]{128}(1b|1c)$/)
        expect(recoverSigner(digest, signature)).toBe(address)
        expect(address).toBe(TronWeb.address.fromPrivateKey(bytesToHex(key).slice(2)))
        expect(utils.ethersUtils.recoverAddress(bytesToHex(digest), signature).toLowerCase()).toBe(
          `0x${TronWeb.address.toHex(address).slice(2)}`,
        )
      }),
      { numRuns: 50 },
    )
  })

  it('takes no high-s twin of a good signature', () => {
    fc.assert(
      fc.property(anyKey, anyDigest, (key, digest) => {
        const signature = signDigest(key, digest)
        const s = BigInt(`0x${signature.slice(66, 130)}`)
        const v = Number.parseInt(signature.slice(130), 16)
        expect(s <= ORDER / 2n).toBe(true)
        expect(recoverSigner(digest, withS(signature, ORDER - s, v === 27 ? 28 : 27))).toBeNull()
      }),
      { numRuns: 50 },
    )
  })

  it('names nobody for zeroes, odd lengths, other v, and numbers outside of the order', () => {
    const key = new Uint8Array(32).fill(7)
    const digest = new Uint8Array(32).fill(9)
    const good = signDigest(key, digest)
    const bad: readonly Hex[] = [
      '0x',
      `0x${'00'.repeat(65)}`,
      `0x${'00'.repeat(64)}1b`,
      `0x${'ff'.repeat(64)}1b`,
      good.slice(0, -2) as Hex,
      `${good}00`,
      `${good.slice(0, -2)}00` as Hex,
      `${good.slice(0, -2)}1d` as Hex,
      'not hex' as Hex,
    ]
    for (const signature of bad) expect(recoverSigner(digest, signature)).toBeNull()
    expect(recoverSigner(digest.subarray(1), good)).toBeNull()
  })
})

describe('createSignatureCheck', () => {
  it('accepts exactly what recoverSigner says is its signer', () => {
    fc.assert(
      fc.property(
        anyKey,
        anyKey,
        fc.array(anyDigest, { minLength: 1, maxLength: 4 }),
        (key, other, digests) => {
          const signer = addressOfPrivateKey(key)
          const check = createSignatureCheck(signer)
          for (const digest of digests) {
            const good = signDigest(key, digest)
            const s = BigInt(`0x${good.slice(66, 130)}`)
            const v = Number.parseInt(good.slice(130), 16)
            const attempts = [
              signDigest(other, digest),
              withS(good, s, 55 - v),
              withS(good, ORDER - s, 55 - v),
              withS(good, s - 1n, v),
              signDigest(key, keccak256(digest)),
              good,
              '0x' as Hex,
            ]
            for (const signature of attempts) {
              expect(check(digest, signature)).toBe(recoverSigner(digest, signature) === signer)
            }
            expect(check(digest, good)).toBe(true)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it('takes, with the signing, about a millisecond a voucher', () => {
    const key = new Uint8Array(32).fill(3)
    const digest = new Uint8Array(32).fill(5)
    const check = createSignatureCheck(addressOfPrivateKey(key))
    const pair = (): number => {
      const startedMs = performance.now()
      check(digest, signDigest(key, digest))
      return performance.now() - startedMs
    }
    for (let i = 0; i < 50; i++) pair()
    // The best of many, and twice the aim: the machine may be busy with other things.
    expect(Math.min(...Array.from({ length: 100 }, pair))).toBeLessThan(2)
  })
})

describe('compactSignature', () => {
  it('keeps r, s and v', () => {
    fc.assert(
      fc.property(anyKey, anyDigest, (key, digest) => {
        const signature = signDigest(key, digest)
        const { r, vs } = compactSignature(signature)
        const packed = BigInt(vs)
        const v = 27n + (packed >> 255n)
        const s = packed & ((1n << 255n) - 1n)
        expect(withS(r, s, Number(v))).toBe(signature)
      }),
      { numRuns: 50 },
    )
  })

  it('refuses what cannot be packed', () => {
    const bytes = hexToBytes(signDigest(new Uint8Array(32).fill(3), new Uint8Array(32).fill(5)))
    for (const [index, value] of [
      [32, 0x80],
      [64, 26],
    ] as const) {
      const changed = bytes.slice()
      changed[index] = value
      expect(() => compactSignature(bytesToHex(changed))).toThrow(RangeError)
    }
    expect(() => compactSignature('0x')).toThrow(RangeError)
  })
})
