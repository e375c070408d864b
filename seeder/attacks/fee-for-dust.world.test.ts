import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createMemoryLedger,
  createPayee,
  DEFAULT_REDEEM_FLOOR,
  type PayeeAccount,
} from '../../lib/payments/index.ts'
import { pieceReason, testKey } from '../../lib/payments/testing/accounts.ts'
import type { Stranger } from '../../lib/payments/testing/stranger.ts'
import { type Amount, toAmount } from '../../lib/units/index.ts'
import type { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { createRedeemer, type Redeemer } from '../redeemer.ts'
import { BTT, type MoneyWorld, SUN_PER_TRX, startMoneyWorld } from '../testing/money-world.ts'

const DUST_CHANNELS = 128
/** More than a redemption of one first row costs; the account's first BTT takes 15,000 energy of it. */
const ONE_ROW_SUN = 7n * SUN_PER_TRX

let world: MoneyWorld
let attacker: Stranger
let honest: Stranger

beforeAll(async () => {
  world = await startMoneyWorld()
  attacker = await world.makePayer(1n)
  honest = await world.makePayer(1_000n)
})
afterAll(() => world?.stop())

interface Seller {
  readonly wallet: ReturnType<typeof createKeySigner>
  readonly payee: PayeeAccount
}

async function makeSeller(): Promise<Seller> {
  const { wallet } = await world.makeAccount({ trx: 1_000n, btt: 0n })
  const payee = createPayee({
    chain: world.chain,
    ledger: createMemoryLedger(),
    payee: wallet.address,
    delegateKey: testKey(33),
  })
  return { wallet, payee }
}

/** A channel of one seat with a voucher; `isClosing` begins to close it. */
async function owe({ payee }: Seller, payer: Stranger, amount: bigint, isClosing: boolean): Promise<void> {
  const seat = await payer.offer(payee, toAmount(amount))
  await payer.open(seat)
  expect(await payee.acceptSeat(seat)).toMatchObject({ status: 'accepted' })
  const voucher = await payer.promise(seat, toAmount(amount))
  expect(await payee.acceptVoucher(voucher, pieceReason(0))).toMatchObject({ status: 'accepted' })
  if (isClosing) await payer.startClose(seat)
}

const makeRedeemer = ({ wallet, payee }: Seller, bttPerTrx: Amount | null): Redeemer => {
  const redeemer = createRedeemer({
    chain: world.chain,
    payee,
    wallet,
    policy: { redeemAt: toAmount(BTT), floor: DEFAULT_REDEEM_FLOOR, feeMultiple: 20, bttPerTrx },
    log: () => undefined,
  })
  redeemer.stop()
  return redeemer
}

const look = async (seller: Seller, bttPerTrx: Amount | null) => {
  const [trx, btt] = await Promise.all([
    world.trxOf(seller.wallet.address),
    world.chain.getBttBalance(seller.wallet.address),
  ])
  const redeemer = makeRedeemer(seller, bttPerTrx)
  await redeemer.look()
  expect(redeemer.failures).toEqual(new Map())
  return {
    feeSun: trx - (await world.trxOf(seller.wallet.address)),
    redeemed: (await world.chain.getBttBalance(seller.wallet.address)) - btt,
  }
}

describe('a hundred and twenty-eight closing channels that owe one base unit each', () => {
  let seller: Seller
  beforeAll(async () => {
    seller = await makeSeller()
    for (let index = 0; index < DUST_CHANNELS; index++) await owe(seller, attacker, 1n, true)
  }, 120_000)

  test('cost their seller nothing, with a rate or without', async () => {
    for (const rate of [toAmount(500_000n * BTT), toAmount(BTT), null]) {
      expect(await look(seller, rate)).toEqual({ feeSun: 0n, redeemed: 0n })
    }
    expect(seller.payee.getTotals()).toMatchObject({ redeemable: BigInt(DUST_CHANNELS), payers: 1 })
  })

  test('do not ride on an honest buyer’s closing channel, which is redeemed in time for one row’s fee', async () => {
    await owe(seller, honest, 40n * BTT, true)
    const { feeSun, redeemed } = await look(seller, toAmount(BTT))
    expect(redeemed).toBe(40n * BTT)
    expect(feeSun).toBeGreaterThan(0n)
    expect(feeSun).toBeLessThan(ONE_ROW_SUN)
    console.info(`128 dust channels beside 40 BTT: ${Number(feeSun) / 1e6} TRX of fees`)
  })

  test('nor on a redemption that is worth it by itself', async () => {
    await owe(seller, honest, 500n * BTT, false)
    const { feeSun, redeemed } = await look(seller, toAmount(BTT))
    expect(redeemed).toBe(500n * BTT)
    expect(feeSun).toBeLessThan(ONE_ROW_SUN)
  })

  test('are redeemed all the same when their owner asks for all, sixteen at a time', async () => {
    const batches = await makeRedeemer(seller, null).redeemNow()
    expect(batches.map(({ rows }) => rows)).toEqual(Array(8).fill(16))
    expect(seller.payee.getTotals().redeemable).toBe(0n)
  })
})

describe('where no rate is known', () => {
  test('what the floor does not cover waits, also in a channel that closes; what it covers is taken', async () => {
    const seller = await makeSeller()
    await owe(seller, honest, 50n * BTT, true)
    expect(await look(seller, null)).toEqual({ feeSun: 0n, redeemed: 0n })
    const rich = await world.makePayer(5_000_000n)
    await owe(seller, rich, DEFAULT_REDEEM_FLOOR, true)
    expect(await look(seller, null)).toMatchObject({ redeemed: DEFAULT_REDEEM_FLOOR })
  })
})
