import { beforeEach, describe, expect, it } from 'vitest'
import { ChainError, type Hex } from '../../base/index.ts'
import type { Chain, ContractCall } from '../../channels/index.ts'
import { FailedTransaction } from '../../tron/index.ts'
import { toAmount, toFeeSun } from '../../units/index.ts'
import type { LedgerStore } from '../ledger.ts'
import { createMemoryLedger } from '../ledger.ts'
import type { OfferedSeat } from '../ports.ts'
import { pieceReason, type TestClock, testClock, testKey, testWallet } from '../testing/accounts.ts'
import { balanceOf, createLedgerChain, type LedgerChain } from '../testing/ledger-chain.ts'
import { createStranger, type Stranger } from '../testing/stranger.ts'
import { createPayee, type PayeeAccount } from './payee.ts'
import { MAX_REDEEM_ROWS, type RedeemFailure } from './redeem.ts'

const wallet = testWallet(10)
const payerWallet = testWallet(1)
const FEE_LIMIT = toFeeSun(7_000_000n)
const DUE = 5n

let inner: LedgerChain
let payer: Stranger
let ledger: LedgerStore
let clock: TestClock
let sizes: number[]

beforeEach(async () => {
  inner = createLedgerChain(new Map([[payerWallet.address, 1_000_000n]]))
  payer = createStranger({ chain: inner, wallet: payerWallet, signer: testKey(2) })
  ledger = createMemoryLedger()
  clock = testClock()
  sizes = []
  await payer.fund(toAmount(900_000n))
})

const rowsOf = (call: ContractCall): number => (call.kind === 'redeem' ? call.rows.length : 0)
const failedId = (serial: number): Hex => `0x${String(serial).padStart(64, 'f')}`

/** The test chain with another fate of redemptions; null leaves one alone. */
function withFate(fate: (rows: number, call: ContractCall) => (() => never | Promise<never>) | null): Chain {
  return {
    ...inner,
    async send(call, signer, onBroadcast, signal) {
      if (call.kind === 'redeem') sizes.push(rowsOf(call))
      const end = fate(rowsOf(call), call)
      if (!end) return inner.send(call, signer, onBroadcast, signal)
      await signer.signTransaction({})
      return end()
    },
  }
}

/** In a block, and out of time there. */
const burn =
  (onBurn: () => void = () => undefined) =>
  (): never => {
    onBurn()
    throw new FailedTransaction(new ChainError('out-of-time', 'too long'), {
      txId: failedId(sizes.length),
      feeSun: FEE_LIMIT,
    })
  }

async function makePayee(chain: Chain): Promise<PayeeAccount> {
  const payee = createPayee({ chain, ledger, payee: wallet.address, delegateKey: testKey(11), clock })
  await payee.restore()
  return payee
}

async function earn(payee: PayeeAccount, seats: number): Promise<readonly OfferedSeat[]> {
  const offered: OfferedSeat[] = []
  for (let index = 0; index < seats; index++) {
    const seat = await payer.offer(payee, toAmount(100n))
    await payer.open(seat)
    await payee.acceptSeat(seat)
    await payee.acceptVoucher(await payer.promise(seat, toAmount(DUE)), pieceReason(index))
    offered.push(seat)
  }
  return offered
}

const receiptsOf = async (kind: 'redeem' | 'failed') =>
  (await ledger.listReceipts({ limit: 1_000 })).filter((receipt) => receipt.kind === kind)

describe('a redemption of many seats', () => {
  it('has at most 16 rows in one transaction, and pays them all', async () => {
    const payee = await makePayee(withFate(() => null))
    await earn(payee, 40)
    const batches = await payee.redeem(wallet)
    expect(sizes).toEqual([16, 16, 8])
    expect(MAX_REDEEM_ROWS).toBe(16)
    expect(batches.map(({ rows, amount }) => [rows, amount])).toEqual([
      [16, 80n],
      [16, 80n],
      [8, 40n],
    ])
    expect(balanceOf(inner, wallet.address)).toBe(200n)
  })
})

describe('a redemption that runs out of time', () => {
  it('in a block is halved for good, its burned fee is a receipt, and no row is lost', async () => {
    const failures: RedeemFailure[] = []
    const payee = await makePayee(withFate((rows) => (rows > 4 ? burn() : null)))
    await earn(payee, 20)
    await payee.redeem(wallet, { onFailure: (failure) => void failures.push(failure) })
    expect(sizes).toEqual([16, 8, 4, 4, 4, 4, 4])
    expect(
      failures.map(({ channelIds, feeSun, isRetried }) => [channelIds.length, feeSun, isRetried]),
    ).toEqual([
      [16, FEE_LIMIT, true],
      [8, FEE_LIMIT, true],
    ])
    expect(await receiptsOf('failed')).toMatchObject([
      { amount: 0n, feeSun: FEE_LIMIT, txId: failedId(2) },
      { amount: 0n, feeSun: FEE_LIMIT, txId: failedId(1) },
    ])
    expect(balanceOf(inner, wallet.address)).toBe(100n)
    expect(payee.getTotals()).toMatchObject({ redeemable: 0n, paidOnChain: 100n })
  })

  it('at every size burns at most five fee limits, then stops, and all is still due', async () => {
    const payee = await makePayee(withFate(() => burn()))
    await earn(payee, 40)
    await expect(payee.redeem(wallet)).rejects.toMatchObject({ code: 'out-of-time' })
    expect(sizes).toEqual([16, 8, 4, 2, 1])
    expect(payee.getTotals()).toMatchObject({ redeemable: 200n, paidOnChain: 0n })
    expect(await receiptsOf('redeem')).toEqual([])
    expect(await ledger.list('pending')).toEqual([])
  })

  it('in the simulation costs nothing and is halved all the same', async () => {
    const payee = await makePayee(
      withFate((rows) =>
        rows > 3
          ? () => {
              throw new ChainError('out-of-time', 'CPU timeout')
            }
          : null,
      ),
    )
    await earn(payee, 16)
    await payee.redeem(wallet)
    expect(await receiptsOf('failed')).toEqual([])
    expect(balanceOf(inner, wallet.address)).toBe(80n)
  })
})

