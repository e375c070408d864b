/** The transaction that deploys, built here: the node only names the block that it refers to. */
import { concatBytes } from '@noble/hashes/utils.js'
import { type Hex, hexToBytes } from '../../lib/base/index.ts'
import type { TronCodec } from '../../lib/tron/index.ts'
import {
  type Address,
  addressFromBytes,
  type BlockHead,
  hashRawData,
  keccak256,
  LIFETIME_MS,
  toAccountHex,
  type UnsignedTransaction,
} from '../../lib/tron/index.ts'
import type { FeeSun } from '../../lib/units/index.ts'
import type { AbiFragment, AbiParam } from './contract-code.ts'

/** Callers pay for their energy; the owner's part is never used, but must be above zero. */
const USER_PAYS_PERCENT = 100
const OWNER_ENERGY_LIMIT = 10_000_000
/** TRON's `SmartContract.ABI.Entry.EntryType`, as java-tron spells it. */
const ENTRY_TYPES: Readonly<Record<string, string>> = {
  constructor: 'Constructor',
  function: 'Function',
  event: 'Event',
  fallback: 'Fallback',
  receive: 'Receive',
  error: 'Error',
}

export interface DeploymentTerms {
  readonly owner: Address
  /** What the network's pages call the contract. */
  readonly name: string
  readonly abi: readonly AbiFragment[]
  /** Creation code with the constructor's arguments. */
  readonly code: Hex
  readonly feeLimitSun: FeeSun
  readonly head: BlockHead
  readonly nowMs: number
}

export interface DeploymentTransaction {
  readonly unsigned: UnsignedTransaction
  /** Where the contract will stand. */
  readonly contract: Address
  /** After it no block takes the transaction any more. */
  readonly expiresAtMs: number
}

export function buildDeployment(codec: TronCodec, terms: DeploymentTerms): DeploymentTransaction {
  const { head, owner } = terms
  const ownerHex = toAccountHex(owner)
  const expiresAtMs = head.timestampMs + LIFETIME_MS
  const value = {
    owner_address: ownerHex,
    new_contract: {
      origin_address: ownerHex,
      name: terms.name,
      abi: { entrys: terms.abi.map(toEntry) },
      bytecode: terms.code.slice(2),
      consume_user_resource_percent: USER_PAYS_PERCENT,
      origin_energy_limit: OWNER_ENERGY_LIMIT,
    },
  }
  const raw_data = {
    contract: [
      {
        parameter: { value, type_url: 'type.googleapis.com/protocol.CreateSmartContract' },
        type: 'CreateSmartContract',
      },
    ],
    ref_block_bytes: (head.number & 0xffff).toString(16).padStart(4, '0'),
    ref_block_hash: head.blockId.slice(18, 34),
    expiration: expiresAtMs,
    timestamp: terms.nowMs,
    fee_limit: Number(terms.feeLimitSun),
  }
  const raw_data_hex = codec.encodeRawData({ visible: false, raw_data })
  const txID = hashRawData(raw_data_hex)
  return {
    unsigned: { visible: false, txID, raw_data_hex, raw_data },
    contract: contractAddressOf(txID, ownerHex),
    expiresAtMs,
  }
}

/** TRON's rule: the end of keccak(transaction id ++ the owner's 21 bytes). */
export function contractAddressOf(txId: string, ownerHex: string): Address {
  const preimage = concatBytes(hexToBytes(txId), hexToBytes(ownerHex))
  return addressFromBytes(keccak256(preimage).slice(12))
}

function toEntry(fragment: AbiFragment): Record<string, unknown> {
  const { name = '', inputs = [], outputs = [], stateMutability } = fragment
  return {
    anonymous: fragment.anonymous ?? false,
    constant: stateMutability === 'view' || stateMutability === 'pure',
    name,
    inputs: inputs.map(toParam),
    outputs: outputs.map(toParam),
    type: ENTRY_TYPES[fragment.type] ?? 'Function',
    payable: stateMutability === 'payable',
    ...(stateMutability ? { stateMutability: capitalise(stateMutability) } : {}),
  }
}

function toParam({ name, type, indexed }: AbiParam): Record<string, unknown> {
  return { name, type, ...(indexed ? { indexed } : {}) }
}

function capitalise(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
