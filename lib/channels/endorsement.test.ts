import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../base/index.ts'
import {
  addressFromBytes,
  addressOfPrivateKey,
  addressOfPublicKey,
  createAgreementKey,
  createVisitKey,
  messageDigest,
} from '../tron/index.ts'
import { ENDORSEMENT_SEC, type Endorsement, endorsementText, isEndorsed } from './endorsement.ts'
import { endorse } from './testing/endorse.ts'

const NOW = 1_800_000_000
const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const domain = { chainId: 3_448_148_188, contract: addressFromBytes(new Uint8Array(20).fill(0x0c)) }
const terms = {
  payee: addressOfPrivateKey(key(1)),
  delegate: addressOfPrivateKey(key(2)),
  untilSec: NOW + ENDORSEMENT_SEC,
}
const endorsed = (by: number, over: Partial<Endorsement> = {}): Endorsement => ({
  ...endorse(key(by), { ...terms, ...over }, domain),
  payee: terms.payee,
})

describe('an endorsement', () => {
  it('counts when the payee signed it, from a day before its time to a day after its end', () => {
    expect(isEndorsed(endorsed(1), domain, NOW)).toBe(true)
    expect(isEndorsed(endorsed(1), domain, NOW + ENDORSEMENT_SEC + 86_399)).toBe(true)
    expect(isEndorsed(endorsed(1), domain, NOW + ENDORSEMENT_SEC + 86_400)).toBe(false)
    expect(isEndorsed(endorsed(1, { untilSec: NOW + 63 * 86_400 }), domain, NOW)).toBe(false)
  })

  it('is void by anyone else’s hand, for another key, chain, contract or time', () => {
    expect(isEndorsed(endorsed(2), domain, NOW)).toBe(false)
    const good = endorsed(1)
    expect(isEndorsed({ ...good, delegate: addressOfPrivateKey(key(3)) }, domain, NOW)).toBe(false)
    expect(isEndorsed({ ...good, untilSec: good.untilSec + 1 }, domain, NOW)).toBe(false)
    expect(isEndorsed(good, { ...domain, chainId: 1 }, NOW)).toBe(false)
    expect(isEndorsed(good, { ...domain, contract: terms.payee }, NOW)).toBe(false)
    expect(isEndorsed({ ...good, signature: '0x' }, domain, NOW)).toBe(false)
  })

  it('is what tronweb’s signMessageV2 signs, so every wallet can', async () => {
    const { utils } = await import('tronweb')
    const text = endorsementText(terms, domain)
    expect(utils.message.hashMessage(text)).toBe(bytesToHex(messageDigest(text)))
    const signature = utils.message.signMessage(text, bytesToHex(key(1)).slice(2)) as `0x${string}`
    expect(isEndorsed({ ...terms, signature }, domain, NOW)).toBe(true)
  })
})

describe('agreed secrets', () => {
  it('are the same on both sides, and another pair’s differ', () => {
    const [delegate, visit, other] = [createAgreementKey(key(2)), createVisitKey(), createVisitKey()]
    expect(delegate.agree(visit.publicKey)).toEqual(visit.agree(delegate.publicKey))
    expect(delegate.agree(visit.publicKey)).not.toEqual(delegate.agree(other.publicKey))
    expect(addressOfPublicKey(delegate.publicKey)).toBe(terms.delegate)
  })

  it.each(['0x', `0x${'00'.repeat(33)}`, `0x02${'ff'.repeat(32)}`, `0x04${'11'.repeat(64)}`] as const)(
    'need a point of the curve: %s',
    (bad) => {
      expect(() => createVisitKey().agree(bad)).toThrow(RangeError)
      if (bad.length === 68) expect(addressOfPublicKey(bad)).toBeNull()
    },
  )
})
