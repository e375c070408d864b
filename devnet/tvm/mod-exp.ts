/** 0x05: base ^ exponent mod modulus, of any length (EIP-198 with its first prices). */
import type { Precompile } from './precompile.ts'
import { bytesToWord, sliceFilled, toInt } from './words.ts'

const LENGTHS_BYTES = 96
const ENERGY_DIVISOR = 20n
const NOTHING = new Uint8Array(0)
/** Above either no node is done in time. */
const MAX_TIMELY_ENERGY = 20_000_000n
const MAX_TIMELY_EXPONENT_BYTES = 100_000

interface Operands {
  readonly baseBytes: number
  readonly exponentBytes: number
  readonly modulusBytes: number
}

export const modExp: Precompile = {
  energyOf(data) {
    const { baseBytes, exponentBytes, modulusBytes } = readLengths(data)
    const head = sliceFilled(data, LENGTHS_BYTES + baseBytes, Math.min(exponentBytes, 32))
    const headBits = bytesToWord(head).toString(2).length - 1
    const bits = exponentBytes <= 32 ? headBits : 8 * (exponentBytes - 32) + headBits
    return (complexityOf(Math.max(baseBytes, modulusBytes)) * BigInt(Math.max(bits, 1))) / ENERGY_DIVISOR
  },
  run(data, { machine }) {
    const { baseBytes, exponentBytes, modulusBytes } = readLengths(data)
    if (modulusBytes === 0) return NOTHING
    if (exponentBytes > MAX_TIMELY_EXPONENT_BYTES || modExp.energyOf(data) > MAX_TIMELY_ENERGY) {
      machine.spendTime(Number.POSITIVE_INFINITY)
      return NOTHING
    }
    const read = (offset: number, lengthBytes: number) =>
      bytesToWord(sliceFilled(data, LENGTHS_BYTES + offset, lengthBytes))
    const modulus = read(baseBytes + exponentBytes, modulusBytes)
    if (modulus === 0n) return NOTHING
    const result = power(read(0, baseBytes), read(baseBytes, exponentBytes), modulus)
    return Uint8Array.from(Buffer.from(result.toString(16).padStart(2 * modulusBytes, '0'), 'hex'))
  },
}

function readLengths(data: Uint8Array): Operands {
  const [baseBytes, exponentBytes, modulusBytes] = [0, 32, 64].map((offset) =>
    toInt(bytesToWord(sliceFilled(data, offset, 32))),
  ) as [number, number, number]
  return { baseBytes, exponentBytes, modulusBytes }
}

function complexityOf(lengthBytes: number): bigint {
  const length = BigInt(lengthBytes)
  const square = length * length
  if (length <= 64n) return square
  if (length <= 1024n) return square / 4n + 96n * length - 3_072n
  return square / 16n + 480n * length - 199_680n
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus
  let square = base % modulus
  // By its text: shifting a long exponent bit by bit would take the square of its length.
  const bits = exponent.toString(2)
  for (let index = bits.length - 1; index >= 0; index--) {
    if (bits[index] === '1') result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
