/** Figures as sums of receipts: nothing on screen is counted any other way. */

import type { Receipt } from '../../ledger/index.ts'
import { type Amount, type FeeSun, toAmount, ZERO_AMOUNT } from '../../units/index.ts'

export interface PayerFigures {
  readonly budget: Amount
  /** In the purse and in unsettled channels, less what vouchers promise. */
  readonly locked: Amount
  /** Promised by vouchers: pieces and tips. */
  readonly spent: Amount
  readonly tipped: Amount
  /** What of it was promised for each torrent, by info-hash. */
  readonly spentByTorrent: Readonly<Record<string, Amount>>
  readonly paidPieces: number
  readonly paidBytes: number
  /** Promised in the last 60 s; of a budget that is younger, as much as it would be at this pace. */
  readonly bttPerMin: Amount
  readonly maxAskPerMiB: Amount
  readonly untilSec: bigint
  /** Burned by the budget's transactions so far, and how many there were. */
  readonly feeSun: FeeSun
  readonly transactions: number
  /** Channels that the chain has or had for it. */
  readonly channels: number
}

const RATE_WINDOW_MS = 60_000
/** What was paid in the first moments says nothing of a minute. */
const MIN_WINDOW_MS = 10_000

/** Adds receipts up as they come; keeps only the last minute's in memory. */
export interface SpendTally {
  add(receipt: Receipt): void
  read(
    nowMs: number,
  ): Pick<PayerFigures, 'spent' | 'tipped' | 'spentByTorrent' | 'paidPieces' | 'paidBytes' | 'bttPerMin'>
}

export function createSpendTally(): SpendTally {
  let spent: Amount = ZERO_AMOUNT
  let tipped: Amount = ZERO_AMOUNT
  const byTorrent = new Map<string, Amount>()
  let paidPieces = 0
  let paidBytes = 0
  let newestMs = 0
  let firstMs = Number.POSITIVE_INFINITY
  let recent: { readonly atMs: number; readonly amount: Amount }[] = []
  return {
    add(receipt) {
      if (receipt.kind !== 'piece' && receipt.kind !== 'tip') return
      spent = toAmount(spent + receipt.amount)
      const before = byTorrent.get(receipt.infoHash) ?? ZERO_AMOUNT
      byTorrent.set(receipt.infoHash, toAmount(before + receipt.amount))
      newestMs = Math.max(newestMs, receipt.atMs)
      firstMs = Math.min(firstMs, receipt.atMs)
      // Channel by channel, older ones may come after newer ones.
      if (receipt.atMs > newestMs - RATE_WINDOW_MS)
        recent.push({ atMs: receipt.atMs, amount: receipt.amount })
      if (recent[0] && recent[0].atMs <= newestMs - RATE_WINDOW_MS)
        recent = recent.filter(({ atMs }) => atMs > newestMs - RATE_WINDOW_MS)
      if (receipt.kind === 'tip') {
        tipped = toAmount(tipped + receipt.amount)
        return
      }
      paidPieces += 1
      paidBytes += receipt.lengthBytes
    },
    read(nowMs) {
      recent = recent.filter(({ atMs }) => atMs > nowMs - RATE_WINDOW_MS)
      const promised = recent.reduce((sum, { amount }) => sum + amount, 0n)
      const windowMs = Math.min(RATE_WINDOW_MS, Math.max(nowMs - firstMs, MIN_WINDOW_MS))
      // Rounds down: shown, never charged.
      const bttPerMin = toAmount((promised * BigInt(RATE_WINDOW_MS)) / BigInt(Math.round(windowMs)))
      const spentByTorrent = Object.fromEntries(byTorrent)
      return { spent, tipped, spentByTorrent, paidPieces, paidBytes, bttPerMin }
    },
  }
}
