import 'fake-indexeddb/auto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../../../devnet/index.ts'
import { WalletError } from '../../base/index.ts'
import { connectChain } from '../../channels/connect-chain.ts'
import type { Chain } from '../../channels/index.ts'
import type { TransactionRecord } from '../../kernel/index.ts'
import { type LoggedChain, openLoggedChain } from '../../kernel/testing/logged-chain.ts'
import { createPayer } from '../../payments/index.ts'
import { INFO_HASH } from '../../payments/testing/accounts.ts'
import { addressOfPrivateKey, signDigest, type TransactionSigner } from '../../tron/index.ts'
import { toAmount, toFeeSun, ZERO_AMOUNT } from '../../units/index.ts'
import { createKeySigner } from '../../wallet/key-signer.ts'
import { lookUp } from './look-up.ts'
import { startTransactions } from './transactions.ts'

const BTT = 10n ** 18n
const SOLID_LAG_BLOCKS = 19
const sessionKey = new Uint8Array(32).fill(7)
const signer = addressOfPrivateKey(sessionKey)
const approval = { kind: 'approve', amount: toAmount(5n * BTT) } as const

let devnet: Devnet
let chain: Chain
let clean: string
let wallet: TransactionSigner
let ledgers = 0
let ledgerName: string
let opened: { leave(): Promise<void> }[]

interface Page extends LoggedChain {
  /** What the page shows; nothing while it reads. */
  rows(): readonly TransactionRecord[]
  /** The pause is over. */
  tick(): void
  leave(): Promise<void>
  /** How often it asked the chain. */
  readonly looks: number
  readonly errors: unknown[]
}

beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'transactions', solidLagBlocks: SOLID_LAG_BLOCKS })
  chain = await connectChain(devnet.toNetwork(await deployContracts(devnet)))
  const { viewer } = devnet.accounts
  const gift = { trxSun: toFeeSun(5_000_000_000n), bttAmount: toAmount(5_000n * BTT) }
  await devnet.fundAccount(viewer.address, gift)
  wallet = createKeySigner(viewer.privateKey)
  clean = await devnet.takeSnapshot()
})
afterAll(() => devnet?.stop())

beforeEach(async () => {
  await devnet.restoreSnapshot(clean)
  ledgerName = `transactions-${++ledgers}`
  opened = []
})
afterEach(async () => {
  devnet.faults.clear()
  for (const page of opened) await page.leave()
})

/** A page over this test's ledger, whose pauses end when the test says so. */
async function openPage(granted: Promise<void> = Promise.resolve()): Promise<Page> {
  const logged = await openLoggedChain(chain, ledgerName)
  const errors: unknown[] = []
  let looks = 0
  let wake = (): void => undefined
  const clock = {
    nowMs: Date.now,
    schedule(_delayMs: number, run: () => void) {
      wake = run
      return () => {
        wake = () => undefined
      }
    },
  }
  const { store, stop } = startTransactions(
    {
      async chain() {
        looks += 1
        return logged.chain
      },
      lead: { granted, require: async () => undefined },
      transactions: logged.transactions,
      onWake: () => () => undefined,
      report: (error) => void errors.push(error),
    },
    clock,
  )
  const page: Page = {
    ...logged,
    errors,
    get looks() {
      return looks
    },
    rows() {
      const snapshot = store.get()
      return snapshot.status === 'read' ? snapshot.rows : []
    },
    tick: () => wake(),
    async leave() {
      await stop()
      await logged.close()
    },
  }
  opened.push(page)
  return page
}

async function mineUntilSolid(): Promise<void> {
  for (let i = 0; i < SOLID_LAG_BLOCKS; i++) await devnet.mine()
}

/** The log alone, over this test's ledger: it is looked up when the test says so. */
async function openLog(): Promise<LoggedChain> {
  const logged = await openLoggedChain(chain, ledgerName)
  opened.push({ leave: logged.close })
  await logged.transactions.takeOver()
  return logged
}

const newest = ({ transactions }: LoggedChain) => transactions.rows.get()?.[0]
const look = (log: LoggedChain) => lookUp(log.chain, log.transactions)

/** Signs after `before` has run. */
const signAfter = (before: () => Promise<unknown>): TransactionSigner => ({
  address: wallet.address,
  async signTransaction(transaction) {
    await before()
    return wallet.signTransaction(transaction)
  },
})

