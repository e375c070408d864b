/** Blocks as java-tron prints them. */
import { type Block, type GenesisTransaction, WITNESS_HEX, ZERO_BLOCK_ID } from '../chain/block.ts'
import type { Blockchain, StoredTransaction } from '../chain/blockchain.ts'
import { GENESIS_OWNER } from '../chain/genesis.ts'
import { formatAccountId } from '../codec/account-id.ts'
import { formatTransaction, toBareHex } from '../codec/transaction-json.ts'

type Json = Record<string, unknown>
const WITNESS_ADDRESS = formatAccountId(`0x${WITNESS_HEX.slice(2)}`, true)

/** What stands in block 0 where others name who made them: a text whose first letter is TRON's prefix, as on mainnet. */
const GENESIS_WITNESS = 'A devnet: nothing on it is worth anything'

/** `detail` adds the transactions. */
export function formatBlock(
  chain: Blockchain,
  block: Block,
  options: { detail: boolean; visible: boolean },
): Json {
  const { visible } = options
  const stored = block.txIds.flatMap((txId) => chain.getTransaction(txId) ?? [])
  const transactions = [
    ...block.genesisTransactions.map((each) => formatGenesisTransaction(each, visible)),
    ...stored.map((each) => formatStored(each, visible)),
  ]
  return {
    blockID: block.id,
    block_header: block.number === 0 ? formatGenesisHeader(block) : formatHeader(block, visible),
    ...(options.detail && transactions.length > 0 ? { transactions } : {}),
  }
}

/** Numbers and times of 0 are left out, and nobody signs block 0. */
function formatGenesisHeader({ txRoot }: Block): Json {
  const witness_address = Buffer.from(GENESIS_WITNESS).toString('hex')
  return { raw_data: { txTrieRoot: txRoot, witness_address, parentHash: ZERO_BLOCK_ID } }
}

function formatHeader(block: Block, visible: boolean): Json {
  return {
    raw_data: {
      number: block.number,
      txTrieRoot: block.txRoot,
      witness_address: visible ? WITNESS_ADDRESS : WITNESS_HEX,
      parentHash: block.parentId,
      version: 32,
      timestamp: block.timestampMs,
    },
    witness_signature: '',
  }
}

export function formatGenesisTransaction(each: GenesisTransaction, visible: boolean): Json {
  const value = {
    owner_address: GENESIS_OWNER,
    to_address: formatAccountId(each.to, visible),
    ...(each.amountSun > 0n ? { amount: each.amountSun } : {}),
  }
  const parameter = { value, type_url: 'type.googleapis.com/protocol.TransferContract' }
  return {
    txID: each.txId,
    raw_data: { contract: [{ parameter, type: 'TransferContract' }] },
    raw_data_hex: toBareHex(each.rawBytes),
  }
}

/** A transaction with its outcome in `ret`. */
export function formatStored(stored: StoredTransaction, visible: boolean): Json {
  return {
    ret: [{ contractRet: stored.info.result }],
    ...formatTransaction(stored.transaction, visible),
  }
}
