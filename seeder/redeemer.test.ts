import { beforeEach, describe, expect, test } from 'vitest'
import { ChainError, type Hex } from '../lib/base/index.ts'
import type { Chain, ContractCall } from '../lib/channels/index.ts'
import { createMemoryLedger, createPayee, type PayeeAccount } from '../lib/payments/index.ts'
import { pieceReason, testKey, testWallet } from '../lib/payments/testing/accounts.ts'
import { balanceOf, createLedgerChain, type LedgerChain } from '../lib/payments/testing/ledger-chain.ts'
import { createStranger, type Stranger } from '../lib/payments/testing/stranger.ts'
import { toAmount } from '../lib/units/index.ts'
import { createRedeemer, type Redeemer } from './redeemer.ts'

const MINUTE_MS = 60_000
const wallet = testWallet(10)
const payerWallet = testWallet(1)

let inner: LedgerChain
let payer: Stranger
let payee: PayeeAccount
let events: Readonly<Record<string, unknown>>[]
let nowMs: number
/** Channels of rows that the chain skips, and calls that it would refuse. */
let skipped: Set<Hex>
let refused: Set<Hex>
let estimates: number

beforeEach(async () => {
  inner = createLedgerChain(new Map([[payerWallet.address, 1_000_000n]]))
  payer = createStranger({ chain: inner, wallet: payerWallet, signer: testKey(2) })
  await payer.fund(toAmount(900_000n))
  events = []
  nowMs = 1_800_000_000_000
  skipped = new Set()
  refused = new Set()
  estimates = 0
})

const has = (call: ContractCall, channels: ReadonlySet<Hex>): boolean =>
  call.kind === 'redeem' && call.rows.some(({ channelId }) => channels.has(channelId))

function makeRedeemer(bttPerTrx: bigint | null): Redeemer {
  const chain: Chain = {
    ...inner,
    async estimateFee(call, from) {
      estimates += 1
      if (has(call, refused)) throw new ChainError('reverted', 'The contract refused.')
      return inner.estimateFee(call, from)
    },
    async send(call, signer, onBroadcast, signal) {
      const rows = call.kind === 'redeem' ? call.rows.filter((row) => !skipped.has(row.channelId)) : []
      return inner.send(call.kind === 'redeem' ? { ...call, rows } : call, signer, onBroadcast, signal)
    },
  }
  payee = createPayee({
    chain,
    ledger: createMemoryLedger(),
    payee: wallet.address,
    delegateKey: testKey(11),
  })
  const redeemer = createRedeemer({
    chain,
    payee,
    wallet,
    policy: {
      redeemAt: toAmount(100n),
      floor: toAmount(500n),
      feeMultiple: 20,
      bttPerTrx: bttPerTrx === null ? null : toAmount(bttPerTrx),
    },
    log: (event) => void events.push(event),
    nowMs: () => nowMs,
  })
  redeemer.stop()
  return redeemer
}

async function owe(amount: bigint): Promise<Hex> {
  const seat = await payer.offer(payee, toAmount(amount))
  await payer.open(seat)
  await payee.acceptSeat(seat)
  await payee.acceptVoucher(await payer.promise(seat, toAmount(amount)), pieceReason(0))
  return seat.channelId
}

describe('a redemption that the chain does not pay', () => {
  test('is an alarm with a code, counted once, and no line says that 0 was redeemed', async () => {
    const redeemer = makeRedeemer(null)
    skipped.add(await owe(700n))
    await redeemer.look()
    expect(redeemer.alarm).toBe('moved-nothing')
    expect(redeemer.failures).toEqual(new Map([['moved-nothing', 1]]))
    expect(events).toMatchObject([{ event: 'redeemFailed', code: 'moved-nothing', rows: 1, feeSun: 1_000n }])
  })

  test('rests for 5 minutes, then for twice as long, and burns no fee meanwhile', async () => {
    const redeemer = makeRedeemer(null)
    skipped.add(await owe(700n))
    const sentAfter = async (minutes: number): Promise<number> => {
      nowMs += minutes * MINUTE_MS
      await redeemer.look()
      return inner.sent.filter((kind) => kind === 'redeem').length
    }
    expect([await sentAfter(0), await sentAfter(4), await sentAfter(1)]).toEqual([1, 1, 2])
    expect([await sentAfter(9), await sentAfter(1), await sentAfter(19), await sentAfter(1)]).toEqual([
      2, 3, 3, 4,
    ])
    skipped.clear()
    expect(await redeemer.redeemNow()).toMatchObject([{ amount: 700n }])
    // What happened stays to be looked at.
    expect(redeemer.alarm).toBe('moved-nothing')
  })

  test('does not keep the others from being paid, then or later', async () => {
    const redeemer = makeRedeemer(null)
    skipped.add(await owe(700n))
    await owe(600n)
    await redeemer.look()
    expect(redeemer.alarm).toBe('moved-less')
    expect(events.map(({ event }) => event)).toEqual(['redeemed', 'redeemFailed'])
    await owe(900n)
    await redeemer.look()
    expect(balanceOf(inner, wallet.address)).toBe(1_500n)
  })

  test('nor does one that no simulation takes, which is found once and then left out', async () => {
    const redeemer = makeRedeemer(10n)
    refused.add(await owe(5_000n))
    await owe(4_000n)
    await owe(3_000n)
    await redeemer.look()
    expect(balanceOf(inner, wallet.address)).toBe(7_000n)
    expect(redeemer.alarm).toBe('reverted')
    expect(estimates).toBe(4)
    await owe(4_000n)
    await redeemer.look()
    expect(estimates).toBe(5)
    expect(balanceOf(inner, wallet.address)).toBe(11_000n)
  })
})

test('a node that is not there is told, and is no alarm', async () => {
  const redeemer = makeRedeemer(null)
  await owe(700n)
  inner.isDown = true
  await redeemer.look()
  expect(redeemer.failures).toEqual(new Map([['unreachable', 1]]))
  expect(redeemer.alarm).toBeNull()
})
