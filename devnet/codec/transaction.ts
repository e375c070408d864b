/** Transactions as the chain sees them: decoded from the signed bytes, which alone decide id and meaning. */
import { sha256 } from '@noble/hashes/sha2.js'
import { BadRequest } from '../devnet-error.ts'
import { type AbiEntry, decodeAbi } from './abi-entry.ts'
import { type AccountId, accountIdFromBytes } from './account-id.ts'
import { ProtoReader, ProtoWriter } from './protobuf.ts'

export interface ContractCreation {
  readonly originAddress: AccountId
  readonly abi: readonly AbiEntry[]
  readonly bytecode: Uint8Array
  readonly callValueSun: bigint
  readonly userPercent: bigint
  readonly name: string
  readonly originEnergyLimit: bigint
}

export type ContractBody =
  | { readonly type: 'AccountCreateContract'; readonly owner: AccountId; readonly account: AccountId }
  | {
      readonly type: 'TransferContract'
      readonly owner: AccountId
      readonly to: AccountId
      readonly amountSun: bigint
    }
  | {
      readonly type: 'TransferAssetContract'
      readonly owner: AccountId
      readonly to: AccountId
      /** The numeric id as text, "1002000". */
      readonly tokenId: string
      readonly amount: bigint
    }
  | {
      readonly type: 'CreateSmartContract'
      readonly owner: AccountId
      readonly creation: ContractCreation
      readonly callTokenAmount: bigint
      readonly tokenId: bigint
    }
  | {
      readonly type: 'TriggerSmartContract'
      readonly owner: AccountId
      readonly contract: AccountId
      readonly callValueSun: bigint
      readonly data: Uint8Array
      readonly callTokenAmount: bigint
      readonly tokenId: bigint
    }

export interface Transaction {
  /** sha256 of `rawBytes`, lower-case hex without 0x, as TRON writes it. */
  readonly txId: string
  readonly rawBytes: Uint8Array
  readonly signatures: readonly Uint8Array[]
  readonly body: ContractBody
  readonly permissionId: number
  readonly refBlockBytes: Uint8Array
  readonly refBlockHash: Uint8Array
  readonly expirationMs: number
  readonly timestampMs: number
  readonly feeLimitSun: bigint
  readonly memo: Uint8Array
}

/** ContractType numbers of TRON's protocol. */
const CONTRACT_TYPES: Readonly<Record<number, ContractBody['type']>> = {
  0: 'AccountCreateContract',
  1: 'TransferContract',
  2: 'TransferAssetContract',
  30: 'CreateSmartContract',
  31: 'TriggerSmartContract',
}

/** Decodes `raw_data`. Throws BadRequest when it is malformed or of a type that the devnet has not. */
export function decodeTransaction(rawBytes: Uint8Array, signatures: readonly Uint8Array[]): Transaction {
  try {
    const raw = new ProtoReader(rawBytes)
    const contracts = raw.repeated(11)
    if (contracts.length !== 1) throw new RangeError('a transaction has exactly one contract')
    const contract = new ProtoReader(contracts[0]!)
    const parameter = new ProtoReader(contract.bytes(2))
    const typeNumber = Number(contract.int(1))
    const type = CONTRACT_TYPES[typeNumber]
    if (!type) throw new RangeError(`contract type ${typeNumber} is not supported by this devnet`)
    if (!parameter.text(1).endsWith(`/protocol.${type}`)) throw new RangeError('type and type_url differ')
    return {
      txId: Buffer.from(sha256(rawBytes)).toString('hex'),
      rawBytes,
      signatures,
      body: decodeBody(type, new ProtoReader(parameter.bytes(2))),
      permissionId: Number(contract.int(5)),
      refBlockBytes: raw.bytes(1),
      refBlockHash: raw.bytes(4),
      expirationMs: Number(raw.int(8)),
      timestampMs: Number(raw.int(14)),
      feeLimitSun: raw.int(18),
      memo: raw.bytes(10),
    }
  } catch (cause) {
    throw new BadRequest(cause instanceof Error ? cause.message : 'malformed transaction', 200, { cause })
  }
}

function decodeBody(type: ContractBody['type'], value: ProtoReader): ContractBody {
  switch (type) {
    case 'AccountCreateContract':
      return { type, owner: readId(value, 1), account: readId(value, 2) }
    case 'TransferContract':
      return { type, owner: readId(value, 1), to: readId(value, 2), amountSun: value.int(3) }
    case 'TransferAssetContract':
      return {
        type,
        tokenId: value.text(1),
        owner: readId(value, 2),
        to: readId(value, 3),
        amount: value.int(4),
      }
    case 'TriggerSmartContract':
      return {
        type,
        owner: readId(value, 1),
        contract: readId(value, 2),
        callValueSun: value.int(3),
        data: value.bytes(4),
        callTokenAmount: value.int(5),
        tokenId: value.int(6),
      }
    case 'CreateSmartContract': {
      const creation = new ProtoReader(value.bytes(2))
      return {
        type,
        owner: readId(value, 1),
        creation: {
          originAddress: readId(creation, 1),
          abi: decodeAbi(creation.bytes(3)),
          bytecode: creation.bytes(4),
          callValueSun: creation.int(5),
          userPercent: creation.int(6),
          name: creation.text(7),
          originEnergyLimit: creation.int(8),
        },
        callTokenAmount: value.int(3),
        tokenId: value.int(4),
      }
    }
  }
}

function readId(value: ProtoReader, field: number): AccountId {
  const id = accountIdFromBytes(value.bytes(field))
  if (!id) throw new RangeError('Invalid address')
  return id
}

/** The whole signed transaction as protobuf: what `broadcasthex` takes, and what bandwidth is charged for. */
export function encodeSignedTransaction(transaction: Transaction): Uint8Array {
  const writer = new ProtoWriter().bytes(1, transaction.rawBytes, true)
  for (const signature of transaction.signatures) writer.bytes(2, signature, true)
  return writer.finish()
}

/** Reads what `encodeSignedTransaction` wrote. Throws BadRequest. */
export function decodeSignedTransaction(bytes: Uint8Array): Transaction {
  try {
    const reader = new ProtoReader(bytes)
    return decodeTransaction(reader.bytes(1), reader.repeated(2))
  } catch (cause) {
    if (cause instanceof BadRequest) throw cause
    throw new BadRequest('malformed transaction', 200, { cause })
  }
}
