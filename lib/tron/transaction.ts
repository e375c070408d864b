/**
 * Transactions, built here and not by the node, so that a node that lies cannot get anything else signed: it only
 * names the recent block that the transaction refers to.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, ChainError, type Hex, hexToBytes, WalletError } from '../base/index.ts'
import type { FeeSun } from '../units/index.ts'
import { type Address, addressToBytes } from './address.ts'
import { badReply, type JsonObject, type NodeClient, readCount, readHex, readObject } from './node-client.ts'
import { recoverSigner } from './signature.ts'
import type { TronCodec } from './tronweb-codec.ts'

/** How long a person has for the wallet's pop-up. After it, no block takes the transaction any more. */
export const LIFETIME_MS = 2 * 60_000
/** After this a transaction that the chain does not know will never come: its lifetime, and a minute for clocks and blocks. */
export const LOST_AFTER_MS = LIFETIME_MS + 60_000

/** Signs transactions for one account. A refusal rejects with WalletError 'rejected'. */
export interface TransactionSigner {
  readonly address: Address
  /** Takes and returns tronweb's transaction object. */
  signTransaction(transaction: unknown): Promise<unknown>
}

/** Where the chain stands. */
export interface BlockHead {
  readonly number: number
  /** 32 bytes; its first 8 are the number. */
  readonly blockId: Hex
  readonly timestampMs: number
}

/** tronweb's transaction object, as far as we make and read it. */
export interface UnsignedTransaction {
  readonly visible: false
  /** Bare hex: SHA-256 of `raw_data_hex`. */
  readonly txID: string
  readonly raw_data_hex: string
  readonly raw_data: Readonly<Record<string, unknown>>
}
export type SignedTransaction = UnsignedTransaction & { readonly signature: readonly [string] }

export interface TransactionTerms {
  readonly owner: Address
  readonly target: Address
  /** Selector and arguments. */
  readonly data: Hex
  readonly feeLimitSun: FeeSun
  readonly head: BlockHead
}

/** Reads the newest block's header. Throws ChainError. */
export async function readHead(node: NodeClient, signal?: AbortSignal): Promise<BlockHead> {
  return readBlock(await node.post('/wallet/getblock', { detail: false }, signal))
}

function readBlock(block: JsonObject): BlockHead {
  const header = readObject(readObject(block.block_header, 'block_header').raw_data, 'block header')
  const number = readCount(header.number, 'block number')
  const blockId = readHex(block.blockID, 32, 'blockID')
  if (Number.parseInt(blockId.slice(2, 18), 16) !== number) throw badReply('a block’s id and number differ')
  return { number, blockId, timestampMs: readCount(header.timestamp, 'block timestamp') }
}

/** A round of TRON's 27 block makers: what so many blocks were built on is solid. */
const ROUND_BLOCKS = 27

/**
 * Reads the newest block that nobody can take back. A node that does not serve /walletsolidity at this address is believed for what
 * a whole round of block makers built on. Throws ChainError.
 */
export async function readSolidHead(node: NodeClient, head: BlockHead): Promise<BlockHead> {
  try {
    return readBlock(await node.post('/walletsolidity/getblock', { detail: false }))
  } catch (error) {
    if (!(error instanceof ChainError) || error.code === 'wrong-network') throw error
    const id_or_num = String(Math.max(0, head.number - ROUND_BLOCKS))
    return readBlock(await node.post('/wallet/getblock', { id_or_num, detail: false }))
  }
}

/** The chain id that TIP-712 domains name: the last 4 bytes of block 0's id. Throws ChainError. */
export async function readChainId(node: NodeClient): Promise<number> {
  const block = await node.post('/wallet/getblockbynum', { num: 0 })
  return Number.parseInt(readHex(block.blockID, 32, 'blockID').slice(-8), 16)
}

let lastTimestampMs = 0

