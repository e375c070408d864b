import type { TransactionRecord } from '@/lib/features/transactions/index.ts'

type Call = TransactionRecord['call']
type State = TransactionRecord['state']

export const CALL_WORDS: Readonly<Record<Call, string>> = {
  approve: 'Allow the contract',
  fund: 'Lock a budget',
  defund: 'Take BTT out of the purse',
  open: 'Open a channel',
  fundAndOpen: 'Lock a budget and open a channel',
  redeem: 'Redeem what you earned',
  startClose: 'Start closing',
  settle: 'Settle',
  closeOut: 'Settle and refund',
}

/** Where it stands, and what follows from that. */
export function sayState(state: State): string {
  switch (state.status) {
    case 'draft':
      return 'Being prepared.'
    case 'simulated':
      return 'Waiting for your wallet.'
    case 'signed':
      return 'Signed. On its way to the network.'
    case 'broadcast':
      return 'Sent. Waiting for a block.'
    case 'inBlock':
      return 'In a block. Final in about a minute.'
    case 'solidified':
      return 'Done, and final.'
    case 'reverted':
      return `Failed in a block; only the fee was spent. ${state.reason.words}`
    case 'dropped':
      return 'The network took its block back. Another block may take it; the page looks on.'
    case 'expired':
      return state.wasInBlock
        ? 'Undone: the network took its block back, and none can take it any more.'
        : 'Expired: no block took it, and none can any more. Nothing moved.'
    case 'cancelled':
      return `Not sent. ${state.reason.words}`
    default:
      return state satisfies never
  }
}

/** Whether it came to its end on the chain: well, or not. null while it is open, and where it never left the page. */
export function getEnd({ status }: State): 'done' | 'failed' | null {
  switch (status) {
    case 'solidified':
      return 'done'
    case 'reverted':
    case 'dropped':
    case 'expired':
      return 'failed'
    default:
      return null
  }
}

/** By id, what each row said last. */
export type SeenStates = ReadonlyMap<string, State['status']>

export const toSeen = (rows: readonly TransactionRecord[]): SeenStates =>
  new Map(rows.map(({ id, state }) => [id, state.status]))

/** Rows that were under way when they were seen before, and have come to an end or lost their block since. */
export function findEnded(
  before: SeenStates,
  rows: readonly TransactionRecord[],
): readonly TransactionRecord[] {
  return rows.filter(({ id, state }) => {
    const seen = before.get(id)
    return seen !== undefined && seen !== state.status && getEnd(state) !== null
  })
}
