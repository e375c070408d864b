/** Sums of receipts by kind. Invariant: they are what adding up every line of the ledger gives, whatever was rewritten or crashed between. */
import { type Amount, type FeeSun, toAmount, toFeeSun, ZERO_AMOUNT } from '../units/index.ts'
import type { Receipt, ReceiptKind } from './receipt.ts'
import type { NewReceipt } from './store.ts'

export interface ReceiptTotal {
  /** Receipts as they came: a line that rolls vouchers up counts as many as there were. */
  readonly count: number
  readonly amount: Amount
  /** 0 of kinds that cost none. */
  readonly feeSun: FeeSun
}

/** A kind that has no receipt yet is left out. */
export type ReceiptTotals = Readonly<Partial<Record<ReceiptKind, ReceiptTotal>>>

const NOTHING: ReceiptTotal = { count: 0, amount: ZERO_AMOUNT, feeSun: toFeeSun(0n) }

export const totalOf = (totals: ReceiptTotals, kind: ReceiptKind): ReceiptTotal => totals[kind] ?? NOTHING

/** The totals with one line, or one receipt, more. */
export function addToTotals(totals: ReceiptTotals, receipt: Receipt | NewReceipt): ReceiptTotals {
  const before = totalOf(totals, receipt.kind)
  const feeSun = 'feeSun' in receipt ? receipt.feeSun : 0n
  const count = 'roll' in receipt && receipt.roll ? receipt.roll.vouchers : 1
  return {
    ...totals,
    [receipt.kind]: {
      count: before.count + count,
      amount: toAmount(before.amount + receipt.amount),
      feeSun: toFeeSun(before.feeSun + feeSun),
    },
  }
}

/** Of two sets of lines that share none. */
export const mergeTotals = (a: ReceiptTotals, b: ReceiptTotals): ReceiptTotals => combine(a, b, 1)

/** Of the lines of `a` that are not among those of `b`, which are all in it. Throws RangeError when they are not. */
export const subtractTotals = (a: ReceiptTotals, b: ReceiptTotals): ReceiptTotals => combine(a, b, -1)

function combine(a: ReceiptTotals, b: ReceiptTotals, sign: 1 | -1): ReceiptTotals {
  const kinds = [...new Set([...Object.keys(a), ...Object.keys(b)])] as ReceiptKind[]
  const factor = BigInt(sign)
  return Object.fromEntries(
    kinds.map((kind) => {
      const [one, other] = [totalOf(a, kind), totalOf(b, kind)]
      const count = one.count + sign * other.count
      const amount = toAmount(one.amount + factor * other.amount)
      return [kind, { count, amount, feeSun: toFeeSun(one.feeSun + factor * other.feeSun) }]
    }),
  )
}

export const sumTotals = (totals: ReceiptTotals, receipts: Iterable<Receipt | NewReceipt>): ReceiptTotals => {
  let sums = totals
  for (const receipt of receipts) sums = addToTotals(sums, receipt)
  return sums
}
