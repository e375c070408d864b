/**
 * Moving TRX and TRC-10 tokens between accounts, and why it may not be.
 * Source: java-tron, actuator/…/core/vm/VMUtils.java (validateForSmartContract).
 */
import type { AccountId } from '../codec/account-id.ts'
import { newAccountMeta, type TvmState } from './state.ts'
import type { TokenTransfer } from './token-transfer.ts'
import { MAX_LONG } from './words.ts'

export interface Transfer {
  readonly from: AccountId
  /** null for a contract that is being made. */
  readonly to: AccountId | null
}

/** java-tron's words; null when the transfer can be. */
export function findTransferProblem(
  state: TvmState,
  { from, to }: Transfer,
  amountSun: bigint,
): string | null {
  if (from === to) return 'Cannot transfer TRX to yourself.'
  if (!state.accountExists(from)) return 'Validate InternalTransfer error, no OwnerAccount.'
  if (to && !state.accountExists(to))
    return 'Validate InternalTransfer error, no ToAccount. And not allowed to create an account in a smartContract.'
  if (state.getBalance(from) < amountSun) return 'Validate InternalTransfer error, balance is not sufficient.'
  if (to && state.getBalance(to) + amountSun > MAX_LONG) return 'long overflow'
  return null
}

/** java-tron's words; null when the transfer can be. */
export function findTokenTransferProblem(
  state: TvmState,
  { from, to }: Transfer,
  { tokenId, amount }: TokenTransfer,
): string | null {
  if (amount <= 0n) return 'Amount must greater than 0.'
  if (from === to) return 'Cannot transfer asset to yourself.'
  if (!state.accountExists(from)) return 'No owner account!'
  const balance = state.getTokenBalance(from, tokenId.toString())
  if (balance <= 0n) return 'assetBalance must greater than 0.'
  if (amount > balance) return 'assetBalance is not sufficient.'
  if (to && !state.accountExists(to))
    return 'Validate InternalTransfer error, no ToAccount. And not allowed to create account in smart contract.'
  if (to && state.getTokenBalance(to, tokenId.toString()) + amount > MAX_LONG) return 'long overflow'
  return null
}

/** Nothing is checked here. */
export function moveTrx(
  state: TvmState,
  { from, to }: { readonly from: AccountId; readonly to: AccountId },
  amountSun: bigint,
): void {
  if (amountSun === 0n) return
  state.setBalance(from, state.getBalance(from) - amountSun)
  state.setBalance(to, state.getBalance(to) + amountSun)
}

/** Makes the account of somebody whom a contract pays. */
export function createAccountIfNone(state: TvmState, id: AccountId, timestampMs: number): void {
  if (state.accountExists(id)) return
  state.setBalance(id, 0n)
  state.putMeta(id, newAccountMeta(timestampMs))
}
