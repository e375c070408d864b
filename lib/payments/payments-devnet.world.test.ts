import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { hexToBytes } from '../base/index.ts'
import { type Chain, connectChain } from '../channels/index.ts'
import { addressOfPrivateKey, signDigest } from '../tron/index.ts'
import { priceOf, toAmount, toFeeSun, ZERO_AMOUNT } from '../units/index.ts'
import { createKeySigner } from '../wallet/key-signer.ts'
import { createMemoryLedger } from './ledger.ts'
import { createPayee, type PayeeAccount } from './payee/payee.ts'
import type { DigestSigner, PayerWallet } from './payer/context.ts'
import { createPayer, type PayerAccount } from './payer/payer.ts'
import { INFO_HASH, MIB, pieceReason, testKey } from './testing/accounts.ts'

const BTT = 10n ** 18n
const ASK = toAmount(3n * BTT + 1n)
const BUDGET = toAmount(1_000n * BTT)
const PIECE_BYTES = MIB / 4

let devnet: Devnet
let chain: Chain
let wallet: PayerWallet
let offsetMs = 0

const clock = {
  nowMs: () => Date.now() + offsetMs,
  schedule(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

function keyOf(fill: number): DigestSigner {
  const privateKey = new Uint8Array(32).fill(fill)
  return { address: addressOfPrivateKey(privateKey), sign: async (digest) => signDigest(privateKey, digest) }
}

beforeAll(async () => {
  devnet = await startDevnet()
  chain = await connectChain(devnet.toNetwork(await deployContracts(devnet)))
  const { viewer, alice, bob } = devnet.accounts
  const trxSun = toFeeSun(5_000_000_000n)
  await devnet.fundAccount(viewer.address, { trxSun, bttAmount: toAmount(5_000n * BTT) })
  await devnet.fundAccount(alice.address, { trxSun, bttAmount: toAmount(0n) })
  await devnet.fundAccount(bob.address, { trxSun, bttAmount: toAmount(0n) })
  wallet = createKeySigner(viewer.privateKey)
})
afterAll(() => devnet?.stop())

async function buy(payer: PayerAccount, seller: PayeeAccount, pieces: number): Promise<bigint> {
  let earned = 0n
  for (let piece = 0; piece < pieces; piece++) {
    const seat = payer.getSeat(seller)
    if (!seat) throw new Error('no seat')
    expect((await seller.acceptSeat(seat)).status).toBe('accepted')
    const reason = pieceReason(piece, PIECE_BYTES)
    const voucher = await payer.pay(seller, priceOf(PIECE_BYTES, ASK), reason)
    if (!voucher) throw new Error('not paid')
    const verdict = await seller.acceptVoucher(voucher, reason)
    if (verdict.status === 'accepted') earned += verdict.delta
  }
  return earned
}

it('pays, redeems, settles and refunds on the devnet, and the contract’s sums are ours', async () => {
  const { alice, bob } = devnet.accounts
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: keyOf(7),
    clock,
  })
  await payer.restore()
  const sellers = [alice, bob].map(({ address }, i) =>
    createPayee({ chain, ledger: createMemoryLedger(), payee: address, delegateKey: testKey(20 + i), clock }),
  )
  const [a, b] = sellers as [PayeeAccount, PayeeAccount]
  for (const { payee, delegate } of sellers) {
    payer.offerSeller({ payee, delegate, askPerMiB: ASK, relayFrom: null, deliveredBytes: 1 })
  }
  const before = await Promise.all([wallet.address, a.payee, b.payee].map((one) => chain.getBttBalance(one)))
  const preview = await payer.previewStart(BUDGET, wallet.address)
  const steps: string[] = []
  await payer.start({
    budget: BUDGET,
    maxAskPerMiB: ASK,
    torrents: [INFO_HASH],
    wallet,
    onStep: ({ step, waitingFor }) => steps.push(`${step}:${waitingFor}`),
  })
  expect(steps).toEqual(['approve:sign', 'approve:confirm', 'fund:sign', 'fund:confirm'])
  const earnedByA = await buy(payer, a, 5)
  const earnedByB = await buy(payer, b, 3)
  expect(await b.redeem(createKeySigner(bob.privateKey))).toMatchObject([{ amount: earnedByB, rows: 1 }])
  const earnedLater = await buy(payer, b, 1)

  // Alice has gone: only Bob releases, so the channel waits for its delay.
  const closing = await payer.settle({
    wallet,
    async collectReleases([channelId]) {
      const release = channelId && (await b.release(channelId))
      expect(release && (await payer.acceptRelease(release))).toBe(true)
    },
  })
  expect(closing.status).toBe('closing')
  expect(await a.redeem(createKeySigner(alice.privateKey))).toMatchObject([{ amount: earnedByA }])
  await devnet.advance(3_700)
  offsetMs += 3_700_000
  const end = await payer.finish({ wallet })
  const paid = earnedByA + earnedByB + earnedLater
  expect(end).toMatchObject({ status: 'settled', summary: { funded: BUDGET, paid, refunded: BUDGET - paid } })

  const after = await Promise.all([wallet.address, a.payee, b.payee].map((one) => chain.getBttBalance(one)))
  expect(after[0]).toBe((before[0] ?? 0n) - paid)
  expect(after[1]).toBe((before[1] ?? 0n) + earnedByA)
  expect(after[2]).toBe((before[2] ?? 0n) + earnedByB + earnedLater)
  const feeOfStart = (preview.approve?.feeSun ?? 0n) + preview.open.feeSun
  expect(feeOfStart).toBeGreaterThan(0n)
  expect(hexToBytes(end.status === 'settled' ? (end.summary.txIds[0] ?? '') : '')).toHaveLength(32)
})
