/**
 * Real transactions that others made, each from the public source that `golden-transactions.json` names with it: ids,
 * signers, resources and contract addresses are TRON's, not ours.
 */
import { utils } from 'tronweb'
import { describe, expect, it } from 'vitest'
import { hexToBytes } from '../../lib/base/index.ts'
import { parseAddress } from '../../lib/tron/index.ts'
import { recoverSigner } from '../chain/check-transaction.ts'
import { RESULT_SIZE_BYTES } from '../chain/fees.ts'
import { parseExactJson, stringifyExactJson } from '../http/exact-json.ts'
import { createdAddress } from '../tvm/tvm.ts'
import { accountIdToAddress, formatAccountId, parseAccountId } from './account-id.ts'
import golden from './golden-transactions.json' with { type: 'json' }
import { decodeSignedTransaction, encodeSignedTransaction } from './transaction.ts'
import { formatTransaction, parseTransactionJson, toBareHex } from './transaction-json.ts'

interface GoldenTransaction {
  readonly name: string
  readonly source: string
  readonly txId: string
  readonly rawDataHex?: string
  readonly rawData?: Readonly<Record<string, unknown>>
  readonly signatures: readonly string[]
  readonly owner: string
  readonly signers?: readonly string[]
  readonly type: string
  readonly value: Readonly<Record<string, unknown>>
  readonly netUsage?: number
  readonly contractAddress?: string
}
const transactions = golden as readonly GoldenTransaction[]

const isAsBytes = (each: GoldenTransaction) => each.rawDataHex !== undefined
const signedBytes = (each: GoldenTransaction) => {
  const raw = hexToBytes(`0x${each.rawDataHex}`)
  const parts = each.signatures.map((signature) => `1241${signature}`).join('')
  const length = raw.length < 128 ? [raw.length] : [(raw.length & 127) | 128, raw.length >> 7]
  return Uint8Array.of(0x0a, ...length, ...raw, ...Buffer.from(parts, 'hex'))
}
const asJson = (each: GoldenTransaction) => ({
  visible: each.owner.startsWith('T'),
  txID: each.txId,
  signature: [...each.signatures],
  raw_data: {
    ...each.rawData,
    contract: [{ parameter: { value: each.value, type_url: '' }, type: each.type }],
  },
})
const signersOf = (each: GoldenTransaction) =>
  each.signers ?? [accountIdToAddress(parseAccountId(each.owner)!)]

describe.each(transactions.filter(isAsBytes))('$name ($source)', (each) => {
  const transaction = decodeSignedTransaction(signedBytes(each))

  it('has the id of its raw data, and the fields that its node showed', () => {
    expect(transaction.txId).toBe(each.txId)
    const json = JSON.parse(stringifyExactJson(formatTransaction(transaction, false)))
    expect(json.raw_data_hex).toBe(each.rawDataHex)
    const [contract] = json.raw_data.contract
    expect(contract.type).toBe(each.type)
    expect(contract.parameter).toEqual({
      value: each.value,
      type_url: `type.googleapis.com/protocol.${each.type}`,
    })
  })

  it('comes back byte for byte from its bytes, and from its JSON in hex and in base58', () => {
    expect(toBareHex(encodeSignedTransaction(transaction))).toBe(toBareHex(signedBytes(each)))
    for (const visible of [false, true]) {
      const text = stringifyExactJson(formatTransaction(transaction, visible))
      const rebuilt = parseTransactionJson(parseExactJson(text) as Record<string, unknown>)
      expect(toBareHex(rebuilt.rawBytes)).toBe(each.rawDataHex)
      expect(rebuilt.txId).toBe(each.txId)
    }
  })

  it('is what tronweb encodes from the same JSON', () => {
    const json = JSON.parse(stringifyExactJson(formatTransaction(transaction, false)))
    expect(utils.transaction.txPbToRawDataHex(utils.transaction.txJsonToPb(json)).toLowerCase()).toBe(
      each.rawDataHex,
    )
  })
})

describe.each(transactions.filter((each) => !isAsBytes(each)))('$name ($source)', (each) => {
  it('has its id when it is built from its fields', () => {
    expect(parseTransactionJson(asJson(each)).txId).toBe(each.txId)
  })
})

describe('signatures of real transactions', () => {
  it.each(transactions.filter(({ signatures }) => signatures.length > 0))(
    '$name recovers to who signed',
    (each) => {
      const signers = each.signatures.map((signature) =>
        recoverSigner(each.txId, hexToBytes(`0x${signature}`)),
      )
      expect(signers).toEqual(signersOf(each).map((signer) => parseAddress(signer)))
    },
  )
})

describe('what real transactions cost', () => {
  it.each(transactions.filter(({ netUsage }) => netUsage !== undefined))(
    '$name used as much bandwidth as our size says',
    (each) => {
      const transaction = decodeSignedTransaction(signedBytes(each))
      expect(encodeSignedTransaction(transaction).length + RESULT_SIZE_BYTES).toBe(each.netUsage)
    },
  )
})

describe('addresses of real deployments', () => {
  it.each(transactions.filter(({ contractAddress }) => contractAddress !== undefined))('$name', (each) => {
    const created = createdAddress(hexToBytes(`0x${each.txId}`), parseAccountId(each.owner)!)
    expect(formatAccountId(created, false)).toBe(each.contractAddress)
  })
})