describe('one row that breaks every batch it is in', () => {
  it('is found by halving, and the others are paid', async () => {
    let poison: Hex = '0x'
    const chain = withFate((_rows, call) =>
      call.kind === 'redeem' && call.rows.some(({ channelId }) => channelId === poison)
        ? () => {
            throw new ChainError('reverted', 'The contract refused.')
          }
        : null,
    )
    const payee = await makePayee(chain)
    const seats = await earn(payee, 10)
    poison = seats[6]?.channelId ?? '0x'
    const failures: RedeemFailure[] = []
    const redeeming = payee.redeem(wallet, { onFailure: (failure) => void failures.push(failure) })
    await expect(redeeming).rejects.toMatchObject({ code: 'reverted' })
    expect(failures.map(({ channelIds }) => channelIds)).toEqual([[poison]])
    expect(balanceOf(inner, wallet.address)).toBe(9n * DUE)
    expect(await receiptsOf('failed')).toEqual([])
  })
})

describe('a redemption that moves nothing', () => {
  it('is not sent when the simulation says so, and what stays due is an alarm', async () => {
    const refuse = () => {
      throw new ChainError('nothing-to-redeem', 'The chain would pay nothing.')
    }
    const payee = await makePayee(withFate(() => refuse))
    await earn(payee, 3)
    await expect(payee.redeem(wallet)).rejects.toMatchObject({ code: 'nothing-to-redeem' })
    expect(inner.sent).not.toContain('redeem')
    expect(payee.getTotals().redeemable).toBe(15n)
    expect((await ledger.listReceipts({ limit: 1_000 })).map(({ kind }) => kind)).toEqual([
      'earned',
      'earned',
      'earned',
    ])
  })

  it('because somebody redeemed it for us meanwhile is no alarm', async () => {
    let isOvertaken = false
    const chain = withFate((_rows, call) => {
      if (isOvertaken) return null
      isOvertaken = true
      return async () => {
        await inner.send(call, testWallet(7))
        throw new ChainError('nothing-to-redeem', 'The chain would pay nothing.')
      }
    })
    const payee = await makePayee(chain)
    await earn(payee, 3)
    expect(await payee.redeem(wallet)).toEqual([])
    expect(balanceOf(inner, wallet.address)).toBe(15n)
    expect(payee.getTotals().redeemable).toBe(0n)
  })

  it('in a block is told as a failure with its fee, never as a redemption of 0', async () => {
    // As on the chain whose ecrecover answers more than an address: SUCCESS, a fee, and no token moved.
    const chain: Chain = {
      ...inner,
      send: (call, signer, onBroadcast, signal) =>
        inner.send(call.kind === 'redeem' ? { ...call, rows: [] } : call, signer, onBroadcast, signal),
    }
    const payee = await makePayee(chain)
    await earn(payee, 2)
    const batches: unknown[] = []
    const redeeming = payee.redeem(wallet, { onBatch: (batch) => void batches.push(batch) })
    await expect(redeeming).rejects.toMatchObject({ code: 'moved-nothing' })
    expect(batches).toEqual([])
    expect(await receiptsOf('redeem')).toEqual([])
    expect(await receiptsOf('failed')).toMatchObject([{ amount: 0n, feeSun: 1_000n }])
    expect(payee.getTotals().redeemable).toBe(10n)
  })

  it('for one of its seats pays the others and tells of that one', async () => {
    const chain: Chain = {
      ...inner,
      send: (call, signer, onBroadcast, signal) =>
        inner.send(
          call.kind === 'redeem' ? { ...call, rows: call.rows.slice(1) } : call,
          signer,
          onBroadcast,
          signal,
        ),
    }
    const payee = await makePayee(chain)
    await earn(payee, 3)
    const batches: unknown[] = []
    const redeeming = payee.redeem(wallet, { onBatch: (batch) => void batches.push(batch) })
    await expect(redeeming).rejects.toMatchObject({ code: 'moved-less' })
    expect(batches).toMatchObject([{ amount: 10n, rows: 3 }])
    expect(await receiptsOf('redeem')).toMatchObject([{ amount: 10n }])
    expect(payee.getTotals()).toMatchObject({ redeemable: 5n, paidOnChain: 10n })
  })
})

describe('a program that died over a redemption', () => {
  it('that failed on the chain writes down what it burned, and goes on to the next', async () => {
    const payee = await makePayee(inner)
    await earn(payee, 1)
    const pending = { sessionId: null, kind: 'redeem', channelIds: [], purseBefore: null } as const
    const [burned, lost] = [failedId(1), failedId(2)]
    for (const txId of [burned, lost]) {
      const value = { ...pending, id: txId, amount: toAmount(DUE), txId, sentAtMs: clock.nowMs() - 200_000 }
      await ledger.commit({ puts: [{ table: 'pending', key: txId, value }] })
    }
    const chain: Chain = {
      ...inner,
      async getReceipt(txId) {
        if (txId !== burned) return null
        throw new FailedTransaction(new ChainError('out-of-time', 'too long'), { txId, feeSun: FEE_LIMIT })
      },
    }
    await makePayee(chain)
    expect(await receiptsOf('failed')).toMatchObject([{ txId: burned, feeSun: FEE_LIMIT }])
    expect(await ledger.list('pending')).toEqual([])
  })
})
