/** What each call of the contract costs its sender, on one rule book. Amounts are of no round figure, as real ones. */
import type { PlannedOpening, SeatLeaf } from '../../lib/channels/index.ts'
import { channelOf, channelTuple, leavesOf, openingOf, proof, row, settlement } from './calls.ts'
import { createMeter, type Meter, type RuleBook } from './meter.ts'
import { BTT, FAR_SEC, payer, raw, signer } from './parties.ts'

/** About 12 BTT. */
const FIGURE = 12_345_678_901_234_567_890n
/** A further row is the mean of this many. */
const FURTHER_ROWS = 10

export interface CostFigures {
  /** By the signer, out of the purse. */
  readonly open1: number
  readonly open16: number
  /** One seat; exactly the channel's total passes through a purse that exists and stays as it was. */
  readonly fundAndOpen: number
  /** The same with more than the total, which the purse keeps. */
  readonly fundAndOpenKeep: number
  /** One row, a channel of one seat. */
  readonly redeemFirst: number
  readonly redeemRepeat: number
  /** Each further row of one payee, each of another channel: with a proof of four levels, and without. */
  readonly rowFirst: number
  readonly rowRepeat: number
  /** Every seat released, none redeemed before. */
  readonly settle1: number
  readonly settle4: number
  readonly settle16: number
  /** Every seat released above what it redeemed before. */
  readonly settle16Redeemed: number
  readonly closeOut1: number
  /** `fundAndOpen` and `settle` of 16 seats: everyone is paid by the settlement. */
  readonly life16: number
}

/** Runs every call on a fresh chain. */
export async function measureCosts(rules: RuleBook): Promise<CostFigures> {
  const meter = await createMeter(rules)
  return {
    open1: await open(meter, 1, 1),
    open16: await open(meter, 16, 2),
    ...(await measureFunding(meter)),
    ...(await measureSingle(meter)),
    ...(await measureRows(meter)),
    settle1: await settle(meter, 1, 31),
    settle4: await settle(meter, 4, 32),
    settle16: await settle(meter, 16, 33),
    settle16Redeemed: await settleRedeemed(meter),
    closeOut1: await closeOut(meter),
    life16: await live(meter),
  }
}

const open = (meter: Meter, seats: number, salt: number): Promise<number> => {
  const { channel, note } = openingOf(leavesOf(seats), salt)
  return meter.call(signer, 'open', channelTuple(channel), note, '0x')
}

const fundAndOpen = (meter: Meter, { channel, note }: PlannedOpening, extra = 0n): Promise<number> =>
  meter.call(payer, 'fundAndOpen', channel.total + extra, FAR_SEC, channelTuple(channel), note)

async function measureFunding(meter: Meter): Promise<Pick<CostFigures, 'fundAndOpen' | 'fundAndOpenKeep'>> {
  return {
    fundAndOpen: await fundAndOpen(meter, openingOf(leavesOf(1), 4)),
    fundAndOpenKeep: await fundAndOpen(meter, openingOf(leavesOf(1), 5), BTT),
  }
}

async function measureSingle(meter: Meter): Promise<Pick<CostFigures, 'redeemFirst' | 'redeemRepeat'>> {
  const leaves = leavesOf(1)
  const [leaf] = leaves as [SeatLeaf]
  const channel = channelOf(leaves, 6)
  await open(meter, 1, 6)
  const rowAt = (figure: bigint): unknown[] => [row(meter, channel, leaf.payee, figure)]
  return {
    redeemFirst: await meter.call(payer, 'redeem', rowAt(FIGURE), [proof(0, channel, leaves, leaf)]),
    redeemRepeat: await meter.call(payer, 'redeem', rowAt(2n * FIGURE), []),
  }
}

/** Batches of two rows and of ten more: the difference is what ten rows add. */
async function measureRows(meter: Meter): Promise<Pick<CostFigures, 'rowFirst' | 'rowRepeat'>> {
  const leaves = leavesOf(16)
  const leaf = leaves[5] as SeatLeaf
  const channels = Array.from({ length: FURTHER_ROWS + 4 }, (_, index) => channelOf(leaves, 100 + index))
  for (const index of channels.keys()) await open(meter, 16, 100 + index)
  const redeem = (from: number, to: number, figure: bigint, isFirst: boolean): Promise<number> => {
    const some = channels.slice(from, to)
    const rows = some.map((channel) => row(meter, channel, leaf.payee, figure))
    const proofs = isFirst ? some.map((channel, at) => proof(at, channel, leaves, leaf)) : []
    return meter.call(payer, 'redeem', rows, proofs)
  }
  const more = FURTHER_ROWS + 2
  const firstTwo = await redeem(0, 2, FIGURE, true)
  const firstMore = await redeem(2, channels.length, FIGURE, true)
  const repeatTwo = await redeem(0, 2, 2n * FIGURE, false)
  const repeatMore = await redeem(0, more, 3n * FIGURE, false)
  const perRow = (two: number, all: number): number => Math.round((all - two) / FURTHER_ROWS)
  return { rowFirst: perRow(firstTwo, firstMore), rowRepeat: perRow(repeatTwo, repeatMore) }
}

async function settle(meter: Meter, seats: number, salt: number): Promise<number> {
  await open(meter, seats, salt)
  const leaves = leavesOf(seats)
  return meter.call(payer, 'settle', ...settlement(meter, channelOf(leaves, salt), leaves, FIGURE))
}

async function settleRedeemed(meter: Meter): Promise<number> {
  const leaves = leavesOf(16)
  const channel = channelOf(leaves, 34)
  await open(meter, 16, 34)
  const rows = leaves.map(({ payee }) => row(meter, channel, payee, FIGURE))
  await meter.call(
    payer,
    'redeem',
    rows,
    leaves.map((leaf, at) => proof(at, channel, leaves, leaf)),
  )
  return meter.call(payer, 'settle', ...settlement(meter, channel, leaves, 2n * FIGURE))
}

async function closeOut(meter: Meter): Promise<number> {
  const leaves = leavesOf(1)
  const channel = channelOf(leaves, 35)
  // The purse is left with something for the figures that follow: this measures another signer's, which is empty.
  await open(meter, 1, 35)
  return meter.call(payer, 'closeOut', [settlement(meter, channel, leaves, FIGURE)], raw(payer))
}

async function live(meter: Meter): Promise<number> {
  const leaves = leavesOf(16)
  const opening = openingOf(leaves, 36)
  const opened = await fundAndOpen(meter, opening)
  return opened + (await meter.call(payer, 'settle', ...settlement(meter, opening.channel, leaves, FIGURE)))
}
