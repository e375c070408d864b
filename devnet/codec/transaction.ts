/** Transactions as the chain sees them: decoded from the signed bytes, which alone decide id and meaning. */
import { sha256 } from '@noble/hashes/sha2.js'
import { BadRequest } from '../devnet-error.ts'
import { type ContractBody, readContractBody } from './contract-body.ts'
import { type ContractType, findContractType } from './contract-schemas.ts'
import { decodeMessage, type Message } from './message.ts'
import { ProtoReader, ProtoWriter } from './protobuf.ts'
import { RAW } from './raw-schema.ts'

export interface Transaction {
  /** sha256 of `rawBytes`, lower-case hex without 0x, as TRON writes it. */
  readonly txId: string
  readonly rawBytes: Uint8Array
  readonly signatures: readonly Uint8Array[]
  /** `raw_data` and the contract's message in it, as decoded. */
  readonly raw: Message
  readonly contractValue: Message
  readonly contractType: ContractType
  readonly body: ContractBody
  readonly permissionId: number
  readonly refBlockBytes: Uint8Array
  readonly refBlockHash: Uint8Array
  readonly expirationMs: number
  readonly timestampMs: number
  readonly feeLimitSun: bigint
  readonly memo: Uint8Array
}

/** Decodes `raw_data`. Throws BadRequest when it is malformed or of a type that the devnet has not. */
export function decodeTransaction(rawBytes: Uint8Array, signatures: readonly Uint8Array[]): Transaction {
  try {
    const raw = decodeMessage(RAW, rawBytes)
    const contracts = (raw.contract ?? []) as readonly Message[]
    const [contract] = contracts
    if (!contract || contracts.length > 1) throw new RangeError('a transaction has exactly one contract')
    const typeNumber = Number(contract.type ?? 0)
    const contractType = findContractType(typeNumber)
    if (!contractType) throw new RangeError(`contract type ${typeNumber} is not supported by this devnet`)
    const { schema } = contractType
    const parameter = (contract.parameter ?? {}) as Message
    if (!String(parameter.type_url ?? '').endsWith(`/protocol.${schema.name}`)) {
      throw new RangeError('type and type_url differ')
    }
    const contractValue = decodeMessage(schema, bytesOf(parameter.value))
    return {
      txId: Buffer.from(sha256(rawBytes)).toString('hex'),
      rawBytes,
      signatures,
      raw,
      contractValue,
      contractType,
      body: readContractBody(schema.name as ContractBody['type'], contractValue),
      permissionId: Number(contract.Permission_id ?? 0),
      refBlockBytes: bytesOf(raw.ref_block_bytes),
      refBlockHash: bytesOf(raw.ref_block_hash),
      expirationMs: Number(raw.expiration ?? 0n),
      timestampMs: Number(raw.timestamp ?? 0n),
      feeLimitSun: (raw.fee_limit ?? 0n) as bigint,
      memo: bytesOf(raw.data),
    }
  } catch (cause) {
    throw new BadRequest(cause instanceof Error ? cause.message : 'malformed transaction', 200, { cause })
  }
}

function bytesOf(value: Message[string]): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(0)
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
