/** The JSON form of transactions. java-tron rebuilds a transaction from its JSON, and so do we: `txID` is not trusted. */
import { bytesToHex } from '../../lib/base/index.ts'
import { BadRequest } from '../devnet-error.ts'
import { parseHexBytes } from './account-id.ts'
import { findContractType } from './contract-schemas.ts'
import { encodeMessage, formatMessage, type Message, parseMessage } from './message.ts'
import { RAW } from './raw-schema.ts'
import { decodeTransaction, type Transaction } from './transaction.ts'

type Json = Record<string, unknown>

const TYPE_URL = 'type.googleapis.com/protocol.'

/** Hex without 0x, as TRON's JSON has it. */
export function toBareHex(bytes: Uint8Array): string {
  return bytesToHex(bytes).slice(2)
}

/** Rebuilds a (signed) transaction from untrusted JSON. Throws BadRequest. */
export function parseTransactionJson(json: Json): Transaction {
  const signatures = json.signature === undefined || json.signature === null ? [] : [json.signature].flat()
  return decodeTransaction(
    encodeRawData(json.raw_data, json.visible === true || json.visible === 'true'),
    signatures.map((signature) => {
      try {
        return parseHexBytes(signature)
      } catch (cause) {
        throw new BadRequest('INVALID hex String', 200, { cause })
      }
    }),
  )
}

/** The bytes of `raw_data` from its JSON. Throws BadRequest. */
export function encodeRawData(rawData: unknown, visible = false): Uint8Array {
  if (!isObject(rawData)) throw new BadRequest('no raw_data in the transaction')
  const [contract] = [rawData.contract].flat() as unknown[]
  if (!isObject(contract) || !isObject(contract.parameter)) throw new BadRequest('no contract in raw_data')
  const type = findContractType(typeof contract.type === 'number' ? contract.type : String(contract.type))
  if (!type) throw new BadRequest(`contract type ${printable(contract.type)} is not supported by this devnet`)
  try {
    const value = encodeMessage(type.schema, parseMessage(type.schema, contract.parameter.value, visible))
    const raw = parseMessage(RAW, { ...rawData, contract: [] }, visible)
    const { Permission_id } = contract
    return encodeMessage(RAW, {
      ...raw,
      contract: [
        {
          type: type.number,
          parameter: { type_url: `${TYPE_URL}${type.schema.name}`, value },
          ...(Permission_id === undefined ? {} : parseMessage(PERMISSION_ID, { Permission_id }, visible)),
        },
      ],
    })
  } catch (cause) {
    throw new BadRequest(cause instanceof Error ? cause.message : 'malformed transaction', 200, { cause })
  }
}

const PERMISSION_ID = {
  name: 'Contract',
  fields: [{ number: 5, name: 'Permission_id', kind: 'int32' }],
} as const

/** What `gettransactionbyid` answers, without `ret`. 64-bit integers are bigint. */
export function formatTransaction(transaction: Transaction, visible: boolean): Json {
  const { contractType, raw } = transaction
  const { contract: _contract, ...rest } = raw
  const type = contractType.schema.name
  return {
    ...(transaction.signatures.length > 0 ? { signature: transaction.signatures.map(toBareHex) } : {}),
    visible,
    txID: transaction.txId,
    raw_data: {
      contract: [
        {
          parameter: {
            value: formatMessage(contractType.schema, transaction.contractValue, visible),
            type_url: `${TYPE_URL}${type}`,
          },
          type,
          ...(transaction.permissionId !== 0 ? { Permission_id: transaction.permissionId } : {}),
        },
      ],
      ...formatMessage(RAW, rest as Message, visible),
    },
    raw_data_hex: toBareHex(transaction.rawBytes),
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function printable(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60).replace(/[^\x20-\x7e]/g, '?') : typeof value
}
