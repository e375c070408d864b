/**
 * The whole life of channels, as payers and sellers lead it, on any node: with each step the balances, and with each refusal
 * its word. Resumable: every step and check is done once over all runs (`run.ts`).
 */

import type { Hex } from '../../lib/base/index.ts'
import type { Chain, ContractCall, SignedRelease, SwarmEvent } from '../../lib/channels/index.ts'
import { openDigest } from '../../lib/channels/index.ts'
import type { Address } from '../../lib/tron/index.ts'
import { type Amount, toAmount } from '../../lib/units/index.ts'
import { Books, type Totals } from './books.ts'
import type { Cast, Party } from './cast.ts'
import {
  btt,
  type PlannedChannel,
  planChannel,
  signEven,
  signRelease,
  voucherRow,
  withHighS,
} from './channels.ts'
import { fail } from './exit-codes.ts'
import { expectSame, isEqual } from './expect-same.ts'
import type { Run } from './run.ts'
import { readViews } from './views.ts'

const PURSE_SEC = 30 * 86_400

export interface World {
  readonly run: Run
  readonly chain: Chain
  readonly cast: Cast
  /** Resolves when the chain's time is there, or throws ConformanceStop 'waiting'. */
  waitUntil(chainTimeSec: number): Promise<void>
}

interface Scene extends World {
  readonly books: Books
  readonly untilSec: bigint
  readonly plans: Readonly<Record<'own' | 'relayed' | 'bySigner' | 'silent' | 'full', PlannedChannel>>
  send(name: string, sender: Party, call: ContractCall, outcome?: Parameters<Run['send']>[5]): Promise<Hex>
  refuse(name: string, sender: Party, call: ContractCall, code: string): Promise<void>
  row(plan: PlannedChannel, payee: number, figure: Amount, signer?: Party): ReturnType<typeof voucherRow>
  release(plan: PlannedChannel, payee: number, figure: Amount, signer?: Party): SignedRelease
}

/** Leads it to its end. Throws ConformanceStop: 'failed', 'waiting', 'unreachable', 'not-affordable'. */
export async function leadLife(world: World): Promise<Totals> {
  const { run, chain, cast } = world
  const scene = setScene(world)
  await fundPurse(scene)
  await openChannels(scene)
  await redeemVouchers(scene)
  // Seat 0 of “own” has claimed 5 by then.
  const { own } = scene.plans
  await run.check('views', () => readViews(run, chain.network, cast, own, { payee: 0, claimed: btt(5) }))
  await settleReleased(scene)
  await startClosing(scene)
  await closeOutInParts(scene)
  return closeBooks(scene)
}

function setScene(world: World): Scene {
  const { run, chain, cast } = world
  const untilSec = BigInt(run.state.startedAtSec + PURSE_SEC)
  const books = new Books(cast.payer.address, cast.session.address, untilSec)
  const domain = chain.network
  const room = { cast, domain, runId: run.state.runId }
  const address = (payee: number): Address => cast.payees[payee]!.address
  return {
    ...world,
    books,
    untilSec,
    plans: {
      own: planChannel(room, 'own', [
        [0, 10],
        [1, 10],
        [2, 10],
      ]),
      relayed: planChannel(room, 'relayed', [
        [0, 8],
        [1, 8],
      ]),
      bySigner: planChannel(room, 'by signer', [
        [0, 5],
        [3, 5],
      ]),
      silent: planChannel(room, 'silent', [
        [2, 6],
        [3, 6],
      ]),
      full: planChannel(
        room,
        'full',
        cast.payees.map((_, payee) => [payee, 1] as const),
      ),
    },
    send: (name, sender, call, outcome) => run.send(chain, books, name, sender, call, outcome),
    refuse: (name, sender, call, code) => run.refuse(name, chain, sender, call, code),
    row: (plan, payee, figure, signer = cast.session) =>
      voucherRow(domain, plan, address(payee), figure, signer),
    release: (plan, payee, figure, signer = cast.payees[payee]!) =>
      signRelease(domain, plan, address(payee), figure, signer),
  }
}

