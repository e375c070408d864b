/** The compiled contract: what is sent to deploy it, and what must then stand on the chain, to the byte. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, type Hex, hexToBytes, ProgramError } from '../../lib/base/index.ts'
import { domainSeparator } from '../../lib/channels/index.ts'
import { type Address, addressToBytes, keccak256 } from '../../lib/tron/index.ts'

const WORD_BYTES = 32

export interface Artifact {
  readonly abi: readonly AbiFragment[]
  /** Creation code. */
  readonly bytecode: Hex
  /** Code on the chain, with zeroes where immutables go. */
  readonly deployedBytecode: Hex
  /** Byte offsets of each immutable's words in it. */
  readonly immutables: Readonly<Record<string, readonly number[]>>
  readonly compiler: { readonly version: string }
}

export interface AbiFragment {
  readonly type: string
  readonly name?: string
  readonly inputs?: readonly AbiParam[]
  readonly outputs?: readonly AbiParam[]
  readonly stateMutability?: string
  readonly anonymous?: boolean
}
export interface AbiParam {
  readonly name: string
  readonly type: string
  readonly indexed?: boolean
}

/** The compiled contract of a name; `npm run compile:contracts` writes it. */
export function readArtifact(name: 'SwarmChannels' | 'BttToken'): Artifact {
  const path = fileURLToPath(new URL(`../../contracts/artifacts/${name}.json`, import.meta.url))
  return JSON.parse(readFileSync(path, 'utf8')) as Artifact
}

/** Creation code with the constructor's one argument. */
export function creationCode(artifact: Artifact, token: Address): Hex {
  return bytesToHex(concatBytes(hexToBytes(artifact.bytecode), addressWord(token)))
}

export interface DeploymentPlace {
  readonly chainId: number
  readonly contract: Address
  readonly token: Address
}

/** The code that the constructor leaves at a place: each immutable is known beforehand. */
export function expectedCode(artifact: Artifact, place: DeploymentPlace): Uint8Array {
  const code = hexToBytes(artifact.deployedBytecode)
  const values = new Map([
    ['token', addressWord(place.token)],
    ['_deployedChainId', numberWord(place.chainId)],
    ['_deployedSeparator', domainSeparator(place)],
  ])
  for (const [name, offsets] of Object.entries(artifact.immutables)) {
    const word = values.get(name)
    if (!word)
      throw new ProgramError(
        'unknown-immutable',
        `the contract has an immutable ${name} that is not known here`,
      )
    for (const offset of offsets) code.set(word, offset)
  }
  return code
}

/** How a code is named for people to compare. */
export function hashCode(code: Uint8Array): Hex {
  return bytesToHex(keccak256(code))
}

function addressWord(address: Address): Uint8Array {
  return concatBytes(new Uint8Array(WORD_BYTES - 20), addressToBytes(address))
}

function numberWord(value: number): Uint8Array {
  return hexToBytes(value.toString(16).padStart(WORD_BYTES * 2, '0'))
}
