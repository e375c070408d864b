/**
 * What a budget costs in network fees, on a devnet with java-tron's prices: what was announced before the first signature, what was
 * burned at its end, and how much of it was paid to sellers. Nothing here depends on the machine.
 */
import { randomBytes } from 'node:crypto'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { type Chain, connectChain } from '../lib/channels/index.ts'
import {
  createMemoryLedger,
  createPayee,
  createPayer,
  type PayeeAccount,
  type PayerAccount,
  type StartPreview,
} from '../lib/payments/index.ts'
import { addressOfPrivateKey, createAgreementKey, signDigest } from '../lib/tron/index.ts'
import {
  type Amount,
  BTT,
  formatAmount,
  parseMoney,
  priceOf,
  toAmount,
  toFeeSun,
} from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'

const BUDGETS = ['0.1', '10', '100', '1000']
const SELLERS = 2
const ASK = '20'
const PIECE_BYTES = 262_144
/** A film that no budget here buys whole. */
const FILM_BYTES = 64 * 1024 * 1024
const INFO_HASH = 'f'.repeat(40)
/** As in the demo: a TRX is worth a BTT. */
const BTT_PER_TRX = '1'
/** A further channel opens within a block. */
const OPENING_MS = 8_000

interface Fees {
  readonly budget: string
  /** Before the first signature, for locking and for settling. */
  readonly announcedTrx: number
  /** The same with all further channels that the wallet may open by itself. */
  readonly announcedMostTrx: number
  readonly burnedTrx: number
  /** Share of the budget that reached sellers. */
  readonly paidPercent: number
  readonly channels: number
}

function read(text: string): Amount {
  const amount = parseMoney(text, BTT)
  if (amount === null) throw new RangeError(`no amount: ${text}`)
  return toAmount(amount)
}

function makeKey() {
  const key = randomBytes(32)
  const sign = async (digest: Uint8Array) => signDigest(key, digest)
  return { address: addressOfPrivateKey(key), sign, ...createAgreementKey(key) }
}

const toTrx = (sun: bigint): number => Number(sun) / 1e6

/** A whole life: lock, buy pieces of both sellers in turns until nothing more can be bought, settle. */
async function spend(devnet: Devnet, chain: Chain, text: string): Promise<Fees> {
  const budget = read(text)
  const wallet = { ...createKeySigner(randomBytes(32).toString('hex')), canSignSilently: true }
  await devnet.fundAccount(wallet.address, { trxSun: toFeeSun(1_000_000_000n), bttAmount: budget })
  let missingBytes = FILM_BYTES
  const payer = createPayer({
    chain,
    ledger: createMemoryLedger(),
    sessionKey: makeKey(),
    bttPerTrx: read(BTT_PER_TRX),
    getMissingBytes: () => missingBytes,
  })
  await payer.restore()
  payer.setWallet(wallet)
  const askPerMiB = read(ASK)
  const sellers = Array.from({ length: SELLERS }, () => {
    const { address: payee } = makeKey()
    return createPayee({ chain, ledger: createMemoryLedger(), payee, delegateKey: makeKey() })
  })
  for (const { payee, delegate } of sellers)
    payer.offerSeller({ payee, delegate, askPerMiB, relayFrom: null, deliveredBytes: 1 })
  const trxBefore = await chain.getTrxBalance(wallet.address)
  const announced = await payer.previewStart(budget, wallet.address)
  await payer.start({ budget, maxAskPerMiB: askPerMiB, torrents: [INFO_HASH], wallet })

  // Seats are shown as soon as they are there: who knows of one can release it.
  for (const seller of sellers) {
    const seat = payer.getSeat(seller)
    if (seat) await seller.acceptSeat(seat)
  }
  const channels = new Set(payer.getOpenChannelIds())
  const buying = new Set(sellers)
  for (let pieceIndex = 0; buying.size > 0; pieceIndex++) {
    const seller = [...buying][pieceIndex % buying.size]
    if (!seller) break
    if (await buyPiece(payer, seller, pieceIndex)) missingBytes -= PIECE_BYTES
    else buying.delete(seller)
    for (const id of payer.getOpenChannelIds()) channels.add(id)
  }
  const end = await payer.settle({
    wallet,
    async collectReleases(channelIds) {
      for (const id of channelIds)
        for (const seller of sellers) {
          const release = await seller.release(id)
          if (release) await payer.acceptRelease(release)
        }
    },
  })
  if (end.status !== 'settled') throw new Error('a seller did not release')
  const burnedSun = trxBefore - (await chain.getTrxBalance(wallet.address))
  return {
    budget: formatAmount(budget),
    ...sumAnnounced(announced),
    burnedTrx: toTrx(burnedSun),
    paidPercent: Number((end.summary.paid * 1_000n) / budget) / 10,
    channels: channels.size,
  }
}

function sumAnnounced(preview: StartPreview): Pick<Fees, 'announcedTrx' | 'announcedMostTrx'> {
  const { nowSun, settleSun, further, furtherSettle, furtherMost } = preview
  const most = nowSun + settleSun + BigInt(furtherMost) * (further.feeSun + furtherSettle.feeSun)
  return { announcedTrx: toTrx(nowSun + settleSun), announcedMostTrx: toTrx(most) }
}

/** False when this seller can be paid no more. */
async function buyPiece(payer: PayerAccount, seller: PayeeAccount, pieceIndex: number): Promise<boolean> {
  const price = priceOf(PIECE_BYTES, read(ASK))
  const untilMs = Date.now() + OPENING_MS
  while (payer.getSeatRemaining(seller) < price) {
    if (payer.getExhaustion() !== null || Date.now() > untilMs) return false
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const seat = payer.getSeat(seller)
  if (!seat || (await seller.acceptSeat(seat)).status !== 'accepted') return false
  const piece = { infoHash: INFO_HASH, torrentName: 'film', pieceIndex, lengthBytes: PIECE_BYTES, memo: null }
  const voucher = await payer.pay(seller, price, piece)
  return voucher !== null && (await seller.acceptVoucher(voucher, piece)).status === 'accepted'
}

/** Prints the table; returns what the last line says. */
export async function run(): Promise<readonly Fees[]> {
  const devnet = await startDevnet()
  try {
    const chain = await connectChain(devnet.toNetwork(await deployContracts(devnet)))
    const rows: Fees[] = []
    for (const text of BUDGETS) rows.push(await spend(devnet, chain, text))
    console.table(
      Object.fromEntries(
        rows.map(({ budget, announcedTrx, announcedMostTrx, burnedTrx, paidPercent, channels }) => [
          budget,
          {
            'announced, TRX': announcedTrx.toFixed(2),
            'with further channels': announcedMostTrx.toFixed(2),
            'burned, TRX': burnedTrx.toFixed(2),
            'paid to sellers, %': paidPercent,
            channels,
          },
        ]),
      ),
    )
    return rows
  } finally {
    await devnet.stop()
  }
}