async function fundPurse(scene: Scene): Promise<void> {
  const { chain, cast, untilSec, send, refuse } = scene
  const { payer, session } = cast
  const fund = (whole: number) =>
    ({ kind: 'fund', signer: session.address, amount: btt(whole), untilSec }) as const
  await refuse('fundUnapproved', payer, fund(1), 'not-approved')
  await send(
    'approve',
    payer,
    { kind: 'approve', amount: btt(200) },
    {
      after: async () => expectSame('the allowance', await chain.getAllowance(payer.address), btt(200)),
    },
  )
  await send('fund', payer, fund(100), { effect: (books) => books.fund(btt(100)) })
}

async function openChannels(scene: Scene): Promise<void> {
  const { chain, cast, plans, untilSec, send, refuse } = scene
  const { payer, session, relay, stranger } = cast
  const { own, relayed, bySigner, silent, full } = plans
  const openWord = (plan: PlannedChannel, by: Party): Hex =>
    signEven(by, openDigest({ channelId: plan.id }, chain.network))
  const open = ({ channel, note }: PlannedChannel, signature: Hex | null = null) =>
    ({ kind: 'open', channel, note, signature }) as const
  const opened = (plan: PlannedChannel) => ({
    effect: (books: Books) => books.open(plan),
    after: (txId: Hex) => expectOpening(scene, plan, txId),
  })

  await send('openByPayer', payer, open(own), opened(own))
  await refuse('openTwice', payer, open(own), 'SwarmChannels_AlreadyOpened')
  const otherNote = { ...open(relayed), note: own.note }
  await refuse('openWithOtherNote', payer, otherNote, 'SwarmChannels_NoteMismatch')
  await refuse(
    'openByStranger',
    stranger,
    open(relayed, `0x${'00'.repeat(65)}`),
    'SwarmChannels_BadSignature',
  )
  const forged = open(relayed, openWord(relayed, stranger))
  await refuse('openForged', stranger, forged, 'SwarmChannels_BadSignature')
  const highS = open(relayed, withHighS(openWord(relayed, session)))
  await refuse('openHighS', relay, highS, 'SwarmChannels_BadSignature')
  const ofAnother = open(relayed, openWord(own, session))
  await refuse('openOfAnother', relay, ofAnother, 'SwarmChannels_BadSignature')
  const room = { cast, domain: chain.network, runId: scene.run.state.runId }
  const unfunded = planChannel(room, 'unfunded', [[0, 1]], stranger)
  await refuse('openUnfunded', stranger, open(unfunded), 'SwarmChannels_PurseExpired')
  const tooMuch = planChannel(room, 'too much', [[0, 1_000]])
  await refuse('openTooMuch', payer, open(tooMuch), 'SwarmChannels_PurseTooLow')

  await send('openRelayed', relay, open(relayed, openWord(relayed, session)), opened(relayed))
  await send('openBySigner', session, open(bySigner), opened(bySigner))
  await send('openSilent', payer, open(silent), opened(silent))
  const fundAndOpen = {
    ...({ kind: 'fundAndOpen', amount: btt(20), untilSec } as const),
    ...{ channel: full.channel, note: full.note },
  }
  const byStranger = { ...fundAndOpen, amount: btt(0) }
  await refuse('fundAndOpenStranger', stranger, byStranger, 'SwarmChannels_NotAllowed')
  await send('fundAndOpen', payer, fundAndOpen, {
    effect: (books) => {
      books.fund(btt(20))
      books.open(full)
    },
    after: (txId) => expectOpening(scene, full, txId),
  })
  const defund = (whole: number) => ({ kind: 'defund', signer: session.address, amount: btt(whole) }) as const
  await refuse('defundTooMuch', payer, defund(1_000), 'SwarmChannels_PurseTooLow')
  await send('defund', payer, defund(1), { effect: (books) => books.defund(btt(1)) })
}

