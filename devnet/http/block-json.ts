/** Blocks as java-tron prints them. */
import { type Block, WITNESS_HEX, ZERO_BLOCK_ID } from '../chain/block.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import { formatAccountId } from '../codec/account-id.ts'
import { formatTransaction } from '../codec/transaction-json.ts'

type Json = Record<string, unknown>
const WITNESS_ADDRESS = formatAccountId(`0x${WITNESS_HEX.slice(2)}`, true)

/** `detail` adds the transactions. */
export function formatBlock(
  chain: Blockchain,
  block: Block,
  options: { detail: boolean; visible: boolean },
): Json {
  const stored = block.txIds.flatMap((txId) => chain.getTransaction(txId) ?? [])
  return {
    blockID: block.id,
    block_header: {
      raw_data: {
        number: block.number,
        txTrieRoot: block.txRoot,
        witness_address: options.visible ? WITNESS_ADDRESS : WITNESS_HEX,
        parentHash: block.number === 0 ? ZERO_BLOCK_ID : block.parentId,
        version: 32,
        timestamp: block.timestampMs,
      },
      witness_signature: '',
    },
    ...(options.detail && stored.length > 0
      ? { transactions: stored.map((each) => formatStored(each, options.visible)) }
      : {}),
  }
}

/** A transaction with its outcome in `ret`. */
export function formatStored(stored: StoredTransaction, visible: boolean): Json {
  return {
    ret: [{ contractRet: stored.info.result }],
    ...formatTransaction(stored.transaction, visible),
  }
}
