/** What a budget's fees come to, against the budget and against what the wallet holds. */
import { ChainError } from '../../base/index.ts'
import { describeCode } from '../../kernel/index.ts'
import type { StartPreview } from '../../payments/index.ts'
import type { Amount } from '../../units/index.ts'
import type { FeePreview } from './snapshot.ts'

/** Whether the owner of this browser refuses high fees, in its memory. */
export const FEE_STOP_KEY = 'refuse-high-fees'

const SUN_PER_TRX = 1_000_000n
const MAX_PERCENT = 1_000
/** Fees above this share of a budget are high. */
const HIGH_PERCENT = 10

export interface FeeScales {
  readonly budget: Amount
  /** What the wallet holds; null while it is not known. */
  readonly btt: Amount | null | undefined
  /** null: nobody knows what a fee is worth. */
  readonly bttPerTrx: Amount | null
  /** The owner's own setting. */
  readonly refusesHighFees: boolean
}

/** Says at once when the wallet cannot pay for locking and settling it. Throws ChainError 'unreachable' without a wallet. */
export function weighFees(preview: StartPreview, scales: FeeScales): FeePreview {
  const { approve, open, further, furtherSettle, furtherMost, settle, silent } = preview
  const { balanceSun, nowSun, settleSun } = preview
  const { budget, btt, bttPerTrx, refusesHighFees } = scales
  if (btt === undefined) throw new ChainError('unreachable', 'the wallet is not connected')
  const feesSun = nowSun + settleSun
  const feePercent = bttPerTrx === null ? null : toPercent(feesSun * bttPerTrx, budget * SUN_PER_TRX)
  const areFeesHigh = feePercent !== null && feePercent > HIGH_PERCENT
  const fullSun = (approve?.feeSun ?? 0n) + open.feeSun
  const findCode = () => {
    if (btt !== null && btt < budget) return 'too-little-btt'
    if (balanceSun < feesSun) return 'too-little-trx'
    return areFeesHigh && refusesHighFees ? 'fees-too-high' : null
  }
  const code = findCode()
  return {
    approve,
    open,
    totalFeeSun: nowSun,
    isPartlyStaked: nowSun < fullSun || settleSun < settle.feeSun,
    furtherFeeSun: further.feeSun,
    furtherSettleSun: furtherSettle.feeSun,
    furtherMost,
    settleFeeSun: settleSun,
    silentFeeSun: silent.feeSun,
    feePercent,
    areFeesHigh,
    refusesHighFees,
    problem: code ? describeCode(code) : null,
  }
}

/** Rounds up, to 1,000 at most: beyond that nobody reads the figure. */
function toPercent(part: bigint, whole: bigint): number {
  if (whole === 0n) return MAX_PERCENT
  const percent = (part * 100n + whole - 1n) / whole
  return percent > MAX_PERCENT ? MAX_PERCENT : Number(percent)
}
