/** The whole way back on a devnet: a payer whose browser is gone, its wallet alone, and the transactions that are printed for it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { systemClock } from '../../lib/base/index.ts'
import { type Chain, connectChain, makeRecoveryFile, parseRecoveryFile } from '../../lib/channels/index.ts'
import { createMemoryLedger, createPayee, createPayer, type PayeeAccount } from '../../lib/payments/index.ts'
import { INFO_HASH, MIB, pieceReason, testKey } from '../../lib/payments/testing/accounts.ts'
import { broadcast, createNodeClient, type Network, type TransactionSigner } from '../../lib/tron/index.ts'
import { priceOf, toAmount, toFeeSun, ZERO_AMOUNT } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { recover } from './recover.ts'

const BTT = 10n ** 18n
const ASK = toAmount(3n * BTT)
const BUDGET = toAmount(1_000n * BTT)

let devnet: Devnet
let network: Network
let chain: Chain
let wallet: TransactionSigner
let startBtt: bigint

beforeAll(async () => {
  devnet = await startDevnet()
  network = devnet.toNetwork(await deployContracts(devnet))
  chain = await connectChain(network)
  const { viewer, alice, bob, carol } = devnet.accounts
  const trxSun = toFeeSun(50_000_000_000n)
  await devnet.fundAccount(viewer.address, { trxSun, bttAmount: toAmount(5_000n * BTT) })
  for (const { address } of [alice, bob, carol])
    await devnet.fundAccount(address, { trxSun, bttAmount: ZERO_AMOUNT })
  wallet = createKeySigner(viewer.privateKey)
  startBtt = await chain.getBttBalance(wallet.address)
})
afterAll(() => devnet?.stop())

const recoverNow = (options: Partial<Parameters<typeof recover>[1]> = {}, over: Chain = chain) => {
  const said: string[] = []
  const request = {
    address: wallet.address,
    fromBlock: null,
    openings: [],
    say: (line: string) => void said.push(line),
  }
  return recover(over, { ...request, ...options }).then((printed) => ({ printed, said }))
}

/** What its owner does with each: sign it in a wallet, hand it to a node. */
async function sendAll(printed: readonly { readonly transaction: object }[]): Promise<void> {
  const node = createNodeClient(network.fullHost)
  for (const { transaction } of printed) {
    const signed = await wallet.signTransaction(structuredClone(transaction))
    await broadcast(node, signed as never)
    await devnet.advance(3)
  }
}

async function payOnce(
  payer: ReturnType<typeof createPayer>,
  seller: PayeeAccount,
  piece: number,
): Promise<void> {
  const seat = payer.getSeat(seller)
  if (!seat) throw new Error('no seat')
  expect((await seller.acceptSeat(seat)).status).toBe('accepted')
  const reason = pieceReason(piece, MIB)
  const voucher = await payer.pay(seller, priceOf(MIB, ASK), reason)
  if (!voucher) throw new Error('not paid')
  expect((await seller.acceptVoucher(voucher, reason)).status).toBe('accepted')
}

it('brings every coin back but what sellers redeemed, from the wallet’s address alone', async () => {
  const { alice, bob, carol } = devnet.accounts
  const ledger = createMemoryLedger()
  const payer = createPayer({
    chain,
    ledger,
    sessionKey: testKey(7),
    clock: systemClock,
    bttPerTrx: ZERO_AMOUNT,
  })
  await payer.restore()
  const accounts = [alice, bob, carol]
  const sellers = accounts.map(({ address }, i) =>
    createPayee({
      chain,
      ledger: createMemoryLedger(),
      payee: address,
      delegateKey: testKey(20 + i),
      clock: systemClock,
    }),
  )
  const [a, b, c] = sellers as [PayeeAccount, PayeeAccount, PayeeAccount]
  const offer = ({ payee, delegate }: PayeeAccount, relayFrom: typeof ASK | null) =>
    payer.offerSeller({ payee, delegate, askPerMiB: ASK, relayFrom, deliveredBytes: 1 })
  offer(a, null)
  offer(b, null)
  await payer.start({ budget: BUDGET, maxAskPerMiB: ASK, torrents: [INFO_HASH], wallet })
  await payOnce(payer, a, 0)
  await payOnce(payer, b, 1)
  // A late seller opens its channel itself: the payer's wallet never sees that transaction.
  offer(c, toAmount(1n))
  await expect.poll(() => payer.getSeat(c)?.opening ?? null, { timeout: 20_000 }).not.toBeNull()
  const relayed = payer.getSeat(c)
  if (!relayed?.opening) throw new Error('no opening')
  const { note, signature } = relayed.opening
  await chain.send(
    { kind: 'open', channel: relayed.channel, note, signature },
    createKeySigner(carol.privateKey),
  )
  await b.redeem(createKeySigner(bob.privateKey))
  expect(await chain.getBttBalance(wallet.address)).toBe(startBtt - BUDGET)

  // The browser is gone. Found in three ways, the same.
  const { printed, said } = await recoverNow()
  expect(printed.map(({ does }) => does.slice(0, 16))).toEqual([
    'empty the purse:',
    'begin the closin',
    'begin the closin',
  ])
  expect(said.filter((line) => line.includes('Later, from'))).toHaveLength(2)
  const silent: Chain = { ...chain, findTraces: async () => null }
  const scanned = await recoverNow({ fromBlock: 1 }, silent)
  expect(scanned.printed.map(({ does }) => does)).toEqual(printed.map(({ does }) => does))
  const openings = (await ledger.list('channels')).map(({ fields, note }) => ({ channel: fields, note }))
  const file = parseRecoveryFile(makeRecoveryFile(network, openings), network)
  expect((await recoverNow({ openings: file }, silent)).printed.map(({ does }) => does)).toEqual(
    printed.map(({ does }) => does),
  )
  await expect(recoverNow({}, silent)).rejects.toThrow('--from-block')

  await sendAll((await recoverNow()).printed)
  // Still within the delay: the sellers may redeem, and nothing more can be sent.
  await a.redeem(createKeySigner(alice.privateKey))
  expect((await recoverNow()).printed).toEqual([])
  await devnet.advance(3_700)
  await sendAll((await recoverNow()).printed)

  const earned = await Promise.all(accounts.map(({ address }) => chain.getBttBalance(address)))
  expect(earned).toEqual([3n * BTT, 3n * BTT, 0n])
  expect(await chain.getBttBalance(wallet.address)).toBe(startBtt - 6n * BTT)
  expect((await recoverNow()).said).toEqual([`${wallet.address} has nothing locked.`])
})

it('is told apart where the node does not keep the blocks', async () => {
  const silent: Chain = { ...chain, findTraces: async () => null }
  await expect(recoverNow({ fromBlock: 900_000_000 }, silent)).rejects.toMatchObject({ code: 'pruned' })
})
