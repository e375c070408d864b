/** Random channels, seats and numbers for property tests (fast-check). */
import fc from 'fast-check'
import { bytesToHex, type Hex } from '../../base/index.ts'
import { type Address, addressFromBytes } from '../../tron/index.ts'
import { type Amount, toAmount } from '../../units/index.ts'
import type { ChannelFields, SeatLeaf } from '../types.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

/** Never the zero address. */
export const anyAddress: fc.Arbitrary<Address> = bytes(20)
  .filter((raw) => raw.some((byte) => byte !== 0))
  .map(addressFromBytes)
export const anyBytes32: fc.Arbitrary<Hex> = bytes(32).map(bytesToHex)
export const anyAmount: fc.Arbitrary<Amount> = fc.bigInt(0n, (1n << 128n) - 1n).map(toAmount)

export const anyChannel: fc.Arbitrary<ChannelFields> = fc.record({
  payer: anyAddress,
  signer: anyAddress,
  root: anyBytes32,
  total: anyAmount,
  closeDelaySec: fc.integer({ min: 0, max: 0xffffffff }),
  salt: anyBytes32,
})

/** 1 to `maxLength` leaves in any order, no payee twice, caps that never add up to more than uint128. */
export const anyLeaves = (maxLength: number): fc.Arbitrary<SeatLeaf[]> =>
  fc.uniqueArray(
    fc.record({
      payee: anyAddress,
      delegate: anyAddress,
      cap: fc.bigInt(1n, (1n << 120n) - 1n).map(toAmount),
    }),
    { minLength: 1, maxLength, selector: (leaf) => leaf.payee },
  )
