import { describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import { InternalTransactions } from './internal-transactions.ts'

describe('internal transactions', () => {
  it('have the hash that a java-tron node gave one', () => {
    // A call of 1 sun without data, the first of its transaction, from the receipt of a private java-tron network.
    const txId = hexToBytes('0x7c44d197b2dcdc7452663f1d7fab7636e06aeb29393f7cd32074a39dde9d4139')
    const internals = new InternalTransactions(txId)
    const hash = internals.add({
      caller: '0xa4de5410785ffffc7c210f126f7534d868c2ecc9',
      to: '0xdcf2957055e8fcde477a077ecfeddf5ab2357547',
      valueSun: 1n,
      token: null,
      note: 'call',
      data: new Uint8Array(0),
      parentHash: txId,
    })
    expect(bytesToHex(hash)).toBe('0x1227752b70cbd45384e9276bddf4ed3e165c83f938a4282d734bf0458f8aee8d')
  })

  it('give the next created contract another address after each of them, failed ones too', () => {
    const internals = new InternalTransactions(new Uint8Array(32))
    const first = internals.nextCreatedAddress()
    expect(internals.nextCreatedAddress()).toBe(first)
    const call = { caller: first, to: first, valueSun: 0n, token: null, note: 'call' } as const
    internals.add({ ...call, data: new Uint8Array(0), parentHash: new Uint8Array(32) })
    internals.reject(0)
    expect(internals.nextCreatedAddress()).not.toBe(first)
    expect(internals.list.map(({ isRejected }) => isRejected)).toEqual([true])
  })
})
