/** A contract that the node has built in. */
import type { Frame } from './frame.ts'
import type { Machine } from './machine.ts'

export interface PrecompileContext {
  /** The call that calls it. */
  readonly frame: Frame
  readonly machine: Machine
}

export interface Precompile {
  energyOf(data: Uint8Array): bigint
  /** What it answers; null when it fails, which takes all the energy that it was given. */
  run(data: Uint8Array, context: PrecompileContext): Uint8Array | null
}
