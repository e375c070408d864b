/** From the payer account's state to the money bar's. */

import { describeCode, type Problem } from '../../kernel/index.ts'
import type { PayerAccount, PayerStep } from '../../payments/index.ts'
import type { Amount } from '../../units/index.ts'
import type { ElsewhereSearch, LockedElsewhere } from './elsewhere.ts'
import type { PaySnapshot } from './snapshot.ts'

export interface PayContext {
  /** Where a running command stands; null when none runs. */
  readonly step: PayerStep | null
  readonly startingBudget: Amount
  readonly problem: Problem | null
  /** The user has read the settlement's summary. */
  readonly isDismissed: boolean
  readonly elsewhere: readonly LockedElsewhere[]
  readonly search: ElsewhereSearch
  /** See PaySnapshot. */
  readonly chainAheadMs: number | null
}

/** What a session in 'starting' shows when no command runs: an answer was lost, or the page was closed in the middle of it. */
function interrupted(payer: PayerAccount): PaySnapshot {
  const underWay = payer.getStartUnderWay() ?? { plan: ['fund'], step: 'fund', txId: null }
  return { status: 'starting', ...underWay, waitingFor: 'lookUp', budget: payer.getFigures().budget }
}

export function toPaySnapshot(payer: PayerAccount, context: PayContext): PaySnapshot {
  const { step, startingBudget, problem, isDismissed, elsewhere, search, chainAheadMs } = context
  const state = payer.getState()
  const exhaustion = payer.getExhaustion()
  const locked = {
    figures: payer.getFigures(),
    funder: payer.getFunder(),
    torrents: payer.getTorrents(),
    isFound: payer.isFound(),
    underWay: step,
  }
  switch (state?.status) {
    case undefined:
    case 'failed':
      return { status: 'free', problem, elsewhere, search }
    case 'starting':
      return step ? { status: 'starting', ...step, budget: startingBudget } : interrupted(payer)
    case 'paying':
      if (exhaustion)
        return {
          status: 'exhausted',
          ...locked,
          exhaustion,
          problem: problem ?? describeCode(`budget-${exhaustion}`),
        }
      return { status: 'paying', ...locked, needsOpen: payer.needsOpen(), problem }
    case 'stopped':
      return { status: 'stopped', ...locked, problem }
    case 'settling':
      return {
        status: 'settling',
        ...locked,
        plan: step?.plan ?? ['release', 'settle'],
        step: step?.step ?? 'release',
        waitingFor: step?.waitingFor ?? 'peers',
        txId: step?.txId ?? null,
      }
    case 'closing':
      return { status: 'closing', ...locked, closeAtSec: state.closeAtSec, chainAheadMs, problem }
    case 'settled':
      return isDismissed
        ? { status: 'free', problem, elsewhere, search }
        : { status: 'settled', summary: state.summary, problem }
  }
}