describe('a row', () => {
  it('is written at each step, and is final once its block cannot be taken back', async () => {
    const log = await openLog()
    const seen: (string | undefined)[] = []
    log.transactions.rows.subscribe(() => {
      const status = newest(log)?.state.status
      if (status !== seen.at(-1)) seen.push(status)
    })
    const { txId, feeSun, blockNumber } = await log.chain.send(approval, wallet)
    await look(log)
    expect(newest(log)).toMatchObject({
      call: 'approve',
      amount: approval.amount,
      account: wallet.address,
      state: { status: 'inBlock', txId, feeSun, blockNumber },
    })
    await mineUntilSolid()
    await look(log)
    expect(newest(log)?.state).toMatchObject({ status: 'solidified', txId })
    expect(seen).toEqual(['draft', 'simulated', 'signed', 'broadcast', 'inBlock', 'solidified'])
    expect(log.transactions.listOpen()).toEqual([])
  })

  it('is cancelled when its owner declines, with the reason in words', async () => {
    const log = await openLog()
    const declining = signAfter(() => Promise.reject(new WalletError('rejected', 'declined')))
    await expect(log.chain.send(approval, declining)).rejects.toMatchObject({ code: 'rejected' })
    expect(newest(log)?.state).toMatchObject({
      status: 'cancelled',
      txId: null,
      reason: { code: 'rejected' },
    })
    expect(log.transactions.listOpen()).toEqual([])
  })

  it('is cancelled when the node refuses what was signed', async () => {
    const log = await openLog()
    devnet.faults.add({
      path: 'wallet/broadcasttransaction',
      effect: { kind: 'refusal', code: 'SIGERROR', message: 'no' },
    })
    await expect(log.chain.send(approval, wallet)).rejects.toMatchObject({ code: 'bad-signature' })
    expect(newest(log)?.state).toMatchObject({ status: 'cancelled', reason: { code: 'bad-signature' } })
  })

  it('does not stay of a call that its simulation refuses: nobody was asked', async () => {
    const log = await openLog()
    const call = { kind: 'fund', signer, amount: toAmount(1n), untilSec: 1n } as const
    await expect(log.chain.send(call, wallet)).rejects.toThrow()
    expect(log.transactions.rows.get()).toEqual([])
  })

  it('is reverted with its reason and its fee when a block took it and it failed there', async () => {
    const log = await openLog()
    await chain.send(approval, wallet)
    const untilSec = BigInt(Math.floor(Date.now() / 1000) + 86_400)
    await chain.send({ kind: 'fund', signer, amount: approval.amount, untilSec }, wallet)
    const defund = { kind: 'defund', signer, amount: approval.amount } as const
    const late = signAfter(() => chain.send(defund, wallet))
    const failure = await log.chain.send(defund, late).catch((error: unknown) => error)
    await look(log)
    expect(newest(log)?.state).toMatchObject({
      status: 'reverted',
      isSolid: false,
      feeSun: (failure as { feeSun: unknown }).feeSun,
      reason: { code: (failure as { code: unknown }).code, words: expect.stringMatching(/\.$/) },
    })
    await mineUntilSolid()
    await look(log)
    expect(newest(log)?.state).toMatchObject({ status: 'reverted', isSolid: true })
    expect(log.transactions.listOpen()).toEqual([])
  })

  it('whose answer was lost is expired only when no block can take it any more', async () => {
    const log = await openLog()
    devnet.faults.add({ path: 'wallet/broadcasttransaction', effect: { kind: 'reset' } })
    await expect(log.chain.send(approval, wallet)).rejects.toMatchObject({ code: 'unreachable' })
    devnet.faults.clear()
    await look(log)
    expect(newest(log)?.state.status).toBe('broadcast')
    await devnet.advance(130)
    await look(log)
    expect(newest(log)?.state.status).toBe('broadcast')
    await mineUntilSolid()
    await look(log)
    expect(newest(log)?.state).toMatchObject({ status: 'expired', wasInBlock: false })
  })

  it('that a reorganisation drops is looked at until another block has it', async () => {
    const log = await openLog()
    const { txId } = await log.chain.send(approval, wallet)
    await look(log)
    await devnet.reorganise({ dropBlocks: 1, transactions: 'forget' })
    // The node may only be behind.
    await look(log)
    expect(newest(log)?.state.status).toBe('inBlock')
    await devnet.mine()
    await look(log)
    expect(newest(log)?.state).toMatchObject({ status: 'dropped', txId })
    expect(log.transactions.listOpen()).toHaveLength(1)

    await devnet.advance(130)
    await mineUntilSolid()
    await look(log)
    expect(newest(log)?.state).toMatchObject({ status: 'expired', txId, wasInBlock: true })
    expect(await chain.getAllowance(wallet.address)).toBe(0n)
  })

  it('that comes back after a reorganisation goes on to its end', async () => {
    const log = await openLog()
    const { txId } = await log.chain.send(approval, wallet)
    await look(log)
    const taken = await devnet.takeSnapshot()
    await devnet.reorganise({ dropBlocks: 1, transactions: 'forget' })
    await devnet.mine()
    await look(log)
    expect(newest(log)?.state.status).toBe('dropped')
    // The branch that had it wins after all.
    await devnet.restoreSnapshot(taken)
    await look(log)
    expect(newest(log)?.state).toMatchObject({ status: 'inBlock', txId })
    await mineUntilSolid()
    await look(log)
    expect(newest(log)?.state.status).toBe('solidified')
  })

  it('is believed solid under a whole round of blocks where the node has no /walletsolidity', async () => {
    const log = await openLog()
    devnet.faults.add({ path: 'walletsolidity/*', effect: { kind: 'status', httpStatus: 405 } })
    await log.chain.send(approval, wallet)
    await mineUntilSolid()
    await look(log)
    expect(newest(log)?.state.status).toBe('inBlock')
    for (let i = SOLID_LAG_BLOCKS; i < 27; i++) await devnet.mine()
    await look(log)
    expect(newest(log)?.state.status).toBe('solidified')
  })

  it('stays as it is while the node does not answer', async () => {
    const log = await openLog()
    await log.chain.send(approval, wallet)
    devnet.faults.add({ effect: { kind: 'reset' } })
    await expect(look(log)).rejects.toMatchObject({ code: 'unreachable' })
    expect(newest(log)?.state.status).toBe('broadcast')
  })
})

