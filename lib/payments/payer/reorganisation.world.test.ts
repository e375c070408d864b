import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../../devnet/index.ts'
import { type Chain, connectChain } from '../../channels/index.ts'
import { type Address, addressOfPrivateKey, signDigest } from '../../tron/index.ts'
import { priceOf, toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import { createKeySigner } from '../../wallet/key-signer.ts'
import { createMemoryLedger } from '../ledger.ts'
import { createPayee, type PayeeAccount } from '../payee/payee.ts'
import { INFO_HASH, MIB, pieceReason, testKey } from '../testing/accounts.ts'
import type { DigestSigner, PayerWallet } from './context.ts'
import { createPayer, type PayerAccount } from './payer.ts'

const BTT = 10n ** 18n
const ASK = toAmount(3n * BTT)
const BUDGET = toAmount(1_000n * BTT)

let devnet: Devnet
let clean: string
let chain: Chain
let wallet: PayerWallet
let payer: PayerAccount
let seller: PayeeAccount
let lateSeller: PayeeAccount
let offsetMs: number

const clock = {
  nowMs: () => Date.now() + offsetMs,
  schedule(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

function keyOf(fill: number): DigestSigner {
  const privateKey = new Uint8Array(32).fill(fill)
  return { address: addressOfPrivateKey(privateKey), sign: async (digest) => signDigest(privateKey, digest) }
}

beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'payments reorganised', solidLagBlocks: 19 })
  chain = await connectChain(devnet.toNetwork(await deployContracts(devnet)))
  const { viewer, alice, bob } = devnet.accounts
  const trxSun = toFeeSun(5_000_000_000n)
  await devnet.fundAccount(viewer.address, { trxSun, bttAmount: toAmount(5_000n * BTT) })
  for (const { address } of [alice, bob])
    await devnet.fundAccount(address, { trxSun, bttAmount: toAmount(0n) })
  wallet = createKeySigner(viewer.privateKey)
  clean = await devnet.takeSnapshot()
})
afterAll(() => devnet?.stop())

beforeEach(async () => {
  await devnet.restoreSnapshot(clean)
  offsetMs = 0
  payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: keyOf(7),
    clock,
  })
  await payer.restore()
  const makeSeller = (address: Address, fill: number) =>
    createPayee({ chain, ledger: createMemoryLedger(), payee: address, delegateKey: testKey(fill), clock })
  seller = makeSeller(devnet.accounts.alice.address, 20)
  lateSeller = makeSeller(devnet.accounts.bob.address, 21)
  meet(seller)
  await payer.start({ budget: BUDGET, maxAskPerMiB: ASK, torrents: [INFO_HASH], wallet })
})

const meet = ({ payee, delegate }: PayeeAccount) =>
  payer.offerSeller({ payee, delegate, askPerMiB: ASK, relayFrom: null, deliveredBytes: 1 })

/** Shows the seat and pays pieces; what the seller took for them, or null when there is no seat. */
async function buy(from: PayeeAccount, pieces: number): Promise<bigint | null> {
  let earned = 0n
  for (let piece = 0; piece < pieces; piece++) {
    const seat = payer.getSeat(from)
    if (!seat || (await from.acceptSeat(seat)).status !== 'accepted') return null
    const reason = pieceReason(piece, MIB)
    const voucher = await payer.pay(from, priceOf(MIB, ASK), reason)
    if (!voucher) return null
    const verdict = await from.acceptVoucher(voucher, reason)
    if (verdict.status === 'accepted') earned += verdict.delta
  }
  return earned
}

const drop = (transactions: 'forget' | 'requeue') => devnet.reorganise({ dropBlocks: 1, transactions })
const settle = () =>
  payer.settle({
    wallet,
    async collectReleases(channelIds) {
      for (const one of [seller, lateSeller])
        for (const channelId of channelIds) {
          const release = await one.release(channelId)
          if (release) await payer.acceptRelease(release)
        }
    },
  })

