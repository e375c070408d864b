/** 0x01–0x20: numbers, comparisons, bits, hashes. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Frame } from './frame.ts'
import { LOW, MID, memoryEnd, memoryEnergy, type Operation, VERY_LOW } from './operation.ts'
import { bytesOccupied, bytesToWord, MAX_WORD, toInt, toSigned, toUnsigned } from './words.ts'

const EXP_ENERGY = 10
const EXP_BYTE_ENERGY = 10
const SHA3_ENERGY = 30
const SHA3_WORD_ENERGY = 6

const unary = (opcode: number, name: string, compute: (a: bigint) => bigint): Operation => ({
  opcode,
  name,
  takes: 1,
  leaves: 1,
  energy: VERY_LOW,
  run(frame) {
    frame.push(compute(frame.pop()))
  },
})

const binary = (
  opcode: number,
  name: string,
  energy: Operation['energy'],
  compute: (a: bigint, b: bigint) => bigint,
): Operation => ({
  opcode,
  name,
  takes: 2,
  leaves: 1,
  energy,
  run(frame) {
    const a = frame.pop()
    frame.push(compute(a, frame.pop()))
  },
})

const ternary = (
  opcode: number,
  name: string,
  compute: (a: bigint, b: bigint, c: bigint) => bigint,
): Operation => ({
  opcode,
  name,
  takes: 3,
  leaves: 1,
  energy: MID,
  run(frame) {
    const a = frame.pop()
    const b = frame.pop()
    frame.push(compute(a, b, frame.pop()))
  },
})

const flag = (isTrue: boolean): bigint => (isTrue ? 1n : 0n)

export const arithmeticOperations: readonly Operation[] = [
  binary(0x01, 'ADD', VERY_LOW, (a, b) => toUnsigned(a + b)),
  binary(0x02, 'MUL', LOW, (a, b) => toUnsigned(a * b)),
  binary(0x03, 'SUB', VERY_LOW, (a, b) => toUnsigned(a - b)),
  binary(0x04, 'DIV', LOW, (a, b) => (b === 0n ? 0n : a / b)),
  binary(0x05, 'SDIV', LOW, (a, b) => (b === 0n ? 0n : toUnsigned(toSigned(a) / toSigned(b)))),
  binary(0x06, 'MOD', LOW, (a, b) => (b === 0n ? 0n : a % b)),
  binary(0x07, 'SMOD', LOW, (a, b) => (b === 0n ? 0n : toUnsigned(toSigned(a) % toSigned(b)))),
  ternary(0x08, 'ADDMOD', (a, b, c) => (c === 0n ? 0n : (a + b) % c)),
  ternary(0x09, 'MULMOD', (a, b, c) => (c === 0n ? 0n : (a * b) % c)),
  binary(0x0a, 'EXP', (frame) => EXP_ENERGY + EXP_BYTE_ENERGY * bytesOccupied(frame.peek(1)), power),
  binary(0x0b, 'SIGNEXTEND', LOW, (index, word) => {
    if (index >= 32n) return word
    const bits = 8 * (Number(index) + 1)
    return toUnsigned(BigInt.asIntN(bits, word))
  }),
  binary(0x10, 'LT', VERY_LOW, (a, b) => flag(a < b)),
  binary(0x11, 'GT', VERY_LOW, (a, b) => flag(a > b)),
  binary(0x12, 'SLT', VERY_LOW, (a, b) => flag(toSigned(a) < toSigned(b))),
  binary(0x13, 'SGT', VERY_LOW, (a, b) => flag(toSigned(a) > toSigned(b))),
  binary(0x14, 'EQ', VERY_LOW, (a, b) => flag(a === b)),
  unary(0x15, 'ISZERO', (a) => flag(a === 0n)),
  binary(0x16, 'AND', VERY_LOW, (a, b) => a & b),
  binary(0x17, 'OR', VERY_LOW, (a, b) => a | b),
  binary(0x18, 'XOR', VERY_LOW, (a, b) => a ^ b),
  unary(0x19, 'NOT', (a) => a ^ MAX_WORD),
  binary(0x1a, 'BYTE', VERY_LOW, (index, word) =>
    index >= 32n ? 0n : (word >> (8n * (31n - index))) & 0xffn,
  ),
  binary(0x1b, 'SHL', VERY_LOW, (bits, word) => (bits >= 256n ? 0n : toUnsigned(word << bits))),
  binary(0x1c, 'SHR', VERY_LOW, (bits, word) => (bits >= 256n ? 0n : word >> bits)),
  binary(0x1d, 'SAR', VERY_LOW, (bits, word) => toUnsigned(toSigned(word) >> (bits >= 256n ? 256n : bits))),
  {
    opcode: 0x20,
    name: 'SHA3',
    takes: 2,
    leaves: 1,
    energy: hashEnergy,
    run(frame) {
      const offset = toInt(frame.pop())
      const bytes = frame.memory.read(offset, toInt(frame.pop()))
      frame.push(bytesToWord(keccak_256(bytes)))
    },
  },
]

function hashEnergy(frame: Frame): number {
  const size = frame.peek(1)
  const memory = memoryEnergy(frame, memoryEnd(frame.peek(0), size), 'SHA3')
  return SHA3_ENERGY + memory + SHA3_WORD_ENERGY * Math.ceil(Number(size) / 32)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = toUnsigned(result * square)
    square = toUnsigned(square * square)
  }
  return result
}