describe('a page', () => {
  it('shows a transaction by itself until it is final, and then asks nothing more', async () => {
    const page = await openPage()
    await page.chain.send(approval, wallet)
    await expect.poll(() => page.rows()[0]?.state.status).toBe('inBlock')
    await mineUntilSolid()
    page.tick()
    await expect.poll(() => page.rows()[0]?.state.status).toBe('solidified')
    const looks = page.looks
    page.tick()
    expect(page.looks).toBe(looks)
    expect(page.errors).toEqual([])
  })

  it('that was closed after the broadcast finds out after a reload, without a second signature', async () => {
    const first = await openPage(new Promise(() => undefined))
    const closing = new AbortController()
    devnet.faults.add({ path: 'wallet/gettransactioninfobyid', effect: { kind: 'reset' } })
    const sending = first.chain.send(
      approval,
      wallet,
      () => closing.abort(new Error('closed')),
      closing.signal,
    )
    await expect(sending).rejects.toThrow()
    expect(first.rows()[0]?.state.status).toBe('broadcast')
    await first.leave()
    devnet.faults.clear()

    const second = await openPage()
    await expect.poll(() => second.rows()[0]?.state.status).toBe('inBlock')
    expect(second.rows()).toHaveLength(1)
  })

  it('that was closed while the wallet was asked knows after a reload that nothing was sent', async () => {
    const first = await openPage()
    const asked = Promise.withResolvers<void>()
    const silent = signAfter(() => {
      asked.resolve()
      return new Promise(() => undefined)
    })
    void first.chain.send(approval, silent)
    await asked.promise
    await first.leave()
    const second = await openPage()
    await expect
      .poll(() => second.rows()[0]?.state)
      .toMatchObject({
        status: 'cancelled',
        txId: null,
        reason: { code: 'page-closed' },
      })
  })

  it('that follows shows what is on the disk and asks the chain nothing', async () => {
    const leading = await openPage()
    await leading.chain.send(approval, wallet)
    await expect.poll(() => leading.rows()[0]?.state.status).toBe('inBlock')
    await leading.leave()
    await mineUntilSolid()
    const following = await openPage(new Promise(() => undefined))
    await expect.poll(() => following.rows()).toHaveLength(1)
    following.tick()
    expect(following.looks).toBe(0)
    expect(following.rows()[0]?.state.status).toBe('inBlock')
  })

  it('sends nothing twice when a budget is asked for twice at once', async () => {
    const page = await openPage()
    const sessionSigner = {
      address: signer,
      sign: async (digest: Uint8Array) => signDigest(sessionKey, digest),
    }
    const payer = createPayer({
      chain: page.chain,
      ledger: page.ledger,
      sessionKey: sessionSigner,
      bttPerTrx: ZERO_AMOUNT,
    })
    await payer.restore()
    const maxAskPerMiB = toAmount(BTT)
    payer.offerSeller({
      payee: devnet.accounts.alice.address,
      delegate: signer,
      askPerMiB: maxAskPerMiB,
      relayFrom: null,
      deliveredBytes: 1,
    })
    const terms = { budget: toAmount(50n * BTT), maxAskPerMiB, torrents: [INFO_HASH], wallet }
    const before = await chain.getBttBalance(wallet.address)
    const presses = await Promise.allSettled([payer.start(terms), payer.start(terms)])
    expect(presses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect
      .poll(() => page.rows().map(({ call, state }) => `${call} ${state.status}`))
      .toEqual(['fundAndOpen inBlock', 'approve inBlock'])
    expect(await chain.getBttBalance(wallet.address)).toBe(before - terms.budget)
  })
})
