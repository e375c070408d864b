/**
 * Calls, creations and self-destructions inside one transaction, in their order. A counter numbers them, whether they last
 * or not; addresses that CREATE gives and the hashes of internal transactions come from it.
 * Source: java-tron, actuator/…/core/vm/program/Program.java (increaseNonce, addInternalTx) and
 * chainbase/…/common/runtime/InternalTransaction.java (getHash).
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from '../../lib/base/index.ts'
import { type AccountId, accountIdToBytes } from '../codec/account-id.ts'
import type { TokenTransfer } from './token-transfer.ts'

export interface InternalTransaction {
  /** 32 bytes. */
  readonly hash: Uint8Array
  readonly caller: AccountId
  /** null where java-tron names nobody: a vote. */
  readonly to: AccountId | null
  readonly valueSun: bigint
  readonly token: TokenTransfer | null
  /** "call", "create", "suicide", and the words of staking. */
  readonly note: string
  /** True when it, or what it ran within, failed. */
  readonly isRejected: boolean
}

type NewInternal = Omit<InternalTransaction, 'hash' | 'isRejected'> & {
  /** The call's data or the creation's code. */
  readonly data: Uint8Array
  /** The hash of the frame that it happens in: the transaction's id at the root. */
  readonly parentHash: Uint8Array
}

export class InternalTransactions {
  readonly #rootTxId: Uint8Array
  #list: InternalTransaction[] = []
  #nonce = 0n

  constructor(rootTxId: Uint8Array) {
    this.#rootTxId = rootTxId
  }

  get list(): readonly InternalTransaction[] {
    return this.#list
  }

  /** The address of the contract that the next CREATE makes; it counts every internal transaction before it. */
  nextCreatedAddress(): AccountId {
    return bytesToHex(keccak_256(concatBytes(this.#rootTxId, int64Bytes(this.#nonce))).slice(12))
  }

  /** Notes one that begins; returns its hash, 32 bytes. */
  add({ data, parentHash, ...internal }: NewInternal): Uint8Array {
    this.#nonce += 1n
    const value = int64Bytes(internal.valueSun)
    const to = internal.to ? accountIdToBytes(internal.to) : new Uint8Array(0)
    const hash = keccak_256(concatBytes(parentHash, to, data, value, int64Bytes(this.#nonce)))
    this.#list.push({ ...internal, hash, isRejected: false })
    return hash
  }

  /** Corrects what the last one moved, which is known when it is done; its hash stays. */
  setLastValue(valueSun: bigint): void {
    const last = this.#list.pop()
    if (last) this.#list.push({ ...last, valueSun })
  }

  /** Marks those from an index on as failed. */
  reject(fromIndex: number): void {
    this.#list = this.#list.map((each, index) => (index < fromIndex ? each : { ...each, isRejected: true }))
  }
}

function int64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value))
  return bytes
}
