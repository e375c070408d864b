/** Blocks. An id is the number in 8 bytes, then the last 24 bytes of the header's sha256; TAPOS and the chain id read it. */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { hexToBytes } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import { ProtoWriter } from '../codec/protobuf.ts'
import type { DynamicEnergyRules } from '../tvm/dynamic-energy.ts'

export interface Block {
  readonly number: number
  /** 64 hex digits without 0x. */
  readonly id: string
  readonly parentId: string
  readonly timestampMs: number
  /** sha256 over the transaction ids. */
  readonly txRoot: string
  readonly txIds: readonly string[]
  /** What its transactions ran under; null where dynamic energy was off. It is no part of the id. */
  readonly dynamicEnergy: DynamicEnergyRules | null
  /** What block 0 says of its accounts, in the form of transactions that nobody signed. */
  readonly genesisTransactions: readonly GenesisTransaction[]
}

/** TRX that an account has in block 0. */
export interface GenesisTransaction {
  readonly txId: string
  readonly rawBytes: Uint8Array
  readonly to: AccountId
  readonly amountSun: bigint
}

export const ZERO_BLOCK_ID = '0'.repeat(64)
/** A 21-byte address that no key has: the devnet signs no blocks. */
export const WITNESS_ID: AccountId = `0x${'00'.repeat(20)}`
export const WITNESS_HEX = `41${'00'.repeat(20)}`

export interface BlockFields {
  readonly number: number
  readonly parentId: string
  readonly timestampMs: number
  readonly txIds: readonly string[]
  /** Hashed into the root of the genesis block, so that another genesis has another chain id. */
  readonly salt?: string
  readonly dynamicEnergy?: DynamicEnergyRules | null
  readonly genesisTransactions?: readonly GenesisTransaction[]
}

export function createBlock(fields: BlockFields): Block {
  const { number, parentId, timestampMs, txIds, salt = '', genesisTransactions = [] } = fields
  const rootIds = [...genesisTransactions.map(({ txId }) => txId), ...txIds]
  const txRoot = sha256(
    concatBytes(new TextEncoder().encode(salt), ...rootIds.map((txId) => hexToBytes(txId))),
  )
  const header = new ProtoWriter()
    .varint(1, timestampMs)
    .bytes(2, txRoot)
    .bytes(3, hexToBytes(parentId))
    .varint(7, number)
    .bytes(9, hexToBytes(WITNESS_HEX))
    .finish()
  const id = sha256(header)
  id.set(numberBytes(number), 0)
  return {
    number,
    id: Buffer.from(id).toString('hex'),
    parentId,
    timestampMs,
    txRoot: Buffer.from(txRoot).toString('hex'),
    txIds,
    dynamicEnergy: fields.dynamicEnergy ?? null,
    genesisTransactions,
  }
}

function numberBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number))
  return bytes
}

/** What a transaction that builds on this block must quote: bytes 6–8 of the number, bytes 8–16 of the id. */
export function refBlockOf(block: Block): { readonly refBlockBytes: string; readonly refBlockHash: string } {
  return { refBlockBytes: block.id.slice(12, 16), refBlockHash: block.id.slice(16, 32) }
}

/** TRON's chain id: the last four bytes of block 0's id. */
export function chainIdOf(genesis: Block): number {
  return Number.parseInt(genesis.id.slice(-8), 16)
}
