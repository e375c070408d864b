import { describe, expect, it } from 'vitest'
import { addressOfPrivateKey, signDigest } from '../../tron/index.ts'
import { createSignatureChecks } from './signature-checks.ts'

const keyOf = (index: number): Uint8Array => new Uint8Array(32).fill(7).with(0, index + 1)
const digest = new Uint8Array(32).fill(9)

describe('signature checks', () => {
  it('tell each signer’s signature from the others’, again after more signers than are kept', () => {
    const isSignedBy = createSignatureChecks(2)
    for (const round of [0, 1]) {
      for (let index = 0; index < 4; index++) {
        const signer = addressOfPrivateKey(keyOf(index))
        expect(isSignedBy(signer, digest, signDigest(keyOf(index + 1), digest))).toBe(false)
        expect(isSignedBy(signer, digest, signDigest(keyOf(index), digest))).toBe(true)
        expect(isSignedBy(signer, digest.with(0, round), signDigest(keyOf(index), digest))).toBe(false)
      }
    }
  })
})