describe('what a reorganisation takes away', () => {
  it('ends the seller’s credit when it is an opening, and costs it no fee for what cannot be redeemed', async () => {
    expect(await buy(seller, 3)).toBe(3n * ASK)
    const { channelId } = payer.getSeat(seller)!
    expect(await seller.recheckSeat(channelId)).toMatchObject({ status: 'accepted' })
    await drop('forget')
    expect(await seller.recheckSeat(channelId)).toEqual({ status: 'refused', code: 'not-open' })
    const trx = await chain.getTrxBalance(devnet.accounts.alice.address)
    expect(await seller.redeem(createKeySigner(devnet.accounts.alice.privateKey))).toEqual([])
    expect(await chain.getTrxBalance(devnet.accounts.alice.address)).toBe(trx)
  })

  it('is an opening that the payer misses: it signs nothing more, and can begin anew once it cannot come back', async () => {
    const btt = await chain.getBttBalance(wallet.address)
    await buy(seller, 3)
    await drop('forget')
    await payer.resolvePending()
    expect(payer.getSeat(seller)).toBeNull()
    expect(await payer.pay(seller, priceOf(MIB, ASK), pieceReason(9, MIB))).toBeNull()
    await expect(settle()).rejects.toMatchObject({ code: 'pending' })
    expect(payer.getState()).toEqual({ status: 'stopped' })
    // Our clock alone proves nothing: a node that is behind would not know the channel either.
    offsetMs += 200_000
    await expect(settle()).rejects.toMatchObject({ code: 'pending' })
    await devnet.advance(200)
    expect(await settle()).toMatchObject({
      status: 'settled',
      summary: { funded: 0n, paid: 0n, refunded: 0n },
    })
    expect(await chain.getBttBalance(wallet.address)).toBe(btt + BUDGET)
    await payer.start({ budget: BUDGET, maxAskPerMiB: ASK, torrents: [INFO_HASH], wallet })
    expect(await buy(seller, 2)).toBe(2n * ASK)
    expect(await settle()).toMatchObject({ summary: { funded: BUDGET, paid: 2n * ASK } })
    expect(await chain.getBttBalance(wallet.address)).toBe(btt + BUDGET - 2n * ASK)
  })

  it('is no loss when another block takes it in: the same vouchers are good', async () => {
    await buy(seller, 3)
    const { channelId } = payer.getSeat(seller)!
    const away = await devnet.takeSnapshot()
    await drop('forget')
    await payer.resolvePending()
    expect(payer.getSeat(seller)).toBeNull()
    expect(await seller.recheckSeat(channelId)).toMatchObject({ status: 'refused' })
    // The branch that had it wins after all.
    await devnet.restoreSnapshot(away)
    await drop('requeue')
    await devnet.mine()
    expect(await seller.recheckSeat(channelId)).toMatchObject({ status: 'accepted', cumulative: 3n * ASK })
    expect(await settle()).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: 3n * ASK, refunded: BUDGET - 3n * ASK },
    })
  })

  it('goes back to the plan when it was opened out of the purse, and is opened again with the same vouchers', async () => {
    meet(lateSeller)
    await expect.poll(() => payer.needsOpen()).toBe(true)
    await payer.openPlanned(wallet)
    expect(await buy(lateSeller, 2)).toBe(2n * ASK)
    const { channelId } = payer.getSeat(lateSeller)!
    await drop('forget')
    expect(await lateSeller.recheckSeat(channelId)).toEqual({ status: 'refused', code: 'not-open' })
    await payer.resolvePending()
    expect(payer.getSeat(lateSeller)).toBeNull()
    expect(payer.needsOpen()).toBe(true)
    await payer.openPlanned(wallet)
    expect(payer.getSeat(lateSeller)?.channelId).toBe(channelId)
    expect(await buy(lateSeller, 1)).toBe(ASK)
    expect(await buy(seller, 1)).toBe(ASK)
    expect(await settle()).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: 4n * ASK, refunded: BUDGET - 4n * ASK },
    })
  })

  it('can be a closing instead: it is begun again, and the session still ends', async () => {
    await buy(seller, 2)
    const terms = { wallet, collectReleases: async () => undefined }
    expect(await payer.settle(terms)).toMatchObject({ status: 'closing' })
    await drop('forget')
    await devnet.advance(3_700)
    offsetMs += 3_700_000
    const again = await payer.finish({ wallet })
    expect(again).toMatchObject({ status: 'closing' })
    expect(again.status === 'closing' && again.closeAtSec > BigInt(Math.floor(clock.nowMs() / 1000))).toBe(
      true,
    )
    const { alice } = devnet.accounts
    expect(await seller.redeem(createKeySigner(alice.privateKey))).toMatchObject([{ amount: 2n * ASK }])
    await devnet.advance(3_700)
    offsetMs += 3_700_000
    expect(await payer.finish({ wallet })).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: 2n * ASK, refunded: BUDGET - 2n * ASK },
    })
  })

  it('is refunded with the rest when it was opened out of the purse and the session is settled instead', async () => {
    meet(lateSeller)
    await expect.poll(() => payer.needsOpen()).toBe(true)
    await payer.openPlanned(wallet)
    await buy(lateSeller, 2)
    await buy(seller, 1)
    await drop('forget')
    expect(await settle()).toMatchObject({
      status: 'settled',
      summary: { funded: BUDGET, paid: ASK, refunded: BUDGET - ASK },
    })
  })
})
