/**
 * What a transaction of ours can be, from the intent to the block that nobody can take back. Pure: whoever drives it writes each state
 * to the disk before it acts on it. Invariant: what may have reached a node is never cancelled, only looked up until its fate is known.
 */
import type { Hex } from '../base/index.ts'
import type { FeeSun } from '../units/index.ts'

/** Why it was not sent, or what the contract refused. */
export interface TransactionReason {
  /** Of the error, stable. */
  readonly code: string
  /** For people, as they were when it happened. */
  readonly words: string
}

/** Signed: a node may have it, or may yet get it, until it expires. */
interface Signed {
  readonly txId: Hex
  /** By the chain's clock: no later block takes it. */
  readonly expiresAtMs: number
}

/** Taken by a block, and its fee burned. */
interface Mined extends Signed {
  readonly blockNumber: number
  readonly feeSun: FeeSun
}

export type TransactionState =
  /** Meant to be sent: nobody was asked. */
  | { readonly status: 'draft' }
  /** The node says that it would succeed; the wallet is being asked. */
  | { readonly status: 'simulated' }
  | ({ readonly status: 'signed' } & Signed)
  /** A node has it, or nobody can tell whether one has. */
  | ({ readonly status: 'broadcast' } & Signed)
  | ({ readonly status: 'inBlock' } & Mined)
  /** Final: its block cannot be taken back. */
  | ({ readonly status: 'solidified' } & Mined)
  /** Failed in a block: nothing moved but the fee. Final once its block is solid. */
  | ({ readonly status: 'reverted'; readonly reason: TransactionReason; readonly isSolid: boolean } & Mined)
  /** A reorganisation took its block away; another block may take it. */
  | ({ readonly status: 'dropped' } & Signed)
  /** Final: no block took it in time, and none can any more. `wasInBlock`: one had it, and was taken back. */
  | { readonly status: 'expired'; readonly txId: Hex; readonly wasInBlock: boolean }
  /** Final: it never left this page. `txId` is null where it was not signed. */
  | { readonly status: 'cancelled'; readonly txId: Hex | null; readonly reason: TransactionReason }

export type TransactionEvent =
  | { readonly kind: 'simulated' }
  | { readonly kind: 'signed'; readonly txId: Hex; readonly expiresAtMs: number }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'cancelled'; readonly reason: TransactionReason }
  | {
      /** The node's chain has it in a block. */
      readonly kind: 'minedSeen'
      readonly blockNumber: number
      readonly feeSun: FeeSun
      /** null: it succeeded. */
      readonly reason: TransactionReason | null
      readonly solidNumber: number
    }
  | {
      /** No block of the node's chain has it. The heads were read before that was asked. */
      readonly kind: 'missingSeen'
      readonly headNumber: number
      readonly solidTimeMs: number
    }

type StateOf<Status extends TransactionState['status']> = Extract<
  TransactionState,
  { readonly status: Status }
>
/** States that a look at the chain may change. */
type Open = StateOf<'signed' | 'broadcast' | 'inBlock' | 'reverted' | 'dropped'>

/** The next state; the same object where nothing changed. Throws RangeError for an event that the state cannot meet. */
export function reduceTransaction(state: TransactionState, event: TransactionEvent): TransactionState {
  switch (event.kind) {
    case 'simulated':
      return state.status === 'draft' ? { status: 'simulated' } : refuse(state, event)
    case 'signed': {
      const { txId, expiresAtMs } = event
      return state.status === 'simulated' ? { status: 'signed', txId, expiresAtMs } : refuse(state, event)
    }
    case 'broadcast':
      return state.status === 'signed' ? { ...state, status: 'broadcast' } : refuse(state, event)
    case 'cancelled': {
      if (state.status !== 'simulated' && state.status !== 'signed') return refuse(state, event)
      const txId = state.status === 'signed' ? state.txId : null
      return { status: 'cancelled', txId, reason: event.reason }
    }
    case 'minedSeen':
      return isOpen(state) ? whenMined(state, event) : refuse(state, event)
    case 'missingSeen':
      return isOpen(state) ? whenMissing(state, event) : refuse(state, event)
    default:
      return event satisfies never
  }
}

/** Whether nothing can happen to it any more. */
export function isFinalState(state: TransactionState): boolean {
  switch (state.status) {
    case 'solidified':
    case 'expired':
    case 'cancelled':
      return true
    case 'reverted':
      return state.isSolid
    default:
      return false
  }
}

/** Whether only the chain can tell what became of it: signed, and not final. */
export function isOpen(state: TransactionState): state is Open {
  return 'expiresAtMs' in state && !isFinalState(state)
}

function whenMined(
  state: Open,
  { blockNumber, feeSun, reason, solidNumber }: Extract<TransactionEvent, { kind: 'minedSeen' }>,
): TransactionState {
  const { txId, expiresAtMs } = state
  const mined = { txId, expiresAtMs, blockNumber, feeSun }
  const isSolid = blockNumber <= solidNumber
  const isKnown = !isSolid && 'blockNumber' in state && state.blockNumber === blockNumber
  if (isKnown) return state
  if (reason) return { status: 'reverted', ...mined, reason, isSolid }
  return { status: isSolid ? 'solidified' : 'inBlock', ...mined }
}

function whenMissing(
  state: Open,
  { headNumber, solidTimeMs }: Extract<TransactionEvent, { kind: 'missingSeen' }>,
): TransactionState {
  const { txId, expiresAtMs } = state
  // A node that has not come to its block yet proves nothing.
  if ('blockNumber' in state && headNumber < state.blockNumber) return state
  const wasInBlock = 'blockNumber' in state || state.status === 'dropped'
  if (solidTimeMs > expiresAtMs) return { status: 'expired', txId, wasInBlock }
  return 'blockNumber' in state ? { status: 'dropped', txId, expiresAtMs } : state
}

function refuse(state: TransactionState, event: TransactionEvent): never {
  throw new RangeError(`a transaction that is ${state.status} cannot be ${event.kind}`)
}
