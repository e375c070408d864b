/** For tests: a real buyer and a real seller of one torrent on one chain, which meet only where a test lets them. */

import { WireError } from '../../base/index.ts'
import {
  createMemoryLedger,
  createPayee,
  createPayer,
  type PayeeAccount,
  type PayerAccount,
} from '../../payments/index.ts'
import {
  settleTasks,
  testClock,
  testEndorsement,
  testKey,
  testWallet,
} from '../../payments/testing/accounts.ts'
import { createLedgerChain, type LedgerChain, testNetwork } from '../../payments/testing/ledger-chain.ts'
import type { DiskEngine } from '../../torrent/disk/index.ts'
import { parseTorrentFile } from '../../torrent/index.ts'
import { createSwarm, seedSample, whenSnapshot } from '../../torrent/testing/swarm.ts'
import { toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import { createExchange, type Exchange } from '../exchange.ts'
import { SELLING } from './seller-world.ts'

const RICHES = 10n ** 18n
const BUDGET = 10n ** 12n
const SELLER_FILL = 10

export interface PairWorld {
  readonly chain: LedgerChain
  readonly infoHash: string
  readonly buyer: DiskEngine
  readonly payer: PayerAccount
  readonly seller: DiskEngine
  readonly payee: PayeeAccount
  readonly drops: readonly string[]
  /** What the seller counts as sent and not paid on the wire that has a seat. */
  getUnpaidBytes(): number
  /** Until the buyer knows the seller's price. */
  whenQuoted(): Promise<void>
  /** Funds a budget and opens a channel for the sellers met. */
  pay(): Promise<void>
  advance(ms: number): Promise<void>
  close(): Promise<void>
}

/** `lengthBytes` is cut into pieces of 64 KiB. */
export async function createPairWorld(lengthBytes: number, freeAllowanceBytes = 0): Promise<PairWorld> {
  const swarm = createSwarm()
  const clock = testClock()
  const wallet = testWallet(1, true)
  const chain = createLedgerChain(new Map([[wallet.address, RICHES]]))
  const drops: string[] = []
  const delegateKey = testKey(SELLER_FILL + 1)
  const payee = createPayee({
    chain,
    ledger: createMemoryLedger(),
    payee: testKey(SELLER_FILL).address,
    delegateKey,
    getEndorsement: () => testEndorsement(SELLER_FILL, delegateKey.address, clock.nowMs()),
    clock,
  })
  await payee.restore()
  let salt = 0
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger: createMemoryLedger(),
    sessionKey: testKey(2),
    clock,
    random: (count) => new Uint8Array(count).fill(++salt),
  })
  await payer.restore()
  const base = {
    domain: testNetwork,
    torrentName: () => 'film',
    onError: (error: unknown) => void drops.push(String(error)),
    clock,
  }
  const selling = { ...SELLING, freeAllowanceBytes }
  const sellerSide = createExchange({ ...base, payer: null, payee, selling })
  const buyerSide: Exchange = createExchange({ ...base, payer, payee: null, selling: null })
  const onDrop = (reason: Error): void =>
    void drops.push(reason instanceof WireError ? reason.code : reason.message)
  const seller = await swarm.engine({ extensions: [sellerSide.extension], onDrop })
  const { infoHash, torrentFile } = await seedSample(swarm, seller, lengthBytes)
  const buyer = await swarm.engine({ extensions: [buyerSide.extension], onDrop })
  await buyer.add(parseTorrentFile(torrentFile))
  await whenSnapshot(buyer, infoHash, ({ state }) => state.status === 'downloading')
  return {
    chain,
    infoHash,
    buyer,
    payer,
    seller,
    payee,
    drops,
    getUnpaidBytes() {
      const keys = seller.getSnapshot(infoHash)?.peers.map(({ peerKey }) => peerKey) ?? []
      return keys.reduce((sum, key) => {
        const money = sellerSide.getPeerMoney(key)
        return sum + (money.status === 'buyer' ? money.unpaidBytes : 0)
      }, 0)
    },
    async whenQuoted() {
      await whenSnapshot(buyer, infoHash, ({ peers }) =>
        peers.some(({ peerKey }) => buyerSide.getPeerMoney(peerKey).status !== 'free'),
      )
    },
    async pay() {
      payer.setWallet(wallet)
      const maxAskPerMiB = toAmount(2n * SELLING.askPerMiB)
      const terms = { budget: toAmount(BUDGET), maxAskPerMiB, torrents: [infoHash], wallet }
      const started = payer.start(terms)
      // A seller that gives nothing for free: the start waits for a delivery, then seats it on trial.
      for (let turn = 0; turn < 6; turn++) await clock.advance(1_000)
      await started
      await settleTasks()
    },
    advance: (ms) => clock.advance(ms),
    close: () => swarm.close(),
  }
}
