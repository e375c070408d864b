/**
 * Ways to break the contract, each of which a test must notice: a check dropped, a comparison flipped, a write skipped. Texts are
 * exact and stand once in their file, so a change of the contract that they do not follow fails.
 */
import { openings, purses } from './mutants/opening.ts'
import { digests, signatures, tokens, trees } from './mutants/proving.ts'
import { redeems, slots } from './mutants/redeeming.ts'
import { settlements } from './mutants/settling.ts'
import type { Mutant, MutantRow } from './mutation.ts'

const inFile =
  (file: string) =>
  ([name, find, replace, breaks]: MutantRow): Mutant => ({ name, file, find, replace, breaks })

export const mutants: readonly Mutant[] = [
  ...[...purses, ...openings, ...redeems, ...settlements].map(inFile('SwarmChannels.sol')),
  ...slots.map(inFile('libraries/Slots.sol')),
  ...trees.map(inFile('libraries/SeatTree.sol')),
  ...digests.map(inFile('TypedData.sol')),
  ...signatures.map(inFile('libraries/Signatures.sol')),
  ...tokens.map(inFile('libraries/Tokens.sol')),
]
