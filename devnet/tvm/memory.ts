/** A call's memory: it grows by whole words and is never larger than what was touched. */
import { executionFailed } from './tvm-error.ts'
import { readWord, WORD_BYTES, writeWord } from './words.ts'

const NOTHING = new Uint8Array(0)
const FIRST_CAPACITY_BYTES = 1_024
/** Above it no code gets, at any price; the one way here is a precompile's answer at an address that nobody paid for. */
const MAX_BYTES = 16 * 1024 * 1024

export class Memory {
  #bytes = NOTHING
  #lengthBytes = 0

  /** Bytes, a multiple of 32. */
  get size(): number {
    return this.#lengthBytes
  }

  extend(offset: number, lengthBytes: number): void {
    if (lengthBytes <= 0) return
    const end = offset + lengthBytes
    if (end <= this.#lengthBytes) return
    if (end > MAX_BYTES) throw executionFailed('Unknown Exception')
    this.#lengthBytes = Math.ceil(end / WORD_BYTES) * WORD_BYTES
    if (this.#lengthBytes <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(FIRST_CAPACITY_BYTES, 2 * this.#lengthBytes))
    bytes.set(this.#bytes)
    this.#bytes = bytes
  }

  /** A copy. */
  read(offset: number, lengthBytes: number): Uint8Array {
    if (lengthBytes === 0) return NOTHING
    this.extend(offset, lengthBytes)
    return this.#bytes.slice(offset, offset + lengthBytes)
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.extend(offset, bytes.length)
    this.#bytes.set(bytes, offset)
  }

  readWord(offset: number): bigint {
    this.extend(offset, WORD_BYTES)
    return readWord(this.#bytes, offset)
  }

  writeWord(offset: number, word: bigint): void {
    this.extend(offset, WORD_BYTES)
    writeWord(this.#bytes, offset, word)
  }
}
