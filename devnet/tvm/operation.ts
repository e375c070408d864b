/** An operation of the machine, and the prices that many share. Source of all: java-tron, actuator/…/core/vm/EnergyCost.java. */
import type { Frame } from './frame.ts'
import type { Machine } from './machine.ts'
import { outOfMemory } from './tvm-error.ts'

export interface Operation {
  readonly opcode: number
  /** java-tron's name, which its words of failure quote. */
  readonly name: string
  /** How many words it takes from the stack, and how many it leaves. */
  readonly takes: number
  readonly leaves: number
  readonly energy: number | ((frame: Frame, machine: Machine) => number)
  run(frame: Frame, machine: Machine): void
}

export const BASE = 2
export const VERY_LOW = 3
export const LOW = 5
export const MID = 8
export const HIGH = 10
export const EXT = 20
export const SPECIAL = 1

const MEMORY_LIMIT_BYTES = 3n * 1024n * 1024n
const WORD_ENERGY = 3
const COPY_WORD_ENERGY = 3

/** How far memory must reach for a piece of it; nowhere for an empty one. */
export function memoryEnd(offset: bigint, lengthBytes: bigint): bigint {
  return lengthBytes === 0n ? 0n : offset + lengthBytes
}

/** The price of memory up to a place, above what is there; throws beyond 3 MiB. */
export function memoryEnergy(frame: Frame, end: bigint, operation: string): number {
  if (end > MEMORY_LIMIT_BYTES) throw outOfMemory(operation)
  const words = Math.ceil(Number(end) / 32)
  const oldWords = frame.memory.size / 32
  return words > oldWords ? energyOfWords(words) - energyOfWords(oldWords) : 0
}

function energyOfWords(words: number): number {
  return WORD_ENERGY * words + Math.floor((words * words) / 512)
}

/** The price of copying: each word of it that is begun. */
export function copyEnergy(lengthBytes: bigint): number {
  return COPY_WORD_ENERGY * Math.ceil(Number(lengthBytes) / 32)
}
