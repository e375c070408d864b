import { Account, createAddressFromString } from '@ethereumjs/util'
import { describe, expect, it } from 'vitest'
import { TvmState } from './state.ts'

const address = createAddressFromString(`0x${'11'.repeat(20)}`)
const key = new Uint8Array(32)
const one = Uint8Array.of(1)
const empty = new Uint8Array(0)

describe('layers of state', () => {
  it('take everything back on revert: accounts, storage and tokens', async () => {
    const state = new TvmState()
    await state.checkpoint()
    await state.putAccount(address, new Account(0n, 5n))
    await state.putStorage(address, key, one)
    state.setTokenBalance('0x01', '7', 9n)
    await state.checkpoint()
    await state.putAccount(address, new Account(0n, 6n))
    await state.putStorage(address, key, empty)
    expect(state.moveToken('0x01', '0x02', '7', 4n)).toBe(true)
    await state.revert()
    expect((await state.getAccount(address))?.balance).toBe(5n)
    expect(await state.getStorage(address, key)).toEqual(one)
    expect(state.getTokenBalance('0x01', '7')).toBe(9n)
    expect(state.listTokenBalances('0x02').size).toBe(0)
    await state.commit()
    expect((await state.getAccount(address))?.balance).toBe(5n)
  })

  it('never share an account object with the reader', async () => {
    const state = new TvmState()
    await state.putAccount(address, new Account(0n, 5n))
    const account = await state.getAccount(address)
    account!.balance = 0n
    expect((await state.getAccount(address))?.balance).toBe(5n)
  })

  it('keep the row of a cleared slot until its transaction ends', async () => {
    const state = new TvmState()
    await state.putStorage(address, key, one)
    await state.checkpoint()
    await state.putStorage(address, key, empty)
    expect(state.hasStorageRow(address, key)).toBe(true)
    await state.commit()
    expect(state.hasStorageRow(address, key)).toBe(false)
  })

  it('move no token that is not there', () => {
    const state = new TvmState()
    expect(state.moveToken('0x01', '0x02', '7', 1n)).toBe(false)
    expect(state.getTokenBalance('0x02', '7')).toBe(0n)
  })
})
