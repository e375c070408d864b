/** Reverts and refusals of the chain as `ChainError`s: `code` is the contract's error name or one of ours. */
import { type ChainCode, ChainError, type ContractErrorCode, type Hex } from '../base/index.ts'
import { readWords } from './node-client.ts'
import type { AbiInterface } from './tronweb-codec.ts'

/** `java-tron`'s names of a contract's result, where they are no plain revert. */
const RESULT_CODES: Readonly<Record<string, readonly [code: ChainCode, words: string]>> = {
  OUT_OF_ENERGY: ['out-of-energy', 'The transaction ran out of energy.'],
  OUT_OF_TIME: ['out-of-time', 'The transaction took longer than the network allows.'],
}

/** How a node refuses a call that failed without a revert: by the exception's name. */
const FAILED_CALL = /^class org\.tron\.core\.vm\.program\.Program\$(\w+)Exception : /
const EXCEPTION_RESULTS: Readonly<Record<string, string>> = {
  OutOfEnergy: 'OUT_OF_ENERGY',
  OutOfTime: 'OUT_OF_TIME',
}

/** The error for return data of a failed call. Data that nobody knows is shown as it is, cut short. */
export function decodeRevert(data: Hex, contract: AbiInterface, fallbackWords: string): ChainError {
  const parsed = parseKnownError(data, contract)
  if (parsed === null)
    return new ChainError('reverted', fallbackWords || `The contract refused: ${data.slice(0, 74)}`)
  if (parsed.name === 'Error') return new ChainError('reverted', `The contract refused: ${parsed.detail}`)
  if (parsed.name === 'Panic')
    return new ChainError('reverted', `The contract broke down (${parsed.detail}).`)
  const words = contract.errorWords[parsed.name]
  if (words === undefined) return new ChainError('reverted', `The contract refused: ${parsed.name}.`)
  return new ChainError(parsed.name as ContractErrorCode, words)
}

function parseKnownError(data: Hex, contract: AbiInterface): { name: string; detail: string } | null {
  try {
    const parsed = contract.parseError(data)
    if (!parsed) return null
    // ethers throws where there is no such argument.
    const detail = parsed.args.length > 0 ? readWords(String(parsed.args[0])) : ''
    return { name: parsed.name, detail }
  } catch {
    // A selector that we know in front of data that does not fit it: as good as unknown.
    return null
  }
}

/** The error for a transaction that is in a block but failed there. */
export function decodeFailedResult(
  result: string,
  data: Hex,
  contract: AbiInterface,
  words: string,
): ChainError {
  const known = RESULT_CODES[result]
  return known ? new ChainError(known[0], known[1]) : decodeRevert(data, contract, words)
}

/** The error for a node's refusal to take a transaction, by its `code`. */
export function decodeRefusal(code: string, words: string): ChainError {
  const [, exception] = FAILED_CALL.exec(words) ?? []
  const known = exception && RESULT_CODES[EXCEPTION_RESULTS[exception] ?? '']
  if (known) return new ChainError(known[0], known[1])
  if (/EXPIRATION/.test(code)) return new ChainError('expired', 'The transaction was signed too late.')
  if (/BANDWITH|BANDWIDTH/.test(code))
    return new ChainError('too-little-trx', 'There is too little TRX for the bandwidth of this transaction.')
  if (/SIGERROR/.test(code)) return new ChainError('bad-signature', 'The node does not take the signature.')
  if (/balance is not sufficient|not enough|no OwnerAccount|does not exist/i.test(words))
    return new ChainError('too-little-trx', `The node refused the transaction: ${words}`)
  return new ChainError('refused', `The node refused the transaction: ${words || code || 'no reason given'}`)
}
