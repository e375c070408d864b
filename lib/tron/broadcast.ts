/** Hands a signed transaction to the node and waits for its fate. Never sends twice without asking for the id first. */
import { ChainError, type Hex } from '../base/index.ts'
import { decodeRefusal } from './chain-errors.ts'
import type { NodeClient } from './node-client.ts'
import { readWords } from './node-client.ts'
import { LIFETIME_MS, readHead, type SignedTransaction } from './transaction.ts'
import { isMined, readReceipt, type TransactionReceipt } from './transaction-info.ts'
import type { AbiInterface } from './tronweb-codec.ts'

export const BROADCAST_PATH = '/wallet/broadcasttransaction'

const ATTEMPTS = 3
const FIRST_WAIT_MS = 150
/** A block is 3 s. */
const MAX_WAIT_MS = 2_000
/** After its expiry the chain may still be late to show a transaction that its last block took. */
const GRACE_MS = 30_000

/**
 * Resolves once the node has taken it. Throws ChainError: the node's refusal, after which nobody has it, or
 * 'unreachable' or 'bad-reply', after which nobody can tell (see `isFateUnknown`).
 */
export async function broadcast(node: NodeClient, transaction: SignedTransaction): Promise<void> {
  let lost: ChainError | null = null
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      if (lost && (await isKnown(node, transaction.txID))) return
      const reply = await node.post(BROADCAST_PATH, { ...transaction })
      const code = String(reply.code ?? '')
      if (reply.result === true || code === 'SUCCESS' || code === 'DUP_TRANSACTION_ERROR') return
      throw decodeRefusal(code, readWords(reply.message))
    } catch (error) {
      // Once an answer was lost, a later refusal proves nothing: another node of the same host may have taken it.
      if (!isFateUnknown(error)) throw lost ?? error
      lost = error
      await sleep(FIRST_WAIT_MS * 2 ** attempt)
    }
  }
  throw lost
}

/** True for an error of `broadcast` that leaves open whether the node has the transaction: keep its id. */
export function isFateUnknown(error: unknown): error is ChainError {
  return error instanceof ChainError && (error.code === 'unreachable' || error.code === 'bad-reply')
}

async function isKnown(node: NodeClient, txId: string): Promise<boolean> {
  return (await node.post('/wallet/gettransactionbyid', { value: txId })).txID !== undefined
}

/**
 * Waits until a block has it. Throws ChainError: the revert, 'expired' (the chain has passed its last moment without it:
 * it can never be taken any more), 'unreachable' (unknown: look it up later by its id), or the reason of `signal`.
 */
export async function waitForReceipt(
  node: NodeClient,
  sent: { readonly txId: Hex; readonly expiresAtMs: number },
  contract: AbiInterface,
  signal?: AbortSignal,
): Promise<TransactionReceipt> {
  const startedAtMs = performance.now()
  let waitMs = FIRST_WAIT_MS
  for (;;) {
    let lost: ChainError | null = null
    try {
      const info = await node.post('/wallet/gettransactioninfobyid', { value: sent.txId.slice(2) }, signal)
      if (isMined(info)) return readReceipt(info, sent.txId, contract)
      if (performance.now() - startedAtMs > GRACE_MS) {
        const head = await readHead(node, signal)
        if (head.timestampMs > sent.expiresAtMs + GRACE_MS)
          throw new ChainError('expired', 'The transaction was not taken in time.')
      }
    } catch (error) {
      if (!(error instanceof ChainError) || error.code !== 'unreachable') throw error
      lost = error
    }
    if (performance.now() - startedAtMs > LIFETIME_MS + 2 * GRACE_MS)
      throw (
        lost ?? new ChainError('unreachable', 'The chain stands still: the transaction’s fate is unknown.')
      )
    await sleep(waitMs, signal)
    waitMs = Math.min(MAX_WAIT_MS, waitMs * 1.5)
  }
}

function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, durationMs)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
