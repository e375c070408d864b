/** 0x00, 0x50–0xa4, 0xf3, 0xfd: stack, memory, storage, jumps, logs, and how a call ends. */
import { bytesToHex } from '../../lib/base/index.ts'
import type { Frame } from './frame.ts'
import {
  BASE,
  copyEnergy,
  HIGH,
  MID,
  memoryEnd,
  memoryEnergy,
  type Operation,
  SPECIAL,
  VERY_LOW,
} from './operation.ts'
import { badJump, outOfEnergy, outOfLongRange } from './tvm-error.ts'
import { bytesOccupied, larger, MAX_LONG, toInt, WORD_BYTES, wordToBytes } from './words.ts'

const SLOAD_ENERGY = 50
const NEW_SLOT_ENERGY = 20_000
const WRITE_ENERGY = 5_000
const TRANSIENT_ENERGY = 100
const LOG_ENERGY = 375
const LOG_TOPIC_ENERGY = 375
const LOG_BYTE_ENERGY = 8n
const WORD = BigInt(WORD_BYTES)
const NOTHING = new Uint8Array(0)

/** MLOAD, MSTORE and MSTORE8 cost 1 beside memory. */
const touch =
  (name: string, lengthBytes: bigint) =>
  (frame: Frame): number =>
    SPECIAL + memoryEnergy(frame, frame.peek(0) + lengthBytes, name)

/** RETURN and REVERT: where the call's output lies. */
const outputEnergy =
  (name: string) =>
  (frame: Frame): number =>
    memoryEnergy(frame, memoryEnd(frame.peek(0), frame.peek(1)), name)

function readOutput(frame: Frame): void {
  const offset = toInt(frame.pop())
  frame.output = frame.memory.read(offset, toInt(frame.pop()))
  frame.isStopped = true
}

function jump(frame: Frame, target: bigint): void {
  if (bytesOccupied(target) > 4) throw badJump(-1)
  const pc = Number(target) | 0
  if (!frame.analysis.isJumpTarget(pc)) throw badJump(pc)
  frame.pc = pc
}

const stackOperations: Operation[] = [
  ...Array.from({ length: 32 }, (_, index): Operation => {
    const lengthBytes = index + 1
    return {
      opcode: 0x60 + index,
      name: `PUSH${lengthBytes}`,
      takes: 0,
      leaves: 1,
      energy: VERY_LOW,
      run(frame) {
        frame.push(frame.analysis.pushedWord(frame.pc - 1))
        frame.pc += lengthBytes
      },
    }
  }),
  ...Array.from(
    { length: 16 },
    (_, index): Operation => ({
      opcode: 0x80 + index,
      name: `DUP${index + 1}`,
      takes: index + 1,
      leaves: index + 2,
      energy: VERY_LOW,
      run: (frame) => frame.push(frame.peek(index)),
    }),
  ),
  ...Array.from(
    { length: 16 },
    (_, index): Operation => ({
      opcode: 0x90 + index,
      name: `SWAP${index + 1}`,
      takes: index + 2,
      leaves: index + 2,
      energy: VERY_LOW,
      run({ stack }) {
        const top = stack.length - 1
        const other = top - index - 1
        const word = stack[top]!
        stack[top] = stack[other]!
        stack[other] = word
      },
    }),
  ),
]

const logOperations = Array.from({ length: 5 }, (_, topics): Operation => {
  const name = `LOG${topics}`
  return {
    opcode: 0xa0 + topics,
    name,
    takes: topics + 2,
    leaves: 0,
    energy(frame) {
      const size = frame.peek(1)
      const dataEnergy = size * LOG_BYTE_ENERGY
      if (dataEnergy > BigInt(frame.energyLeft)) {
        if (dataEnergy > MAX_LONG) throw outOfLongRange()
        throw outOfEnergy(
          `Not enough energy for '${name}' operation executing: opEnergy[${dataEnergy}], programEnergy[${frame.energyLeft}]`,
        )
      }
      const memory = memoryEnergy(frame, memoryEnd(frame.peek(0), size), name)
      return LOG_ENERGY + LOG_TOPIC_ENERGY * topics + Number(dataEnergy) + memory
    },
    run(frame, machine) {
      frame.requireMutable()
      const [offset, size] = [toInt(frame.pop()), toInt(frame.pop())]
      const words = Array.from({ length: topics }, () => bytesToHex(wordToBytes(frame.pop())))
      machine.logs.push({ address: frame.self, topics: words, data: frame.memory.read(offset, size) })
    },
  }
})