/** Builds a contract call. Two of the same terms still differ in their id, by their timestamps. */
export function buildTransaction(codec: TronCodec, terms: TransactionTerms): UnsignedTransaction {
  lastTimestampMs = Math.max(Date.now(), lastTimestampMs + 1)
  const { head } = terms
  const raw_data = {
    contract: [
      {
        parameter: {
          value: {
            owner_address: toAccountHex(terms.owner),
            contract_address: toAccountHex(terms.target),
            data: terms.data.slice(2),
          },
          type_url: 'type.googleapis.com/protocol.TriggerSmartContract',
        },
        type: 'TriggerSmartContract',
      },
    ],
    ref_block_bytes: (head.number & 0xffff).toString(16).padStart(4, '0'),
    ref_block_hash: head.blockId.slice(18, 34),
    expiration: head.timestampMs + LIFETIME_MS,
    timestamp: lastTimestampMs,
    fee_limit: Number(terms.feeLimitSun),
  }
  const raw_data_hex = codec.encodeRawData({ visible: false, raw_data })
  return { visible: false, txID: hashRawData(raw_data_hex), raw_data_hex, raw_data }
}

/** The 21 bytes that TRON's API calls an address, bare hex. */
export function toAccountHex(address: Address): string {
  return `41${bytesToHex(addressToBytes(address)).slice(2)}`
}

/** A transaction's id: SHA-256 of its raw data. Both bare hex. */
export function hashRawData(rawDataHex: string): string {
  return bytesToHex(sha256(hexToBytes(rawDataHex))).slice(2)
}

/**
 * What a wallet handed back is what we asked it to sign, signed by the account that we think it is.
 * Throws WalletError 'altered-transaction' or 'wrong-account'.
 */
export function checkSigned(
  unsigned: UnsignedTransaction,
  signed: unknown,
  owner: Address,
): SignedTransaction {
  const reply = (typeof signed === 'object' && signed !== null ? signed : {}) as Record<string, unknown>
  const signatures = Array.isArray(reply.signature) ? reply.signature : []
  const isSame =
    typeof reply.txID === 'string' &&
    reply.txID.toLowerCase() === unsigned.txID &&
    (reply.raw_data_hex === undefined ||
      String(reply.raw_data_hex).toLowerCase() === unsigned.raw_data_hex.toLowerCase())
  if (!isSame || signatures.length !== 1)
    throw new WalletError('altered-transaction', 'The wallet signed something other than it was asked to.')
  const signature = normaliseSignature(signatures[0])
  if (!signature || recoverSigner(hexToBytes(unsigned.txID), signature) !== owner)
    throw new WalletError('wrong-account', 'The wallet signed with another account.')
  return { ...unsigned, signature: [signature.slice(2)] }
}

/** 65 bytes with v 27 or 28; wallets also write v as 0 or 1. Null when it is no signature. */
function normaliseSignature(value: unknown): Hex | null {
  if (typeof value !== 'string' || !/^(0x)?[0-9a-fA-F]{130}$/.test(value)) return null
  const body = value.replace(/^0x/, '').toLowerCase()
  const v = Number.parseInt(body.slice(128), 16)
  return `0x${body.slice(0, 128)}${(v < 27 ? v + 27 : v).toString(16).padStart(2, '0')}`
}

/** Bytes that the network charges: raw data, one signature, 64 for the result, and protobuf's frames. */
export function bandwidthOf(rawDataHex: string): number {
  const SIGNATURE_BYTES = 67
  const RESULT_BYTES = 64
  const FRAME_BYTES = 5
  return rawDataHex.length / 2 + SIGNATURE_BYTES + RESULT_BYTES + FRAME_BYTES
}

/** Throws ChainError 'too-large' for what no block takes. */
export function checkSize(unsigned: UnsignedTransaction): void {
  const MAX_TRANSACTION_BYTES = 500 * 1024
  if (bandwidthOf(unsigned.raw_data_hex) > MAX_TRANSACTION_BYTES)
    throw new ChainError('too-large', 'The transaction is larger than the network takes. Send it in parts.')
}
