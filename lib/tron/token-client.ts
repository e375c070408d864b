/** A TRC-20 token (TIP-20) behind a connection. */

import type { Hex } from '../base/index.ts'
import { type Amount, toAmount } from '../units/index.ts'
import { readBigint } from './abi-value.ts'
import { toAbiAddress } from './abi-word.ts'
import type { Address } from './address.ts'
import type { PricedCall, TronConnection } from './connection.ts'
import { createContractClient } from './contract-client.ts'
import { trc20Abi } from './generated/trc20-abi.ts'
import { readReceipt, readTransferred } from './transaction-info.ts'

export interface TokenClient {
  getBalance(owner: Address): Promise<Amount>
  /** What `spender` may take of `owner`. */
  getAllowance(owner: Address, spender: Address): Promise<Amount>
  /** Prices `approve(spender, amount)`. Throws ChainError. */
  priceApprove(spender: Address, amount: Amount, from: Address): Promise<PricedCall>
  /**
   * What a transaction moved from one to the other, by the token's own events; 0 while no block has it.
   * Throws FailedTransaction, ChainError.
   */
  getTransferred(txId: Hex, from: Address, to: Address): Promise<Amount>
}

export function createTokenClient(connection: TronConnection, address: Address): TokenClient {
  const contract = createContractClient(connection, { address, abi: trc20Abi })
  const readAmount = async (functionName: string, args: readonly unknown[]): Promise<Amount> =>
    toAmount(readBigint((await contract.read(functionName, args))[0]))
  return {
    getBalance: (owner) => readAmount('balanceOf', [toAbiAddress(owner)]),
    getAllowance: (owner, spender) => readAmount('allowance', [toAbiAddress(owner), toAbiAddress(spender)]),
    priceApprove: (spender, amount, from) =>
      contract.price({ functionName: 'approve', args: [toAbiAddress(spender), amount] }, from),
    async getTransferred(txId, from, to) {
      const info = await connection.getTransactionInfo(txId)
      if (info === null) return toAmount(0n)
      readReceipt(info, txId, contract.abi)
      return readTransferred(info, address, from, to)
    },
  }
}
