/** What can be known of code before it runs: where it may jump to, and the words that it pushes. Kept by the code's array. */
import { bytesToWord } from './words.ts'

const JUMPDEST = 0x5b
const PUSH1 = 0x60
const PUSH32 = 0x7f

export interface CodeAnalysis {
  isJumpTarget(pc: number): boolean
  /** The word that the PUSH at a place pushes; where the code ends within it, zeros follow. */
  pushedWord(pc: number): bigint
}

const analyses = new WeakMap<Uint8Array, CodeAnalysis>()

/** The array must not change afterwards. */
export function analyseCode(code: Uint8Array): CodeAnalysis {
  let analysis = analyses.get(code)
  if (!analysis) {
    analysis = analyse(code)
    analyses.set(code, analysis)
  }
  return analysis
}

function analyse(code: Uint8Array): CodeAnalysis {
  const targets = new Uint8Array(code.length)
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc]!
    if (opcode === JUMPDEST) targets[pc] = 1
    else if (opcode >= PUSH1 && opcode <= PUSH32) pc += opcode - PUSH1 + 1
  }
  const words = new Map<number, bigint>()
  return {
    isJumpTarget: (pc) => targets[pc] === 1,
    pushedWord(pc) {
      let word = words.get(pc)
      if (word === undefined) {
        const lengthBytes = code[pc]! - PUSH1 + 1
        const there = code.subarray(pc + 1, pc + 1 + lengthBytes)
        word = bytesToWord(there) << BigInt(8 * (lengthBytes - there.length))
        words.set(pc, word)
      }
      return word
    },
  }
}
