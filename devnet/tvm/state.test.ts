import { describe, expect, it } from 'vitest'
import type { AccountId } from '../codec/account-id.ts'
import { TvmState } from './state.ts'

const id: AccountId = `0x${'11'.repeat(20)}`

describe('layers of state', () => {
  it('take everything back on revert: accounts, code, storage and tokens', () => {
    const state = new TvmState()
    state.checkpoint()
    state.setBalance(id, 5n)
    state.setSlot(id, 0n, 1n)
    state.setTokenBalance('0x01', '7', 9n)
    state.checkpoint()
    state.setBalance(id, 6n)
    state.setCode(id, Uint8Array.of(1))
    state.setSlot(id, 0n, 0n)
    state.deleteAccount('0x01')
    expect(state.getTokenBalance('0x01', '7')).toBe(0n)
    state.revert()
    expect(state.getBalance(id)).toBe(5n)
    expect(state.isContract(id)).toBe(false)
    expect(state.getSlot(id, 0n)).toBe(1n)
    expect(state.getTokenBalance('0x01', '7')).toBe(9n)
    state.commit()
    expect(state.getBalance(id)).toBe(5n)
  })

  it('keep the row of a cleared slot until its transaction ends', () => {
    const state = new TvmState()
    state.setSlot(id, 0n, 1n)
    state.checkpoint()
    state.setSlot(id, 0n, 0n)
    expect(state.hasSlotRow(id, 0n)).toBe(true)
    state.commit()
    expect(state.hasSlotRow(id, 0n)).toBe(false)
  })

  it('take an account away with its storage, and keep it away in a capture', () => {
    const state = new TvmState()
    state.setBalance(id, 5n)
    state.setSlot(id, 3n, 4n)
    state.checkpoint()
    state.deleteAccount(id)
    state.commit()
    const other = new TvmState()
    other.restore(state.capture())
    expect(other.accountExists(id)).toBe(false)
    expect(other.getSlot(id, 3n)).toBe(0n)
  })

  it('move tokens, and none that are not there', () => {
    const state = new TvmState()
    expect(state.moveToken('0x01', '0x02', '7', 1n)).toBe(false)
    expect(state.getTokenBalance('0x02', '7')).toBe(0n)
    state.setTokenBalance('0x01', '7', 9n)
    expect(state.moveToken('0x01', '0x02', '7', 4n)).toBe(true)
    expect([...state.listTokenBalances('0x02')]).toEqual([['7', 4n]])
  })
})
