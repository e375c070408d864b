import fc from 'fast-check'
import { utils } from 'tronweb'
import { describe, expect, it } from 'vitest'
import { BadRequest } from '../devnet-error.ts'
import { parseExactJson, stringifyExactJson } from '../http/exact-json.ts'
import { decodeTransaction } from './transaction.ts'
import { encodeRawData, formatTransaction, parseTransactionJson, toBareHex } from './transaction-json.ts'

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => `41${toBareHex(bytes)}`)
const hex = fc.uint8Array({ maxLength: 80 }).map(toBareHex)
/** A token's id is text; other bytes would be lost in the readable form. */
const assetName = fc.nat().map((id) => Buffer.from(`${id}`).toString('hex'))
const amount = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })
const small = fc.integer({ min: 1, max: 2 ** 40 })
const resource = fc.constantFrom('BANDWIDTH', 'ENERGY')

/** A value of each kind of contract, with numbers that tronweb's encoder can hold too. */
const contract = (int64: fc.Arbitrary<bigint | number>) => {
  const owner_address = address
  const key = fc.record({ address, weight: int64 })
  const permission = (type: number) =>
    fc.record({
      ...(type === 0 ? {} : { type: fc.constant(type), operations: fc.constant('7f'.repeat(32)) }),
      permission_name: fc.string({ maxLength: 20 }),
      threshold: int64,
      keys: fc.array(key, { minLength: 1, maxLength: 5 }),
    })
  const kinds = {
    AccountCreateContract: { account_address: address },
    TransferContract: { to_address: address, amount: int64 },
    TransferAssetContract: { to_address: address, asset_name: assetName, amount: int64 },
    TriggerSmartContract: {
      contract_address: address,
      data: hex,
      call_value: int64,
      call_token_value: int64,
      token_id: int64,
    },
    FreezeBalanceV2Contract: { frozen_balance: int64, resource },
    UnfreezeBalanceV2Contract: { unfreeze_balance: int64, resource },
    WithdrawExpireUnfreezeContract: {},
    CancelAllUnfreezeV2Contract: {},
    DelegateResourceContract: { balance: int64, resource, receiver_address: address, lock: fc.boolean() },
    UnDelegateResourceContract: { balance: int64, resource, receiver_address: address },
    AccountPermissionUpdateContract: {
      owner: permission(0),
      actives: fc.array(permission(2), { minLength: 1, maxLength: 3 }),
    },
  }
  const entries = Object.entries(kinds).map(([type, fields]) =>
    fc.record({ owner_address, ...fields }).map((value) => ({ type, value })),
  )
  return fc.oneof(...entries)
}

const rawData = (int64: fc.Arbitrary<bigint | number>) =>
  fc.record({
    contract: contract(int64).map(({ type, value }) => [
      { parameter: { value, type_url: `type.googleapis.com/protocol.${type}` }, type },
    ]),
    ref_block_bytes: fc.constant('00ff'),
    ref_block_hash: fc.constant('0123456789abcdef'),
    expiration: small,
    timestamp: small,
    fee_limit: small,
    data: hex,
  })

describe('transactions in JSON', () => {
  it('encode as tronweb encodes them', () => {
    fc.assert(
      fc.property(rawData(small), (raw) => {
        const ours = toBareHex(encodeRawData(raw))
        const theirs = utils.transaction.txPbToRawDataHex(utils.transaction.txJsonToPb({ raw_data: raw }))
        expect(ours).toBe(theirs.toLowerCase())
      }),
      { numRuns: 200 },
    )
  })

  it('come back with every digit of a 64-bit number, in hex and in base58', () => {
    fc.assert(
      fc.property(rawData(amount), fc.boolean(), (raw, visible) => {
        const transaction = decodeTransaction(encodeRawData(raw), [])
        const text = stringifyExactJson(formatTransaction(transaction, visible))
        const again = parseTransactionJson(parseExactJson(text) as Record<string, unknown>)
        expect(again.txId).toBe(transaction.txId)
      }),
      { numRuns: 200 },
    )
  })

  it('are refused, and nothing worse, when they are garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.jsonValue(), (bytes, json) => {
        for (const read of [
          () => decodeTransaction(bytes, []),
          () => parseTransactionJson({ raw_data: json }),
          () =>
            parseTransactionJson({
              raw_data: { contract: [{ type: 'TransferContract', parameter: { value: json } }] },
            }),
        ]) {
          try {
            read()
          } catch (error) {
            expect(error).toBeInstanceOf(BadRequest)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keep an enum by name, by number, and in lower case', () => {
    const freeze = (resourceName: unknown) =>
      toBareHex(
        encodeRawData({
          contract: [
            {
              type: 'FreezeBalanceV2Contract',
              parameter: {
                value: { owner_address: `41${'11'.repeat(20)}`, frozen_balance: 5, resource: resourceName },
              },
            },
          ],
        }),
      )
    expect(freeze(1)).toBe(freeze('ENERGY'))
    expect(() => freeze('POTATO')).toThrow(BadRequest)
    expect(() => freeze(9)).toThrow(BadRequest)
  })
})
