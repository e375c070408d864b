/** The end of a run: what both ledgers say must be what the chain says, to the base unit. */
import type { LedgerRead } from './read-ledger.ts'

export interface ChaosSums {
  readonly sessions: number
  readonly payments: number
  /** Base units, decimal. */
  readonly funded: string
  readonly paid: string
  readonly refunded: string
}

/** What the chain and the seller say. */
export interface Outcome {
  /** The seller's highest voucher of each channel. */
  readonly held: readonly bigint[]
  /** In the seller's account. */
  readonly earned: bigint
  /** Gone from the payer's account. */
  readonly spent: bigint
  /** In the contract. */
  readonly locked: bigint
}

/** Sums over all sessions of a payer's ledger. Throws unless funded = paid + refunded and everybody has what is theirs. */
export function sumUp(payer: LedgerRead, outcome: Outcome): ChaosSums {
  const settled = payer
    .list('sessions')
    .flatMap(({ state }) => (state.status === 'settled' ? [state.summary] : []))
  const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)
  const funded = sum(settled.map((summary) => summary.funded))
  const paid = sum(settled.map((summary) => summary.paid))
  const refunded = sum(settled.map((summary) => summary.refunded))
  const { earned, spent, locked } = outcome
  const held = sum(outcome.held)
  const isRight =
    funded === paid + refunded && paid === earned && held === earned && spent === earned && locked === 0n
  if (!isRight) {
    const sums = Object.entries({ funded, paid, refunded, held, earned, spent, locked })
    throw new Error(`violated: ${sums.map(([name, amount]) => `${name} ${amount}`).join(', ')}`)
  }
  return {
    sessions: settled.length,
    payments: payer.receipts.filter(({ kind }) => kind === 'piece').length,
    funded: funded.toString(),
    paid: paid.toString(),
    refunded: refunded.toString(),
  }
}
