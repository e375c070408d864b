import { utils } from 'tronweb'
import { describe, expect, it } from 'vitest'
import { bytesToHex, type Hex } from '../base/index.ts'
import { addressOfPrivateKey, signDigest } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { encodeCall, type SwarmCall } from './calls.ts'
import type { RedeemRow } from './chain.ts'
import { swarmChannelsAbi } from './generated/abi.ts'
import type { ChannelFields, SeatLeaf } from './types.ts'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const account = (byte: number) => addressOfPrivateKey(key(byte))
const bytes32 = (byte: number): Hex => bytesToHex(key(byte))
const signature = signDigest(key(1), key(9))

const channel: ChannelFields = {
  payer: account(1),
  signer: account(2),
  root: bytes32(3),
  total: toAmount((1n << 128n) - 1n),
  closeDelaySec: 3600,
  salt: bytes32(4),
}
const leaf = (byte: number): SeatLeaf => ({ payee: account(byte), delegate: account(5), cap: toAmount(7n) })
const row = (byte: number, cumulative: bigint): RedeemRow => ({
  channelId: bytes32(6),
  payee: account(byte),
  cumulative: toAmount(cumulative),
  signature,
  proof: { channel, leaf: leaf(byte), path: [{ hash: bytes32(7), sum: toAmount(3n), side: 'left' }] },
})

const abi = new utils.ethersUtils.Interface(JSON.stringify(swarmChannelsAbi))
function encode(call: SwarmCall, onChain: readonly RedeemRow[] = []): string {
  const encoded = encodeCall(call, (candidate) => onChain.includes(candidate))
  return abi.encodeFunctionData(encoded.functionName, encoded.args as unknown[])
}

describe('encodeCall', () => {
  const settlement = {
    channel,
    leaves: [leaf(11), leaf(10), leaf(12)],
    releases: [{ channelId: bytes32(6), payee: account(11), cumulative: toAmount(2n), signature }],
  }
  const calls: SwarmCall[] = [
    { kind: 'fund', signer: account(2), amount: toAmount(1n), untilSec: 5n },
    { kind: 'defund', signer: account(2), amount: toAmount(1n) },
    { kind: 'open', channel, note: '0x', signature: null },
    { kind: 'open', channel, note: '0x0102', signature },
    { kind: 'fundAndOpen', channel, note: '0x0102', amount: toAmount(1n), untilSec: 5n },
    { kind: 'redeem', rows: [row(10, 1n)] },
    { kind: 'startClose', channel },
    { kind: 'settle', settlement },
    { kind: 'closeOut', settlements: [settlement, settlement], signer: account(2) },
  ]
  it.each(calls.map((call) => [call.kind, call] as const))('fits the contract’s ABI: %s', (_kind, call) => {
    expect(encode(call)).toMatch(/^0x[0-9a-f]{8}([0-9a-f]{64})*$/)
  })

  it('proves a seat once, at its first row', () => {
    const rows = [row(10, 1n), row(10, 2n), row(11, 1n)]
    const [, proofs] = encodeCall({ kind: 'redeem', rows }, () => false).args as [unknown, unknown[][]]
    expect(proofs.map(([index]) => index)).toEqual([0, 2])
  })

  it('leaves the proof out of a seat that the chain knows', () => {
    const rows = [row(10, 1n), row(11, 1n)]
    const known = encodeCall({ kind: 'redeem', rows }, (candidate) => candidate === rows[0]).args
    expect((known[1] as unknown[][]).map(([index]) => index)).toEqual([1])
    expect(encode({ kind: 'redeem', rows }, rows).length).toBeLessThan(
      encode({ kind: 'redeem', rows }).length,
    )
  })

  it('lists leaves in the order of their payees', () => {
    const [, leaves] = encodeCall({ kind: 'settle', settlement }, () => false).args as [unknown, string[][]]
    const payees = leaves.map(([payee]) => payee as string)
    expect(payees).toEqual([...payees].sort())
  })

  it('refuses a signature that the contract would not take', () => {
    const rows = [{ ...row(10, 1n), signature: '0x00' as Hex }]
    expect(() => encodeCall({ kind: 'redeem', rows }, () => false)).toThrowError(
      expect.objectContaining({ code: 'malformed' }),
    )
  })
})
