import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Exchange } from '../exchange/index.ts'
import { createMemoryLedger, createPayer, type Payee, type PayerAccount } from '../payments/index.ts'
import {
  INFO_HASH,
  MIB,
  pieceReason,
  settleTasks,
  testClock,
  testKey,
  testWallet,
} from '../payments/testing/accounts.ts'
import { balanceOf, createLedgerChain, type LedgerChain } from '../payments/testing/ledger-chain.ts'
import { toAmount } from '../units/index.ts'
import { createEarnSession, type EarnSession } from './earn-session.ts'
import type { WalletSnapshot } from './node.ts'
import { createStore } from './store.ts'
import type { WalletSession } from './wallet-session.ts'

const ASK = toAmount(1_000n)
const buyerWallet = testWallet(1)
const sellerWallet = testWallet(10)

interface World {
  readonly chain: LedgerChain
  readonly payer: PayerAccount
  readonly earn: EarnSession
  /** The tab sleeps until this. */
  wake(): void
}

/** A page that sells, and a payer that owes it 1,000 in an open channel. */
async function makeWorld(canSignSilently: boolean): Promise<World> {
  const chain = createLedgerChain(new Map([[buyerWallet.address, 1_000_000n]]))
  const clock = testClock()
  const payer = createPayer({
    chain,
    ledger: createMemoryLedger(),
    sessionKey: testKey(2),
    clock,
    random: (lengthBytes) => new Uint8Array(lengthBytes).fill(7),
  })
  await payer.restore()
  const ledger = createMemoryLedger()
  const connection = {
    kind: canSignSilently ? 'demo' : 'tronlink',
    address: sellerWallet.address,
    canSignSilently,
    signer: sellerWallet,
  } as unknown as ReturnType<WalletSession['requireConnection']>
  const wallet: WalletSession = {
    store: createStore<WalletSnapshot>({ status: 'disconnected', problem: null, tronlinkFound: false }),
    commands: { refreshBalances: async () => undefined } as WalletSession['commands'],
    requireConnection: () => connection,
    getConnection: () => connection,
    reconnect: async () => undefined,
    onConnection: () => undefined,
  }
  let payee: Payee | null = null
  let wake = (): void => undefined
  const earn = createEarnSession({
    money: {
      chain: async () => chain,
      ledger: async () => ledger,
      payer: async () => payer,
      hasLockedMoney: async () => false,
    },
    wallet,
    exchange: async () =>
      ({
        setPayee: (account: Payee) => {
          payee = account
        },
        setSelling: () => undefined,
      }) as unknown as Exchange,
    requireLead: async () => undefined,
    joinPublisher: (publish) => publish,
    onWake: (listener) => {
      wake = listener
    },
  })
  expect(await earn.commands.startEarning({ askPerMiB: ASK })).toEqual({ status: 'done' })
  const account = payee as Payee | null
  if (!account) throw new Error('nobody sells')
  payer.offerSeller({
    payee: account.payee,
    delegate: account.delegate,
    askPerMiB: ASK,
    relayFrom: null,
    deliveredBytes: 1,
  })
  await payer.start({
    budget: toAmount(80_000n),
    maxAskPerMiB: ASK,
    torrents: [INFO_HASH],
    wallet: buyerWallet,
  })
  const seat = payer.getSeat(account)
  if (!seat) throw new Error('no seat')
  await account.acceptSeat(seat)
  const voucher = await payer.pay(account, ASK, pieceReason(0, MIB))
  if (!voucher) throw new Error('no voucher')
  await account.acceptVoucher(voucher, pieceReason(0, MIB))
  return { chain, payer, earn, wake: () => wake() }
}

const close = ({ payer }: World) =>
  payer.settle({ wallet: buyerWallet, collectReleases: async () => undefined })

const problemOf = ({ earn }: World): string | undefined => {
  const snapshot = earn.store.get()
  return 'problem' in snapshot ? snapshot.problem?.code : undefined
}

describe('a payer closes its channel while the seller’s tab sleeps', () => {
  let world: World

  test('at the next wake a wallet that signs silently redeems what is due', async () => {
    world = await makeWorld(true)
    await close(world)
    expect(balanceOf(world.chain, sellerWallet.address)).toBe(0n)
    world.wake()
    await expect.poll(() => balanceOf(world.chain, sellerWallet.address)).toBe(1_000n)
    await expect.poll(() => world.earn.store.get()).toMatchObject({ status: 'on', redeemable: 0n })
  })

  describe('with a wallet that asks', () => {
    beforeEach(async () => {
      world = await makeWorld(false)
      await close(world)
      world.wake()
      await expect.poll(() => problemOf(world)).toBe('payer-closing')
    })

    test('nothing pops up, and redeeming clears the warning', async () => {
      expect(world.chain.sent).not.toContain('redeem')
      expect(await world.earn.commands.redeem()).toEqual({ status: 'done' })
      expect(balanceOf(world.chain, sellerWallet.address)).toBe(1_000n)
      expect(problemOf(world)).toBeUndefined()
    })

    test('a node that does not answer leaves the warning', async () => {
      world.chain.isDown = true
      world.wake()
      await expect.poll(() => problemOf(world)).toBe('payer-closing')
    })
  })

  test('while nothing closes, waking does nothing', async () => {
    world = await makeWorld(true)
    world.wake()
    await settleTasks()
    await expect.poll(() => world.earn.store.get()).toMatchObject({ status: 'on', redeemable: 1_000n })
    expect(world.chain.sent).not.toContain('redeem')
  })
})
