/** Accounts on the state: balances of TRX, and whether an account exists at all. */
import { Account, Address } from '@ethereumjs/util'
import { hexToBytes } from '../../lib/units/bytes.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { AccountMeta, TvmState } from '../tvm/state.ts'

export function toEvmAddress(id: AccountId): Address {
  return new Address(hexToBytes(id))
}

export async function getTrxBalance(state: TvmState, id: AccountId): Promise<bigint> {
  return (await state.getAccount(toEvmAddress(id)))?.balance ?? 0n
}

/** Adds TRX. */
export async function credit(state: TvmState, id: AccountId, amountSun: bigint): Promise<void> {
  const address = toEvmAddress(id)
  const account = (await state.getAccount(address)) ?? new Account()
  account.balance += amountSun
  await state.putAccount(address, account)
}

/** Takes TRX; false when there is too little, and then nothing changed. */
export async function debit(state: TvmState, id: AccountId, amountSun: bigint): Promise<boolean> {
  const address = toEvmAddress(id)
  const account = await state.getAccount(address)
  if (amountSun === 0n) return true
  if (!account || account.balance < amountSun) return false
  account.balance -= amountSun
  await state.putAccount(address, account)
  return true
}

/** Records that an account exists from now on. */
export async function openAccount(state: TvmState, id: AccountId, atMs: number): Promise<void> {
  state.putMeta(id, newAccountMeta(atMs))
  await credit(state, id, 0n)
}

/** What is kept of an account, or of one that a contract made by paying it. */
export function getMeta(state: TvmState, id: AccountId): AccountMeta {
  return state.getMeta(id) ?? newAccountMeta(0)
}

const UNUSED = { amount: 0, atMs: 0 }
const NOTHING_STAKED = { BANDWIDTH: 0n, ENERGY: 0n }

function newAccountMeta(createdAtMs: number): AccountMeta {
  return {
    createdAtMs,
    lastOperationMs: 0,
    freeNet: UNUSED,
    net: UNUSED,
    energy: UNUSED,
    staked: NOTHING_STAKED,
    acquired: NOTHING_STAKED,
    delegations: [],
    unstaking: [],
    permissions: null,
  }
}

/** True once an account was opened, or got TRX or tokens from a contract. */
export async function accountExists(state: TvmState, id: AccountId): Promise<boolean> {
  if (state.getMeta(id)) return true
  if (state.listTokenBalances(id).size > 0) return true
  return (await getTrxBalance(state, id)) > 0n
}

export async function isContract(state: TvmState, id: AccountId): Promise<boolean> {
  return (await state.getCode(toEvmAddress(id))).length > 0
}
