/** A budget over more sellers than one transaction has time for, on a devnet: what it costs, and what was said of it before. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { ChainError, type Hex } from '../base/index.ts'
import { type Chain, connectChain, releaseDigest } from '../channels/index.ts'
import { addressOfPrivateKey, FailedTransaction, signDigest } from '../tron/index.ts'
import { priceOf, toAmount, toFeeSun, ZERO_AMOUNT } from '../units/index.ts'
import { createKeySigner } from '../wallet/key-signer.ts'
import { createMemoryLedger } from './ledger.ts'
import { createPayer, type PayerAccount } from './payer/payer.ts'
import type { StartPreview } from './payer/preview-start.ts'
import { INFO_HASH, MIB, pieceReason, testKey } from './testing/accounts.ts'

const BTT = 10n ** 18n
const ASK = toAmount(3n * BTT + 1n)
const BUDGET = toAmount(4_000n * BTT)
const PIECE_BYTES = MIB / 4
const SELLERS = 40
const BURNED = toFeeSun(71_000_000n)
/** The page's clock runs this much faster, so that the pauses between openings take no time. */
const HASTE = 50

const sellers = Array.from({ length: SELLERS }, (_, i) => testKey(100 + i))
const idOf = ({ address }: (typeof sellers)[number]) => ({ payee: address, delegate: address })
const startedAtMs = Date.now()
const clock = {
  nowMs: () => startedAtMs + (Date.now() - startedAtMs) * HASTE,
  schedule(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs / HASTE)
    return () => clearTimeout(timer)
  },
}

let devnet: Devnet
let chain: Chain
let clean: string

beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'many sellers' })
  chain = await connectChain(devnet.toNetwork(await deployContracts(devnet)))
  await devnet.fundAccount(devnet.accounts.viewer.address, {
    trxSun: toFeeSun(5_000_000_000n),
    bttAmount: toAmount(5_000n * BTT),
  })
  clean = await devnet.takeSnapshot()
})
afterAll(() => devnet?.stop())
beforeEach(() => devnet.restoreSnapshot(clean))

const viewer = () => ({ ...createKeySigner(devnet.accounts.viewer.privateKey), canSignSilently: true })

function makePayer(over: Chain): PayerAccount {
  const privateKey = new Uint8Array(32).fill(7)
  const address = addressOfPrivateKey(privateKey)
  const sessionKey = { address, sign: async (digest: Uint8Array) => signDigest(privateKey, digest) }
  return createPayer({ bttPerTrx: ZERO_AMOUNT, chain: over, ledger: createMemoryLedger(), sessionKey, clock })
}

/** Each seller has delivered as much; every one is paid a piece. */
async function payEach(payer: PayerAccount): Promise<StartPreview> {
  await payer.restore()
  for (const key of sellers)
    payer.offerSeller({ ...idOf(key), askPerMiB: ASK, relayFrom: null, deliveredBytes: PIECE_BYTES })
  const wallet = viewer()
  const preview = await payer.previewStart(BUDGET, wallet.address)
  await payer.start({ budget: BUDGET, maxAskPerMiB: ASK, torrents: [INFO_HASH], wallet })
  for (const key of sellers) {
    await expect.poll(() => payer.getSeat(idOf(key)), { timeout: 20_000 }).not.toBeNull()
    const reason = pieceReason(sellers.indexOf(key), PIECE_BYTES)
    expect(await payer.pay(idOf(key), priceOf(PIECE_BYTES, ASK), reason)).not.toBeNull()
  }
  return preview
}

async function settle(payer: PayerAccount) {
  const collectReleases = async (channelIds: readonly Hex[]): Promise<void> => {
    for (const channelId of channelIds)
      for (const key of sellers) {
        const payee = key.address
        const cumulative = payer.getLatestVoucher(channelId, payee)?.cumulative ?? ZERO_AMOUNT
        const release = { channelId, payee, cumulative }
        await payer.acceptRelease({
          ...release,
          signature: await key.sign(releaseDigest(release, chain.network)),
        })
      }
  }
  const end = await payer.settle({ wallet: viewer(), collectReleases })
  if (end.status !== 'settled') throw new Error(end.status)
  return end.summary
}

async function expectWhole(summary: Awaited<ReturnType<typeof settle>>): Promise<void> {
  const price = priceOf(PIECE_BYTES, ASK)
  const paid = BigInt(SELLERS) * price
  expect(summary).toMatchObject({ funded: BUDGET, paid, refunded: BUDGET - paid })
  for (const { address } of sellers) expect(await chain.getBttBalance(address)).toBe(price)
  expect(await chain.getBttBalance(viewer().address)).toBe(5_000n * BTT - paid)
}

/** Counts what is sent, and lets a number of settlements run out of time instead of being sent. */
function watched(timeouts = 0): { readonly chain: Chain; readonly fees: Map<string, bigint[]> } {
  const fees = new Map<string, bigint[]>()
  let left = timeouts
  const send: Chain['send'] = async (call, signer, onBroadcast, signal) => {
    const list = fees.get(call.kind) ?? []
    fees.set(call.kind, list)
    if (call.kind === 'closeOut' && left > 0) {
      left -= 1
      const txId: Hex = `0x${left.toString(16).padStart(64, 'f')}`
      onBroadcast?.(txId)
      list.push(BURNED)
      throw new FailedTransaction(new ChainError('out-of-time', 'out of time'), { txId, feeSun: BURNED })
    }
    const receipt = await chain.send(call, signer, onBroadcast, signal)
    list.push(receipt.feeSun)
    return receipt
  }
  return { chain: { ...chain, send }, fees }
}

const sum = (amounts: readonly bigint[] = []): bigint => amounts.reduce((total, one) => total + one, 0n)

describe('a budget over forty sellers', () => {
  it('settles whole in few transactions, for no more than was announced', async () => {
    const { chain: seen, fees } = watched()
    const payer = makePayer(seen)
    const preview = await payEach(payer)
    const opened = fees.get('open') ?? []
    const asked = await payer.previewSettle()
    const summary = await settle(payer)
    await expectWhole(summary)
    expect(opened.length).toBeLessThanOrEqual(6)
    expect(fees.get('closeOut')?.length).toBeLessThanOrEqual(3)
    expect(sum(fees.get('approve'))).toBeLessThanOrEqual(preview.approve?.feeSun ?? 0n)
    expect(sum(fees.get('fundAndOpen'))).toBeLessThanOrEqual(preview.open.feeSun)
    for (const fee of opened) expect(fee).toBeLessThanOrEqual(preview.further.feeSun)
    expect(sum(fees.get('closeOut'))).toBeLessThanOrEqual(preview.settle.feeSun)
    expect(sum(fees.get('closeOut'))).toBeLessThanOrEqual(asked.feeSun)
    expect(asked.signatures).toBe(fees.get('closeOut')?.length)
    expect(summary.feeSun).toBe(sum([...fees.values()].flat()))
  }, 60_000)

  it('settles whole where one of its transactions runs out of time, and counts what that burned', async () => {
    const { chain: seen, fees } = watched(1)
    const payer = makePayer(seen)
    await payEach(payer)
    const summary = await settle(payer)
    await expectWhole(summary)
    expect(fees.get('closeOut')).toContain(BURNED)
    expect(summary.feeSun).toBe(sum([...fees.values()].flat()))
  }, 60_000)
})