export const storageOperations: readonly Operation[] = [
  {
    opcode: 0x00,
    name: 'STOP',
    takes: 0,
    leaves: 0,
    energy: 0,
    run(frame) {
      frame.output = NOTHING
      frame.isStopped = true
    },
  },
  { opcode: 0x50, name: 'POP', takes: 1, leaves: 0, energy: BASE, run: (frame) => void frame.pop() },
  {
    opcode: 0x51,
    name: 'MLOAD',
    takes: 1,
    leaves: 1,
    energy: touch('MLOAD', WORD),
    run: (frame) => frame.push(frame.memory.readWord(toInt(frame.pop()))),
  },
  {
    opcode: 0x52,
    name: 'MSTORE',
    takes: 2,
    leaves: 0,
    energy: touch('MSTORE', WORD),
    run(frame) {
      const offset = toInt(frame.pop())
      frame.memory.writeWord(offset, frame.pop())
    },
  },
  {
    opcode: 0x53,
    name: 'MSTORE8',
    takes: 2,
    leaves: 0,
    energy: touch('MSTORE8', 1n),
    run(frame) {
      const offset = toInt(frame.pop())
      frame.memory.write(offset, Uint8Array.of(Number(frame.pop() & 0xffn)))
    },
  },
  {
    opcode: 0x54,
    name: 'SLOAD',
    takes: 1,
    leaves: 1,
    energy: SLOAD_ENERGY,
    run: (frame, { state }) => frame.push(state.getSlot(frame.self, frame.pop())),
  },
  {
    opcode: 0x55,
    name: 'SSTORE',
    takes: 2,
    leaves: 0,
    /** The first value of a slot that has no row is dear; a slot that this transaction cleared has its row still. */
    energy(frame, { state }) {
      const isNew = frame.peek(1) !== 0n && !state.hasSlotRow(frame.self, frame.peek(0))
      return isNew ? NEW_SLOT_ENERGY : WRITE_ENERGY
    },
    run(frame, { state }) {
      frame.requireMutable()
      const slot = frame.pop()
      state.setSlot(frame.self, slot, frame.pop())
    },
  },
  {
    opcode: 0x56,
    name: 'JUMP',
    takes: 1,
    leaves: 0,
    energy: MID,
    run: (frame) => jump(frame, frame.pop()),
  },
  {
    opcode: 0x57,
    name: 'JUMPI',
    takes: 2,
    leaves: 0,
    energy: HIGH,
    run(frame) {
      const target = frame.pop()
      if (frame.pop() !== 0n) jump(frame, target)
    },
  },
  {
    opcode: 0x58,
    name: 'PC',
    takes: 0,
    leaves: 1,
    energy: BASE,
    run: (frame) => frame.push(BigInt(frame.pc - 1)),
  },
  {
    opcode: 0x59,
    name: 'MSIZE',
    takes: 0,
    leaves: 1,
    energy: BASE,
    run: (frame) => frame.push(BigInt(frame.memory.size)),
  },
  {
    opcode: 0x5a,
    name: 'GAS',
    takes: 0,
    leaves: 1,
    energy: BASE,
    run: (frame) => frame.push(BigInt(frame.energyLeft)),
  },
  { opcode: 0x5b, name: 'JUMPDEST', takes: 0, leaves: 0, energy: SPECIAL, run: () => undefined },
  {
    opcode: 0x5c,
    name: 'TLOAD',
    takes: 1,
    leaves: 1,
    energy: TRANSIENT_ENERGY,
    run: (frame, { state }) => frame.push(state.getTransient(frame.self, frame.pop())),
  },
  {
    opcode: 0x5d,
    name: 'TSTORE',
    takes: 2,
    leaves: 0,
    energy: TRANSIENT_ENERGY,
    run(frame, { state }) {
      frame.requireMutable()
      const slot = frame.pop()
      state.setTransient(frame.self, slot, frame.pop())
    },
  },
  {
    opcode: 0x5e,
    name: 'MCOPY',
    takes: 3,
    leaves: 0,
    energy(frame) {
      const [target, source, size] = [frame.peek(0), frame.peek(1), frame.peek(2)]
      const end = memoryEnd(larger(target, source), size)
      return VERY_LOW + memoryEnergy(frame, end, 'MCOPY') + copyEnergy(size)
    },
    run(frame) {
      const [target, source, size] = [toInt(frame.pop()), toInt(frame.pop()), toInt(frame.pop())]
      frame.memory.write(target, frame.memory.read(source, size))
    },
  },
  { opcode: 0x5f, name: 'PUSH0', takes: 0, leaves: 1, energy: BASE, run: (frame) => frame.push(0n) },
  ...stackOperations,
  ...logOperations,
  { opcode: 0xf3, name: 'RETURN', takes: 2, leaves: 0, energy: outputEnergy('RETURN'), run: readOutput },
  {
    opcode: 0xfd,
    name: 'REVERT',
    takes: 2,
    leaves: 0,
    energy: outputEnergy('REVERT'),
    run(frame) {
      readOutput(frame)
      frame.isReverted = true
    },
  },
]
