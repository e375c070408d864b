/** 0x01, 0x09 and 0x0a: whose signature it is. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from '../../lib/base/index.ts'
import { type AccountId, accountIdToBytes } from '../codec/account-id.ts'
import type { Permission } from '../codec/contract-body.ts'
import type { Machine } from './machine.ts'
import type { Precompile } from './precompile.ts'
import { outOfTimeWith, TvmError } from './tvm-error.ts'
import { bytesToWord, prefixedAddressWord, toAccountId, toInt, WORD_BYTES, wordToBytes } from './words.ts'

const RECOVER_ENERGY = 3_000n
/** Half a recovery, for each signature. */
const SIGNATURE_ENERGY = 1_500
const MAX_BATCH = 16
const MAX_MULTI = 5
const NOTHING = new Uint8Array(0)
const NO = new Uint8Array(WORD_BYTES)
const YES = wordToBytes(1n)

/** Hash, v, r, s; answered with 21 bytes, 0x41 before the address. A short s is filled up with zeros, anything shorter recovers nobody. */
const recover: Precompile = {
  energyOf: () => RECOVER_ENERGY,
  run(data, { machine }) {
    if (data.length < 96) return NOTHING
    const v = bytesToWord(data.subarray(32, 64))
    if (v > 0xffn) return NOTHING
    const s = new Uint8Array(WORD_BYTES)
    s.set(data.subarray(96, 128))
    const signature = concatBytes(data.slice(64, 96), s)
    const id = recoverSigner(machine, data.slice(0, 32), signature, Number(v))
    return id ? wordToBytes(prefixedAddressWord(id)) : NOTHING
  },
}

/** Hash, list of signatures, list of addresses: byte i of the answer is 1 when signature i is address i's. */
const validateBatch: Precompile = {
  energyOf: (data) => energyOfLists(data, 6),
  run(data, { machine }) {
    try {
      const words = new Words(data)
      const hash = wordToBytes(words.get(0))
      const signatures = words.readByteArrays(words.getPlace(1))
      const start = words.getPlace(2)
      const count = words.getInt(start)
      if (signatures.length === 0 || signatures.length > MAX_BATCH || count !== signatures.length) return NO
      const answer = new Uint8Array(WORD_BYTES)
      signatures.forEach((signature, index) => {
        const signer = recoverCompact(machine, hash, signature)
        if (signer !== null && signer === toAccountId(words.get(start + index + 1))) answer[index] = 1
      })
      return answer
    } catch {
      return NO
    }
  },
}

/** Account, permission id, data, list of signatures: whether they reach the permission's threshold. */
const validateMulti: Precompile = {
  energyOf: (data) => energyOfLists(data, 5),
  run(data, { machine }) {
    const words = new Words(data)
    const id = toAccountId(words.get(0))
    const permissionId = words.getInt(1)
    const hash = sha256(
      concatBytes(accountIdToBytes(id), int32Bytes(permissionId), wordToBytes(words.get(2))),
    )
    const signatures = words.readByteArrays(words.getPlace(3))
    if (signatures.length === 0 || signatures.length > MAX_MULTI || !machine.state.accountExists(id))
      return NO
    const permission = machine.fields.chain.findPermission(machine.state, id, permissionId)
    return permission && reachesThreshold(machine, permission, hash, signatures) ? YES : NO
  },
}

export const signaturePrecompiles: readonly [bigint, Precompile][] = [
  [1n, recover],
  [9n, validateBatch],
  [10n, validateMulti],
]

function reachesThreshold(
  machine: Machine,
  { keys, threshold }: Permission,
  hash: Uint8Array,
  signatures: readonly Uint8Array[],
): boolean {
  let weight = 0n
  const seen = new Map<AccountId, string>()
  for (const signature of signatures) {
    const signer = recoverCompact(machine, hash, signature)
    if (!signer) return false
    const text = bytesToHex(signature)
    const before = seen.get(signer)
    if (before === text) continue
    // Two signatures of one key: a node takes it for an attack on its time.
    if (before !== undefined) throw outOfTimeWith('CPU timeout for 0x0a executing')
    const key = keys.find(({ address }) => address === signer)
    if (!key || key.weight === 0n) return false
    weight += key.weight
    seen.set(signer, text)
  }
  return weight >= threshold
}

/** r, s and v in 65 bytes or more; null for anything else. */
function recoverCompact(machine: Machine, hash: Uint8Array, signature: Uint8Array): AccountId | null {
  if (signature.length < 65) return null
  const last = signature[64]!
  // A Java byte: from 128 on it is negative, and so below 27.
  const v = last < 27 || last >= 128 ? (last + 27) & 0xff : last
  return recoverSigner(machine, hash, signature.slice(0, 64), v)
}

function recoverSigner(
  machine: Machine,
  hash: Uint8Array,
  signature: Uint8Array,
  v: number,
): AccountId | null {
  if (v !== 27 && v !== 28) return null
  try {
    const parsed = secp256k1.Signature.fromBytes(signature, 'compact').addRecoveryBit(v - 27)
    machine.noteSignature()
    const key = parsed.recoverPublicKey(hash).toBytes(false)
    return bytesToHex(keccak_256(key.subarray(1)).slice(12))
  } catch {
    return null
  }
}

/** Words before the lists are five; a list's entry is so many. Rounds towards zero, also for less than five. */
function energyOfLists(data: Uint8Array, wordsAnEntry: number): bigint {
  const entries = Math.trunc((Math.floor(data.length / WORD_BYTES) - 5) / wordsAnEntry)
  return BigInt(entries * SIGNATURE_ENERGY)
}

/** Call data as words. Throws what java-tron throws for a place beyond them. */
class Words {
  readonly #data: Uint8Array
  readonly #count: number
  constructor(data: Uint8Array) {
    this.#data = data
    this.#count = Math.floor(data.length / WORD_BYTES)
  }

  get(index: number): bigint {
    if (index >= this.#count)
      throw new TvmError('UNKNOWN', 'java.lang.ArrayIndexOutOfBoundsException', `${index}`)
    return bytesToWord(this.#data.subarray(index * WORD_BYTES, (index + 1) * WORD_BYTES))
  }

  getInt(index: number): number {
    return toInt(this.get(index))
  }

  /** The word that an offset in bytes points at. */
  getPlace(index: number): number {
    return Math.floor(this.getInt(index) / WORD_BYTES)
  }

  /** A list of bytes, as the ABI has it. None for a list that lies beyond the data. */
  readByteArrays(start: number): Uint8Array[] {
    if (start > this.#count - 1) return []
    const arrays: Uint8Array[] = []
    const length = this.getInt(start)
    for (let index = 0; index < length; index++) {
      const place = this.getPlace(start + index + 1)
      const lengthBytes = this.getInt(start + place + 1)
      const offset = (start + place + 2) * WORD_BYTES
      if (offset > this.#data.length || lengthBytes > this.#data.length + WORD_BYTES)
        throw new TvmError('UNKNOWN', 'java.lang.ArrayIndexOutOfBoundsException', `${offset}`)
      const array = new Uint8Array(lengthBytes)
      array.set(this.#data.subarray(offset, offset + lengthBytes))
      arrays.push(array)
    }
    return arrays
  }
}

function int32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
