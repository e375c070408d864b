import type { MoneyFigures, PaySnapshot, PayStep } from '@/lib/features/pay/index.ts'
import type { Exhaustion } from '@/lib/payments/index.ts'
import { type Amount, formatAmount, toAmount } from '@/lib/units/index.ts'

const BYTES_PER_GB = 1_000_000_000n

/** What a GB has cost so far, tips left out; null before the first paid byte. Rounds down: shown, never charged. */
export function getAmountPerGB({ spent, tipped, paidBytes }: MoneyFigures): Amount | null {
  const bytes = BigInt(paidBytes)
  return bytes === 0n ? null : toAmount(((spent - tipped) * BYTES_PER_GB) / bytes)
}

/** 0…1 of the budget, for a bar only: never for a figure. */
export function getSpentShare({ spent, budget }: MoneyFigures): number {
  return budget === 0n ? 0 : Number((spent * 10_000n) / budget) / 10_000
}

/** What the budget can still promise. */
export function getAmountLeft({ spent, budget }: MoneyFigures): Amount {
  return toAmount(spent < budget ? budget - spent : 0n)
}

/** Where the budget stands, in one sentence or two. `infoHash`: the torrent on screen. `isBuying`: more is still to come at this pace. */
export function sayStanding(figures: MoneyFigures, infoHash: string | null, isBuying: boolean): string {
  const left = getAmountLeft(figures)
  const here = infoHash === null ? undefined : figures.spentByTorrent[infoHash]
  const minutes = !isBuying || figures.bttPerMin === 0n ? null : Number(left / figures.bttPerMin)
  const lasts = minutes === null || left === 0n ? '' : `, enough for ${sayMinutes(minutes)} at this pace`
  return `${here ? `${formatAmount(here, 4)} went for this torrent. ` : ''}${formatAmount(left, 4)} left${lasts}.`
}

function sayMinutes(minutes: number): string {
  if (minutes < 1) return 'less than a minute'
  if (minutes < 90) return minutes === 1 ? 'a minute' : `${minutes} minutes`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return hours === 1 ? 'an hour' : `${hours} hours`
  return `${Math.floor(hours / 24)} days`
}

export const STEP_WORDS: Readonly<Record<PayStep, { readonly name: string; readonly does: string }>> = {
  approve: {
    name: 'Allow the contract',
    does: 'Lets the contract take exactly this budget, nothing more.',
  },
  fund: {
    name: 'Lock the budget',
    does: 'Moves the budget into your purse, from which this page may pay, and reserves seats for the seeders in sight.',
  },
  open: { name: 'Open the channel', does: 'Reserves seats for the seeders that deliver.' },
  release: {
    name: 'Ask seeders to confirm',
    does: 'Each seeder confirms its last figure, so nobody has to wait.',
  },
  startClose: { name: 'Start closing', does: 'Some seeders did not answer: their time to redeem starts.' },
  settle: {
    name: 'Settle',
    does: 'Pays every seeder and refunds the rest: up to 16 seeders in a transaction.',
  },
}

export const WAITING_WORDS = {
  sign: 'Waiting for your wallet. Confirm it there.',
  confirm:
    'Waiting for the network to confirm: a few seconds, or longer when it is slow. Nothing is paid twice.',
  peers: 'Waiting for the seeders.',
  lookUp: 'The answer was lost. The network is asked what became of it; nothing is sent twice.',
} as const

/** The state in a few words, as the panel's title. */
export const PAY_TITLES: Readonly<Record<PaySnapshot['status'], string>> = {
  free: 'Watching free',
  starting: 'Starting to pay',
  paying: 'Paying for speed',
  stopped: 'Paying is stopped',
  exhausted: 'The budget is used up',
  settling: 'Settling',
  closing: 'Closing the channel',
  settled: 'Settled',
}

/** Why nothing more can be bought. */
export const EXHAUSTED_TITLES: Readonly<Record<Exhaustion, string>> = {
  spent: PAY_TITLES.exhausted,
  elsewhere: 'Waiting for seeders to come back',
  expired: 'The budget’s time is over',
}

/** On a torrent that the budget is not for. */
export const NOT_HERE_TITLE = 'Not paying here'

/** The moment at which chain time `sec` falls, for people. */
export function formatChainTime(sec: bigint): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(Number(sec) * 1000),
  )
}
