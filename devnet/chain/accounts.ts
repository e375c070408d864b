/** Accounts on the state: balances of TRX, and whether an account exists at all. */
import type { AccountId } from '../codec/account-id.ts'
import { type AccountMeta, newAccountMeta, type TvmState } from '../tvm/state.ts'

export function getTrxBalance(state: TvmState, id: AccountId): bigint {
  return state.getBalance(id)
}

/** Adds TRX. */
export function credit(state: TvmState, id: AccountId, amountSun: bigint): void {
  state.setBalance(id, state.getBalance(id) + amountSun)
}

/** Takes TRX; false when there is too little, and then nothing changed. */
export function debit(state: TvmState, id: AccountId, amountSun: bigint): boolean {
  if (amountSun === 0n) return true
  const balance = state.getBalance(id)
  if (balance < amountSun) return false
  state.setBalance(id, balance - amountSun)
  return true
}

/** Records that an account exists from now on. */
export function openAccount(state: TvmState, id: AccountId, atMs: number): void {
  state.putMeta(id, newAccountMeta(atMs))
  credit(state, id, 0n)
}

/** What is kept of an account; of one that does not exist, nothing was done. */
export function getMeta(state: TvmState, id: AccountId): AccountMeta {
  return state.getMeta(id) ?? newAccountMeta(0)
}

/** True once an account was opened, or paid by a contract. */
export function accountExists(state: TvmState, id: AccountId): boolean {
  return state.accountExists(id)
}

export function isContract(state: TvmState, id: AccountId): boolean {
  return state.isContract(id)
}