async function redeemVouchers(scene: Scene): Promise<void> {
  const { cast, plans, send, refuse, row } = scene
  const { relay, stranger, payees } = cast
  const { own, relayed } = plans
  const redeem = (...rows: ReturnType<Scene['row']>[]) => ({ kind: 'redeem', rows }) as const
  const paid = (...amounts: readonly number[]): ReadonlyMap<Address, bigint> =>
    new Map(amounts.map((whole, payee) => [payees[payee]!.address, btt(whole)]))
  const claim =
    (...claims: readonly (readonly [PlannedChannel, number, number])[]) =>
    (books: Books) => {
      for (const [plan, payee, whole] of claims) books.redeem(plan, payees[payee]!.address, btt(whole))
    }

  const first = redeem(row(own, 0, btt(3)))
  await send('redeemFirst', relay, first, { effect: claim([own, 0, 3]), paid: paid(3) })
  await refuse('redeemSame', relay, first, 'nothing-to-redeem')
  const repeat = redeem(row(own, 0, btt(5)))
  await send('redeemRepeat', relay, repeat, { effect: claim([own, 0, 5]), paid: paid(2) })
  await refuse('redeemStale', relay, first, 'nothing-to-redeem')
  await refuse('redeemOverCap', relay, redeem(row(own, 0, toAmount(btt(10) + 1n))), 'nothing-to-redeem')
  await refuse('redeemForged', relay, redeem(row(own, 1, btt(4), stranger)), 'nothing-to-redeem')
  await refuse('redeemByPayee', relay, redeem(row(own, 1, btt(4), payees[1])), 'nothing-to-redeem')
  const good = row(own, 1, btt(4))
  const highS = redeem({ ...good, signature: withHighS(good.signature) })
  await refuse('redeemHighS', relay, highS, 'malformed')
  const ofAnother = redeem({ ...row(relayed, 1, btt(4)), signature: good.signature })
  await refuse('redeemOfAnother', relay, ofAnother, 'nothing-to-redeem')
  await refuse('redeemUnproven', relay, redeem({ ...good, proof: null }), 'nothing-to-redeem')
  await refuse('redeemNoSeat', relay, redeem(row(own, 3, btt(1))), 'nothing-to-redeem')
  // A forged row and a stale one among good ones spoil nothing.
  const batch = redeem(
    { ...row(own, 2, btt(9), stranger), proof: null },
    row(own, 2, btt(2)),
    row(own, 0, btt(5)),
    row(relayed, 0, btt(3)),
    row(relayed, 1, btt(1)),
    good,
  )
  await send('redeemBatch', relay, batch, {
    effect: claim([own, 2, 2], [relayed, 0, 3], [relayed, 1, 1], [own, 1, 4]),
    paid: paid(3, 5, 2),
  })
}

