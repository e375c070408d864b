/**
 * What our calls cost at most. Nothing can be simulated before the approval stands, so these are what a devnet counts where every slot
 * that a call writes is new (20,000 energy), and the bytes of the longest call. Tests on a devnet hold them: `many-sellers-devnet`, `payments-devnet`.
 */
import { type Priced, quoteFee } from '../../tron/index.ts'
import type { Amount } from '../../units/index.ts'

export const BOUND = {
  fundAndOpen: { energy: 105_000, bandwidthBytes: 900 },
  fund: { energy: 75_000, bandwidthBytes: 400 },
  open: { energy: 30_500, bandwidthBytes: 1_650 },
  startClose: { energy: 8_000, bandwidthBytes: 500 },
  closeOut: { energy: 35_000, bandwidthBytes: 400 },
  closedChannel: { energy: 12_000, bandwidthBytes: 450 },
  closedSeat: { energy: 40_000, bandwidthBytes: 355 },
} as const satisfies Readonly<Record<string, Priced>>

/** The chain's prices since August 2025. */
const USUAL_PRICES = { energySun: 100n, bandwidthSun: 1_000n }
/** A fee is worth paying where the channel can buy this many times as much. */
export const FEE_MULTIPLE = 10n
const SUN_PER_TRX = 1_000_000n

/** One transaction of several parts. */
export function sumCalls(parts: readonly Priced[]): Priced {
  return {
    energy: parts.reduce((sum, { energy }) => sum + energy, 0),
    bandwidthBytes: parts.reduce((sum, { bandwidthBytes }) => sum + bandwidthBytes, 0),
  }
}

/** Whether a further channel of `total` is worth its fee. Where nobody knows what TRX is worth, none is known to be. */
export function isWorthOpening(total: Amount, bttPerTrx: Amount | null): boolean {
  if (bttPerTrx === null) return false
  const { feeSun } = quoteFee(BOUND.open.energy, BOUND.open.bandwidthBytes, USUAL_PRICES)
  return feeSun * bttPerTrx * FEE_MULTIPLE <= total * SUN_PER_TRX
}
