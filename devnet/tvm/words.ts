/** 256-bit words as bigints from 0 to 2^256 − 1, and what of them fits Java's smaller numbers. */
import type { AccountId } from '../codec/account-id.ts'

export const WORD_BYTES = 32
export const MAX_WORD = (1n << 256n) - 1n
const SIGN_BIT = 1n << 255n
const ADDRESS_MASK = (1n << 160n) - 1n
/** The byte before each of TRON's addresses, where a word holds 21 bytes. */
const ADDRESS_PREFIX = 0x41n << 160n
const MAX_INT = 0x7fff_ffff
export const MAX_LONG = (1n << 63n) - 1n

export function toSigned(word: bigint): bigint {
  return word >= SIGN_BIT ? word - (MAX_WORD + 1n) : word
}

export function toUnsigned(value: bigint): bigint {
  return value & MAX_WORD
}

/** A number of at most 31 bits; the largest of them for anything above. */
export function toInt(word: bigint): number {
  return word > 0x7fff_ffffn ? MAX_INT : Number(word)
}

/** The larger of two. */
export function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

/** The smaller of two. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** How many bytes a word needs; 0 for 0. */
export function bytesOccupied(word: bigint): number {
  return word === 0n ? 0 : Math.ceil(word.toString(16).length / 2)
}

/** The account that a word names: its last 20 bytes. */
export function toAccountId(word: bigint): AccountId {
  return `0x${(word & ADDRESS_MASK).toString(16).padStart(40, '0')}`
}

/** 20 bytes, as CALLER, ADDRESS and ORIGIN push them. */
export function addressWord(id: AccountId): bigint {
  return BigInt(id)
}

/** 21 bytes with 0x41 in front, as CREATE, CREATE2, COINBASE and ecrecover answer. */
export function prefixedAddressWord(id: AccountId): bigint {
  return ADDRESS_PREFIX | BigInt(id)
}

/** Big-endian; zero for no bytes. */
export function bytesToWord(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`)
}

export function wordToBytes(word: bigint): Uint8Array {
  const bytes = new Uint8Array(WORD_BYTES)
  writeWord(bytes, 0, word)
  return bytes
}

export function readWord(bytes: Uint8Array, offset: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const upper = (view.getBigUint64(offset) << 64n) | view.getBigUint64(offset + 8)
  const lower = (view.getBigUint64(offset + 16) << 64n) | view.getBigUint64(offset + 24)
  return upper === 0n ? lower : (upper << 128n) | lower
}

export function writeWord(bytes: Uint8Array, offset: number, word: bigint): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setBigUint64(offset, word >> 192n)
  view.setBigUint64(offset + 8, BigInt.asUintN(64, word >> 128n))
  view.setBigUint64(offset + 16, BigInt.asUintN(64, word >> 64n))
  view.setBigUint64(offset + 24, BigInt.asUintN(64, word))
}

/** Bytes from a place on, filled up with zeros where the source ends. */
export function sliceFilled(source: Uint8Array, offset: number, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes)
  if (offset < source.length) bytes.set(source.subarray(offset, offset + lengthBytes))
  return bytes
}
