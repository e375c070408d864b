import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ChainError } from '../../lib/base/index.ts'
import { createMemoryLedger, createPayee, type PayeeAccount } from '../../lib/payments/index.ts'
import { pieceReason, testKey } from '../../lib/payments/testing/accounts.ts'
import type { Stranger } from '../../lib/payments/testing/stranger.ts'
import { FailedTransaction } from '../../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../../lib/units/index.ts'
import type { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { createRelay, type Relay } from '../relay.ts'
import { DEFAULT_RELAY_BUDGETS } from '../relay-policy.ts'
import { createRelayStore } from '../relay-store.ts'
import { BTT, type MoneyWorld, startMoneyWorld } from '../testing/money-world.ts'

const DAY_MS = 86_400_000
const HONEST_BTT = 400n
const { perPayerSun, perDaySun } = DEFAULT_RELAY_BUDGETS

let world: MoneyWorld
let folder: string
let seller: ReturnType<typeof createKeySigner>
let payee: PayeeAccount
let honest: Stranger
let nowMs = Date.now()
const codes = new Map<string, number>()

beforeAll(async () => {
  world = await startMoneyWorld()
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-relay-'))
  seller = (await world.makeAccount({ trx: 1_000n, btt: 0n })).wallet
  const { chain } = world
  payee = createPayee({
    chain,
    ledger: createMemoryLedger(),
    payee: seller.address,
    delegateKey: testKey(33),
  })
  honest = await world.makePayer(HONEST_BTT)
})
afterAll(async () => {
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** At 1 BTT a TRX a seat must be worth 102 BTT. */
const makeRelay = (
  account: PayeeAccount = payee,
  path: string | null = join(folder, 'relay.json'),
): Promise<Relay> =>
  createRelay({
    chain: world.chain,
    payee: account,
    wallet: seller,
    store: createRelayStore(path),
    getPolicy: () => ({
      ...DEFAULT_RELAY_BUDGETS,
      bttPerTrx: toAmount(BTT),
      feeMultiple: 20,
      leastSeat: toAmount(20n * BTT),
    }),
    onChange: () => undefined,
    log: ({ event, code }) => {
      const key = event === 'openRefused' ? String(code) : event
      codes.set(key, (codes.get(key) ?? 0) + 1)
    },
    nowMs: () => nowMs,
  })

/** Offers `count` seats of this size at once; resolves with how many were opened. */
async function storm(relay: Relay, payer: Stranger, count: number, cap: bigint): Promise<number> {
  const seats = await Promise.all(Array.from({ length: count }, () => payer.offer(payee, toAmount(cap))))
  const outcomes = await Promise.allSettled(seats.map((seat) => relay.open(seat)))
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

/** An honest buyer opens at its own expense and pays; its voucher is good. */
async function serveHonestBuyer(): Promise<void> {
  const seat = await honest.offer(payee, toAmount(20n * BTT))
  await honest.open(seat)
  expect(await payee.acceptSeat(seat)).toMatchObject({ status: 'accepted' })
  const voucher = await honest.promise(seat, toAmount(10n * BTT))
  expect(await payee.acceptVoucher(voucher, pieceReason(0))).toMatchObject({ status: 'accepted' })
}

describe('strangers who let a seeder open channels at its own expense', () => {
  test('with small seats cost it nothing at all', async () => {
    const relay = await makeRelay()
    const before = await world.trxOf(seller.address)
    const attacker = await world.makePayer(1_000n)
    expect(relay.relayFrom).toBe(102n * BTT)
    for (let wave = 0; wave < 4; wave++) expect(await storm(relay, attacker, 8, 102n * BTT - 1n)).toBe(0)
    await serveHonestBuyer()
    expect(await world.trxOf(seller.address)).toBe(before)
    // Nor do they fill its log.
    expect(codes).toEqual(new Map([['seat-too-small', 1]]))
    relay.stop()
  })

  test('with many payers and purses get a payer’s share each and the day’s together, restarts included', async () => {
    let relay = await makeRelay()
    const before = await world.trxOf(seller.address)
    const lost = async () => before - (await world.trxOf(seller.address))
    // The one who asks in good faith is served first come, first served.
    const guest = await world.makePayer(200n)
    const wish = await guest.offer(payee, toAmount(120n * BTT))
    await relay.open(wish)
    expect(await payee.acceptSeat(wish)).toMatchObject({ status: 'accepted' })

    const openedByPayer: number[] = []
    for (let index = 0; index < 8; index++) {
      const attacker = await world.makePayer(2_000n)
      const lostBefore = await lost()
      openedByPayer.push(await storm(relay, attacker, 8, 120n * BTT))
      expect((await lost()) - lostBefore).toBeLessThanOrEqual(perPayerSun)
      await serveHonestBuyer()
      relay.stop()
      relay = await makeRelay()
    }
    expect(openedByPayer.slice(0, 3)).toEqual([3, 3, 3])
    expect(openedByPayer.at(-1)).toBe(0)
    expect(await lost()).toBeLessThanOrEqual(perDaySun)
    expect(await lost()).toBe(relay.spentSun)
    // Nothing is promised that will not come.
    expect(relay.relayFrom).toBeNull()
    expect(JSON.parse(await readFile(join(folder, 'relay.json'), 'utf8'))).toMatchObject({
      totalSun: String(await lost()),
    })

    nowMs += DAY_MS
    await relay.refresh()
    expect(relay.relayFrom).not.toBeNull()
    relay.stop()
    console.info(`64 seats of 8 payers: ${Number(await lost()) / 1e6} TRX lost, opened ${openedByPayer}`)
  }, 60_000)

  test('with a purse that is empty, a seat that is open, or somebody else’s signature cost it nothing', async () => {
    nowMs += DAY_MS
    const relay = await makeRelay()
    const attacker = await world.makePayer(150n)
    const twice = await attacker.offer(payee, toAmount(120n * BTT))
    const short = await attacker.offer(payee, toAmount(120n * BTT))
    await attacker.open(twice)
    const before = await world.trxOf(seller.address)
    await relay.open(twice)
    await expect(relay.open(short)).rejects.toMatchObject({ code: 'purse-short' })
    const opening = {
      note: short.opening?.note ?? '0x',
      signature: twice.opening?.signature ?? '0x',
    } as const
    await expect(relay.open({ ...short, opening })).rejects.toMatchObject({ code: 'bad-signature' })
    const stripped = { note: '0x' as const, signature: short.opening?.signature ?? '0x' } as const
    await expect(relay.open({ ...short, opening: stripped })).rejects.toMatchObject({ code: 'malformed' })
    await expect(relay.open({ ...short, opening: null })).rejects.toMatchObject({ code: 'no-signature' })
    expect(await world.trxOf(seller.address)).toBe(before)
    relay.stop()
  })

  test('cannot make it forget: a damaged record stops it, and no record is written over', async () => {
    const path = join(folder, 'relay.json')
    for (const damaged of ['', '{', '{"totalSun":5,"lastDay":[]}', '{"totalSun":"5","lastDay":[{}]}']) {
      await writeFile(path, damaged)
      await expect(makeRelay()).rejects.toMatchObject({ name: 'StorageError', code: 'relay-record' })
      expect(await readFile(path, 'utf8')).toBe(damaged)
    }
    await rm(path)
  })

  test.each<[string, boolean | null, readonly [bigint, bigint]]>([
    ['before it is signed', false, [0n, 0n]],
    ['in a block', true, [6_400_000n, 6_400_000n]],
    ['somewhere, nobody knows how', null, [6_440_000n, 6_460_000n]],
  ])(
    'who let an opening fail %s have counted what it may have burned',
    async (_name, isBurned, [least, most]) => {
      const { chain } = world
      const payer = await world.makePayer(200n)
      const failing = createPayee({
        chain: {
          ...chain,
          async send(_call, _signer, onBroadcast) {
            const reason = new ChainError('SwarmChannels_PurseTooLow', 'The purse holds less than is needed.')
            if (isBurned === false) throw reason
            const txId = `0x${'ab'.repeat(32)}` as const
            onBroadcast?.(txId)
            throw isBurned
              ? new FailedTransaction(reason, { txId, feeSun: toFeeSun(least) })
              : new ChainError('unreachable', 'The node does not answer.')
          },
        },
        ledger: createMemoryLedger(),
        payee: seller.address,
        delegateKey: testKey(33),
      })
      const relay = await makeRelay(failing, null)
      await expect(relay.open(await payer.offer(payee, toAmount(120n * BTT)))).rejects.toMatchObject({
        name: 'ChainError',
      })
      expect(relay.spentSun).toBeGreaterThanOrEqual(least)
      expect(relay.spentSun).toBeLessThanOrEqual(most)
      relay.stop()
    },
  )
})