async function settleReleased(scene: Scene): Promise<void> {
  const { cast, plans, send, refuse, row, release } = scene
  const { payer, session, relay, stranger, delegate, payees } = cast
  const { own, relayed, full } = plans
  const settle = (plan: PlannedChannel, releases: readonly SignedRelease[]) =>
    ({ kind: 'settle', settlement: { channel: plan.channel, leaves: plan.leaves, releases } }) as const
  const other = release(relayed, 1, btt(1), delegate)
  const good = [release(relayed, 0, btt(6)), other]

  const refuseBad = (name: string, bad: SignedRelease) =>
    refuse(name, session, settle(relayed, [bad, other]), 'SwarmChannels_BadRelease')
  await refuse('settleUnreleased', session, settle(relayed, [other]), 'SwarmChannels_SeatStillOpen')
  await refuseBad('releaseForged', release(relayed, 0, btt(6), stranger))
  await refuseBad('releaseBySession', release(relayed, 0, btt(6), session))
  const released = good[0]!
  await refuseBad('releaseHighS', { ...released, signature: withHighS(released.signature) })
  await refuseBad('releaseOfAnother', { ...release(own, 0, btt(6)), channelId: relayed.id })
  await refuseBad('releaseOtherFigure', { ...released, cumulative: btt(1) })
  await refuseBad('releaseOverCap', release(relayed, 0, toAmount(btt(8) + 1n)))
  const otherTree = { ...settle(relayed, good).settlement, leaves: own.leaves }
  const misfit = { kind: 'settle', settlement: otherTree } as const
  await refuse('settleOtherSeats', session, misfit, 'SwarmChannels_TreeMismatch')
  await refuse('settleByStranger', stranger, settle(relayed, good), 'SwarmChannels_NotAllowed')

  await send('settleBySigner', session, settle(relayed, good), {
    effect: (books) => books.settle(relayed, figures([cast.payees[0]!, 6], [cast.payees[1]!, 1])),
    paid: figures([payees[0]!, 3]),
    after: (txId) => expectSettled(scene, txId, [[relayed, 9]]),
  })
  await refuse('settleTwice', payer, settle(relayed, good), 'SwarmChannels_NotOpen')
  const late = { kind: 'redeem', rows: [row(relayed, 0, btt(7))] } as const
  await refuse('redeemAfterSettle', relay, late, 'nothing-to-redeem')

  // The largest that a channel can be, nothing of it redeemed: what decides whether 80 ms are enough.
  const all = payees.map((_, payee) => release(full, payee, btt(1)))
  await send('settleFull', payer, settle(full, all), {
    effect: (books) => books.settle(full, figures(...payees.map((payee) => [payee, 1] as const))),
    paid: figures(...payees.map((payee) => [payee, 1] as const)),
    after: (txId) => expectSettled(scene, txId, [[full, 0]]),
  })
}

async function startClosing(scene: Scene): Promise<void> {
  const { chain, cast, plans, send, refuse, row, release } = scene
  const { payer, session, relay, stranger, payees } = cast
  const { own, silent } = plans
  const startClose = ({ channel }: PlannedChannel) => ({ kind: 'startClose', channel }) as const
  const closing = (plan: PlannedChannel) => ({
    effect: (books: Books) => books.startClose(plan),
    after: async (txId: Hex) => {
      const event = (await chain.getEvents(txId)).find((one) => one.kind === 'Closing')
      const state = await chain.getChannel(plan.id)
      if (state.status !== 'closing' || event?.closeAtSec !== state.closeAtSec)
        throw fail(`“${plan.name}”: its event and its state name different times to close`)
    },
  })
  await refuse('closeByStranger', stranger, startClose(own), 'SwarmChannels_NotAllowed')
  await send('startClose', payer, startClose(own), closing(own))
  await send('startCloseBySigner', session, startClose(silent), closing(silent))
  await refuse('closeTwice', payer, startClose(own), 'SwarmChannels_NotOpen')
  const early = [release(own, 0, btt(7)), release(own, 1, btt(5))]
  const settlement = { channel: own.channel, leaves: own.leaves, releases: early }
  await refuse('settleTooEarly', payer, { kind: 'settle', settlement }, 'SwarmChannels_SeatStillOpen')
  await send(
    'redeemClosing',
    relay,
    { kind: 'redeem', rows: [row(own, 0, btt(6))] },
    {
      effect: (books) => books.redeem(own, payees[0]!.address, btt(6)),
      paid: figures([payees[0]!, 1]),
    },
  )
}

