import fc from 'fast-check'
import { utils } from 'tronweb'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../base/index.ts'
import type { Address, TypedDataDomain } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { domainSeparator, openDigest, releaseDigest, typedDataTypes, voucherDigest } from './digests.ts'
import { anyAddress, anyAmount, anyBytes32 } from './testing/arbitraries.ts'
import type { Voucher } from './types.ts'

const anyDomain: fc.Arbitrary<TypedDataDomain> = fc.record({
  chainId: fc.integer({ min: 1, max: 0xffffffff }),
  contract: anyAddress,
})
const anyVoucher: fc.Arbitrary<Voucher> = fc.record({
  channelId: anyBytes32,
  payee: anyAddress,
  cumulative: anyAmount,
})
const wide = (domain: TypedDataDomain) => ({
  name: 'SwarmChannels',
  version: '1',
  chainId: domain.chainId,
  verifyingContract: domain.contract,
})
const tronwebDigest = (
  domain: TypedDataDomain,
  type: keyof typeof typedDataTypes,
  message: Voucher,
): string =>
  utils._TypedDataEncoder.hash(
    wide(domain),
    { [type]: [...typedDataTypes[type]] },
    { channel: message.channelId, payee: message.payee, cumulative: message.cumulative },
  )

describe('TIP-712 digests', () => {
  it('equal those that tronweb and TronLink sign', () => {
    fc.assert(
      fc.property(anyDomain, anyVoucher, (domain, voucher) => {
        expect(bytesToHex(voucherDigest(voucher, domain))).toBe(tronwebDigest(domain, 'Voucher', voucher))
        expect(bytesToHex(releaseDigest(voucher, domain))).toBe(tronwebDigest(domain, 'Release', voucher))
        expect(bytesToHex(openDigest(voucher, domain))).toBe(tronwebDigest(domain, 'Open', voucher))
        const separator = utils._TypedDataEncoder.hashDomain(wide(domain))
        expect(bytesToHex(domainSeparator(domain))).toBe(separator)
      }),
    )
  })

  it('differ between types, channels, payees, figures, chains and contracts', () => {
    fc.assert(
      fc.property(anyDomain, anyVoucher, anyVoucher, anyDomain, (domain, one, two, elsewhere) => {
        const digests = [
          voucherDigest(one, domain),
          releaseDigest(one, domain),
          openDigest(one, domain),
          voucherDigest({ ...one, channelId: two.channelId }, domain),
          voucherDigest({ ...one, payee: two.payee }, domain),
          voucherDigest({ ...one, cumulative: toAmount(one.cumulative ^ 1n) }, domain),
          voucherDigest(one, { ...domain, chainId: (domain.chainId ^ 1) >>> 0 }),
          voucherDigest(one, { ...domain, contract: elsewhere.contract }),
        ]
        fc.pre(one.channelId !== two.channelId && one.payee !== two.payee)
        fc.pre(domain.contract !== elsewhere.contract)
        expect(new Set(digests.map(bytesToHex)).size).toBe(digests.length)
      }),
    )
  })

  it('refuse a figure above uint128 and an id of another length', () => {
    const domain = { chainId: 1, contract: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb' as Address }
    const voucher = {
      channelId: `0x${'11'.repeat(32)}`,
      payee: domain.contract,
      cumulative: toAmount(1n << 128n),
    } as const
    expect(() => voucherDigest(voucher, domain)).toThrow(RangeError)
    expect(() => openDigest({ channelId: '0x1234' }, domain)).toThrow(RangeError)
  })
})
