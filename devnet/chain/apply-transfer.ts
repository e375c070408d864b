/**
 * Transfers of TRX and TRC-10, and new accounts.
 * Source: java-tron, actuator/…/core/actuator/{Transfer,TransferAsset,CreateAccount}Actuator.java.
 */
import type { ContractBody } from '../codec/contract-body.ts'
import { refuseContract } from '../devnet-error.ts'
import type { TvmState } from '../tvm/state.ts'
import { accountExists, credit, debit, getTrxBalance, isContract, openAccount } from './accounts.ts'
import { NEW_ACCOUNT_FEE_SUN } from './fees.ts'
import { BTTOLD_TOKEN_ID } from './genesis.ts'

type TransferBody = Extract<
  ContractBody,
  { type: 'AccountCreateContract' | 'TransferContract' | 'TransferAssetContract' }
>

const MAX_INT64 = 2n ** 63n - 1n

/** Applies one transfer; returns the fee for the account that it makes, which is burned. Throws DevnetRefusal. */
export function applyTransfer(state: TvmState, body: TransferBody, atMs: number): bigint {
  const recipient = body.type === 'AccountCreateContract' ? body.account : body.to
  const makesAccount = !accountExists(state, recipient)
  const feeSun = makesAccount ? NEW_ACCOUNT_FEE_SUN : 0n
  if (body.type === 'AccountCreateContract') {
    if (getTrxBalance(state, body.owner) < NEW_ACCOUNT_FEE_SUN) {
      throw refuseContract('Validate CreateAccountActuator error, insufficient fee.')
    }
    if (!makesAccount) throw refuseContract('Account has existed')
    debit(state, body.owner, feeSun)
  } else if (body.type === 'TransferContract') transferTrx(state, body, feeSun)
  else transferToken(state, body, feeSun)
  if (makesAccount) openAccount(state, recipient, atMs)
  return feeSun
}

function transferTrx(
  state: TvmState,
  body: Extract<TransferBody, { type: 'TransferContract' }>,
  feeSun: bigint,
): void {
  if (body.owner === body.to) throw refuseContract('Cannot transfer TRX to yourself.')
  if (body.amountSun <= 0n) throw refuseContract('Amount must be greater than 0.')
  if (isContract(state, body.to)) throw refuseContract('Cannot transfer TRX to a smartContract.')
  if (body.amountSun + feeSun > MAX_INT64) throw refuseContract('long overflow')
  if (!debit(state, body.owner, body.amountSun + feeSun)) {
    throw refuseContract('Validate TransferContract error, balance is not sufficient.')
  }
  credit(state, body.to, body.amountSun)
}

function transferToken(
  state: TvmState,
  body: Extract<TransferBody, { type: 'TransferAssetContract' }>,
  feeSun: bigint,
): void {
  if (body.amount <= 0n) throw refuseContract('Amount must be greater than 0.')
  if (body.owner === body.to) throw refuseContract('Cannot transfer asset to yourself.')
  if (body.tokenId !== BTTOLD_TOKEN_ID) throw refuseContract('No asset!')
  const balance = state.getTokenBalance(body.owner, body.tokenId)
  if (balance <= 0n) throw refuseContract('assetBalance must be greater than 0.')
  if (body.amount > balance) throw refuseContract('assetBalance is not sufficient.')
  if (isContract(state, body.to)) throw refuseContract('Cannot transfer asset to smartContract.')
  if (!debit(state, body.owner, feeSun)) {
    throw refuseContract('Validate TransferAssetActuator error, insufficient fee.')
  }
  state.moveToken(body.owner, body.to, body.tokenId, body.amount)
}