async function closeOutInParts(scene: Scene): Promise<void> {
  const { run, chain, cast, plans, send, refuse, row, release } = scene
  const { payer, session, relay, stranger, payees } = cast
  const { own, bySigner, silent } = plans
  const settlement = ({ channel, leaves }: PlannedChannel, ...releases: readonly SignedRelease[]) => ({
    ...{ channel, leaves, releases },
  })
  const closeOut = (...settlements: ReturnType<typeof settlement>[]) =>
    ({ kind: 'closeOut', settlements, signer: session.address }) as const
  // Seat 2 of “own” is silent with 2 claimed, seat 2 of “silent” with nothing.
  const first = closeOut(
    settlement(own, release(own, 0, btt(7)), release(own, 1, btt(5))),
    settlement(bySigner, release(bySigner, 0, btt(2)), release(bySigner, 3, btt(5))),
  )
  const second = closeOut(settlement(silent, release(silent, 3, btt(1))))

  if (run.state.steps.closeOutSecond?.status !== 'done') {
    for (const plan of [own, silent]) {
      const state = await chain.getChannel(plan.id)
      if (state.status === 'closing') await scene.waitUntil(Number(state.closeAtSec))
    }
  }
  await refuse('closeOutByStranger', stranger, first, 'SwarmChannels_NotAllowed')
  await send('closeOutFirst', payer, first, {
    effect: (books) => {
      books.settle(own, figures([payees[0]!, 7], [payees[1]!, 5]))
      books.settle(bySigner, figures([payees[0]!, 2], [payees[3]!, 5]))
      books.emptyPurse()
    },
    paid: figures([payees[0]!, 1 + 2], [payees[1]!, 1], [payees[3]!, 5]),
    after: (txId) =>
      expectSettled(scene, txId, [
        [own, 30 - 7 - 5 - 2],
        [bySigner, 10 - 2 - 5],
      ]),
  })
  await send('closeOutSecond', payer, second, {
    effect: (books) => books.settle(silent, figures([payees[3]!, 1])),
    paid: figures([payees[3]!, 1]),
    after: (txId) => expectSettled(scene, txId, [[silent, 12 - 1]]),
  })
  const late = { kind: 'redeem', rows: [row(own, 2, btt(9)), row(silent, 2, btt(6))] } as const
  await refuse('redeemAfterClose', relay, late, 'nothing-to-redeem')
}

/** The end: every balance of the run, and where each funded unit went. */
async function closeBooks({ run, chain, books }: Scene): Promise<Totals> {
  const { totals } = books
  const { funded, purses, reserved, paid, refunded } = totals
  await run.check('books', async () => {
    await books.compare(chain, true)
    if (funded !== purses + reserved + paid + refunded || purses !== 0n || reserved !== 0n)
      throw fail('funded is not purses + reserved + paid + refunded')
    return 'funded = purses + reserved + paid + refunded'
  })
  return totals
}

/** The channel and its seats must come back from the opening's transaction alone, and its event must name it. */
async function expectOpening({ chain, cast }: Scene, plan: PlannedChannel, txId: Hex): Promise<void> {
  const wanted = { channel: plan.channel, leaves: plan.leaves, note: plan.note }
  const opening = await chain.getOpening(txId)
  if (!isEqual(opening, wanted)) throw fail(`the opening of “${plan.name}” does not come back from ${txId}`)
  const events = (await chain.getEvents(txId)).filter(({ kind }) => kind === 'Opened')
  const event: SwarmEvent = {
    kind: 'Opened',
    channelId: plan.id,
    payer: cast.payer.address,
    total: plan.channel.total,
    txId,
  }
  if (!isEqual(events, [event])) throw fail(`the opening of “${plan.name}” is told by another event`)
}

async function expectSettled(
  { chain }: Scene,
  txId: Hex,
  refunds: readonly (readonly [PlannedChannel, number])[],
): Promise<void> {
  const events = (await chain.getEvents(txId)).filter(({ kind }) => kind === 'Settled')
  const wanted = refunds.map(([plan, whole]) => ({
    kind: 'Settled',
    channelId: plan.id,
    refund: btt(whole),
    txId,
  }))
  if (!isEqual(events, wanted)) throw fail(`the settlement ${txId} is told by other events`)
}

function figures(...amounts: readonly (readonly [Party, number])[]): ReadonlyMap<Address, bigint> {
  return new Map(amounts.map(([{ address }, whole]) => [address, btt(whole)]))
}
