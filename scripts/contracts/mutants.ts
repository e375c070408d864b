/**
 * Ways to break the contract, each of which a test must notice: a check dropped, a comparison flipped, a write skipped. Texts are
 * exact and stand once in their file, so a change of the contract that they do not follow fails.
 */
import { openings, purses } from './mutants/swarm-channels/opening.ts'
import { digests, signatures, tokens, trees } from './mutants/swarm-channels/proving.ts'
import { redeems, slots } from './mutants/swarm-channels/redeeming.ts'
import { settlements } from './mutants/swarm-channels/settling.ts'
import type { Mutant, MutantRow } from './mutation.ts'

const inFile =
  (file: string) =>
  ([name, find, replace, breaks]: MutantRow): Mutant => ({ name, file, find, replace, breaks })

export const mutants: readonly Mutant[] = [
  ...[...purses, ...openings, ...redeems, ...settlements].map(inFile('channels/SwarmChannels.sol')),
  ...slots.map(inFile('channels/Slots.sol')),
  ...trees.map(inFile('channels/SeatTree.sol')),
  ...digests.map(inFile('channels/TypedData.sol')),
  ...signatures.map(inFile('shared/Signatures.sol')),
  ...tokens.map(inFile('channels/Tokens.sol')),
]
