import { expect, test } from 'vitest'
import type { WalletConnection } from '../wallet/index.ts'
import { createWalletDesk, type Held } from './wallet-desk.ts'

const connection = { kind: 'demo' } as unknown as WalletConnection

test('without a wallet, or on another network, whoever needs one is told to connect', () => {
  const { access, desk } = createWalletDesk()
  expect(access.getConnection()).toBeNull()
  expect(access.requireConnection).toThrow(expect.objectContaining({ code: 'not-connected' }))
  desk.put(connection, false)
  expect(access.getConnection()).toBe(connection)
  expect(access.requireConnection).toThrow(expect.objectContaining({ code: 'not-connected' }))
  desk.put(connection, true)
  expect(access.requireConnection()).toBe(connection)
})

test('who listens hears of a connection when it is announced, and no more once it left', () => {
  const { access, desk } = createWalletDesk()
  const heard: (WalletConnection | null)[] = []
  const leave = access.onConnection((each) => heard.push(each))
  desk.put(connection, true)
  expect(heard).toEqual([])
  desk.announce()
  desk.put(null, false)
  desk.announce()
  leave()
  desk.announce()
  expect(heard).toEqual([connection, null])
})

test('balances are held for all to see, and read again on request', () => {
  const { access, desk } = createWalletDesk()
  expect(access.held.get()).toBeNull()
  access.refreshBalances()
  let refreshes = 0
  desk.onRefresh(() => {
    refreshes += 1
  })
  access.refreshBalances()
  expect(refreshes).toBe(1)
  const held = { trx: null, btt: null } as unknown as Held
  desk.hold(held)
  expect(access.held.get()).toBe(held)
})
