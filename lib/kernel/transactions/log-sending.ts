/** The one door by which transactions leave the page, with a row for each. */
import { AppError } from '../../base/index.ts'
import type { Chain } from '../../channels/index.ts'
import {
  sendTracked,
  type TransactionReason,
  type TransactionSigner,
  type UnsignedTransaction,
} from '../../tron/index.ts'
import { describeError } from '../describe-error.ts'
import type { TransactionLog } from './transaction-log.ts'

/**
 * `chain`, whose `send` writes down what it does: before the wallet is asked, before a node has it, and once one may. What becomes of it
 * in a block is left to whoever looks open rows up. `send` throws as before, and StorageError where a row cannot be written.
 */
export function logSending(chain: Chain, log: TransactionLog): Chain {
  return {
    ...chain,
    async send(call, signer, onBroadcast, signal) {
      const { address } = signer
      const entry = await log.begin(call, address)
      /** How far it came: until a node may have it, a failure is its end. */
      let reached = 'page' as 'page' | 'wallet' | 'node'
      const asked: TransactionSigner = {
        address,
        async signTransaction(transaction) {
          await entry.move({ kind: 'simulated' })
          reached = 'wallet'
          const { txID, raw_data } = transaction as UnsignedTransaction
          const signed = await signer.signTransaction(transaction)
          await entry.move({ kind: 'signed', txId: `0x${txID}`, expiresAtMs: Number(raw_data.expiration) })
          return signed
        },
      }
      try {
        return await sendTracked(
          (onSent) =>
            chain.send(
              call,
              asked,
              (txId) => {
                reached = 'node'
                onSent(txId)
                onBroadcast?.(txId)
              },
              signal,
            ),
          () => entry.move({ kind: 'broadcast' }),
        )
      } catch (error) {
        if (reached === 'wallet') await entry.move({ kind: 'cancelled', reason: toReason(error) })
        throw error
      } finally {
        await entry.end()
      }
    },
  }
}

/** What an error says to people; what is none of ours is named, and left to who catches it. */
export function toReason(error: unknown): TransactionReason {
  const { code, title: words } =
    error instanceof AppError ? describeError(error) : { code: 'unexpected', title: 'Something went wrong.' }
  return { code, words }
}
