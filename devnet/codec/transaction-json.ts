/** The JSON form of transactions. java-tron rebuilds a transaction from its JSON, and so do we: `txID` is not trusted. */
import { utils } from 'tronweb'
import { bytesToHex, hexToBytes } from '../../lib/units/bytes.ts'
import { BadRequest } from '../devnet-error.ts'
import { formatAbiEntry } from './abi-entry.ts'
import { formatAccountId, parseAccountId } from './account-id.ts'
import { type ContractBody, decodeTransaction, type Transaction } from './transaction.ts'

type Json = Record<string, unknown>
const ADDRESS_FIELDS = [
  'owner_address',
  'to_address',
  'account_address',
  'contract_address',
  'origin_address',
]

/** Hex without 0x, as TRON's JSON has it. */
export function toBareHex(bytes: Uint8Array): string {
  return bytesToHex(bytes).slice(2)
}

/** Rebuilds a (signed) transaction from untrusted JSON. Throws BadRequest. */
export function parseTransactionJson(json: Json): Transaction {
  const rawData = json.raw_data
  if (typeof rawData !== 'object' || rawData === null) throw new BadRequest('no raw_data in the transaction')
  const signatures = Array.isArray(json.signature) ? json.signature : []
  try {
    const rebuilt = { visible: false, raw_data: normaliseRawData(rawData as Json, json.visible === true) }
    const rawHex = utils.transaction.txPbToRawDataHex(utils.transaction.txJsonToPb(rebuilt))
    return decodeTransaction(
      hexToBytes(rawHex),
      signatures.map((signature) => hexToBytes(String(signature))),
    )
  } catch (cause) {
    if (cause instanceof BadRequest) throw cause
    throw new BadRequest(cause instanceof Error ? cause.message : 'malformed transaction', 200, { cause })
  }
}

/** Addresses to hex, and text that `visible` leaves readable to hex: the encoder then sees one form only. */
function normaliseRawData(rawData: Json, isVisible: boolean): Json {
  const copy = structuredClone(rawData)
  const contract = (copy.contract as Json[] | undefined)?.[0]
  const value = (contract?.parameter as Json | undefined)?.value as Json | undefined
  if (!contract || !value) throw new BadRequest('no contract in raw_data')
  const targets = [value, value.new_contract as Json | undefined]
  for (const target of targets) {
    if (!target) continue
    for (const field of ADDRESS_FIELDS) {
      if (target[field] === undefined) continue
      const id = parseAccountId(target[field])
      if (!id) throw new BadRequest(`INVALID ${field}`)
      target[field] = formatAccountId(id, false)
    }
  }
  if (isVisible && typeof value.asset_name === 'string') {
    value.asset_name = Buffer.from(value.asset_name).toString('hex')
  }
  return copy
}

/** Builds the unsigned raw bytes of a transaction through the encoder that wallets check with. */
export function encodeRawData(rawData: Json): Uint8Array {
  return hexToBytes(utils.transaction.txPbToRawDataHex(utils.transaction.txJsonToPb({ raw_data: rawData })))
}

/** What `gettransactionbyid` answers, without `ret`. */
export function formatTransaction(transaction: Transaction, visible: boolean): Json {
  const { body } = transaction
  return {
    ...(transaction.signatures.length > 0 ? { signature: transaction.signatures.map(toBareHex) } : {}),
    visible,
    txID: transaction.txId,
    raw_data: {
      contract: [
        {
          parameter: {
            value: formatBody(body, visible),
            type_url: `type.googleapis.com/protocol.${body.type}`,
          },
          type: body.type,
          ...(transaction.permissionId > 0 ? { Permission_id: transaction.permissionId } : {}),
        },
      ],
      ref_block_bytes: toBareHex(transaction.refBlockBytes),
      ref_block_hash: toBareHex(transaction.refBlockHash),
      expiration: transaction.expirationMs,
      ...(transaction.feeLimitSun > 0n ? { fee_limit: Number(transaction.feeLimitSun) } : {}),
      ...(transaction.timestampMs > 0 ? { timestamp: transaction.timestampMs } : {}),
      ...(transaction.memo.length > 0 ? { data: toBareHex(transaction.memo) } : {}),
    },
    raw_data_hex: toBareHex(transaction.rawBytes),
  }
}

function formatBody(body: ContractBody, visible: boolean): Json {
  const owner_address = formatAccountId(body.owner, visible)
  switch (body.type) {
    case 'AccountCreateContract':
      return { owner_address, account_address: formatAccountId(body.account, visible) }
    case 'TransferContract':
      return { amount: Number(body.amountSun), owner_address, to_address: formatAccountId(body.to, visible) }
    case 'TransferAssetContract':
      return {
        amount: Number(body.amount),
        asset_name: visible ? body.tokenId : Buffer.from(body.tokenId).toString('hex'),
        owner_address,
        to_address: formatAccountId(body.to, visible),
      }
    case 'TriggerSmartContract':
      return {
        ...(body.data.length > 0 ? { data: toBareHex(body.data) } : {}),
        ...formatToken(body),
        ...(body.callValueSun > 0n ? { call_value: Number(body.callValueSun) } : {}),
        owner_address,
        contract_address: formatAccountId(body.contract, visible),
      }
    case 'CreateSmartContract':
      return {
        owner_address,
        ...formatToken(body),
        new_contract: {
          bytecode: toBareHex(body.creation.bytecode),
          name: body.creation.name,
          origin_address: formatAccountId(body.creation.originAddress, visible),
          abi: { entrys: body.creation.abi.map(formatAbiEntry) },
          consume_user_resource_percent: Number(body.creation.userPercent),
          origin_energy_limit: Number(body.creation.originEnergyLimit),
          ...(body.creation.callValueSun > 0n ? { call_value: Number(body.creation.callValueSun) } : {}),
        },
      }
  }
}

function formatToken(body: { readonly tokenId: bigint; readonly callTokenAmount: bigint }): Json {
  return {
    ...(body.callTokenAmount > 0n ? { call_token_value: Number(body.callTokenAmount) } : {}),
    ...(body.tokenId > 0n ? { token_id: Number(body.tokenId) } : {}),
  }
}
