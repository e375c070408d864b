/** What the parts of a payer share. */

import { ChainError, type Clock, type Hex } from '../../base/index.ts'
import type { Chain } from '../../channels/index.ts'
import type { Address, AgreementKey, TransactionSigner } from '../../tron/index.ts'
import type { Amount } from '../../units/index.ts'
import type { SessionRecord } from '../records.ts'
import type { PayerBook } from './book.ts'

/** Signs 32-byte digests for one account, without asking anybody. */
export interface DigestSigner {
  readonly address: Address
  /** 65 bytes r, s, v. */
  sign(digest: Uint8Array): Promise<Hex>
}

/** A seller's key in its page or data folder. */
export interface DelegateKey extends DigestSigner, AgreementKey {}

/** A wallet that signs transactions; `canSignSilently` where it does so without a pop-up. */
export interface PayerWallet extends TransactionSigner {
  readonly canSignSilently?: boolean
}

/** 'fund' locks the budget, and opens its first channel where sellers are in sight. */
export type StepName = 'approve' | 'fund' | 'open' | 'release' | 'settle' | 'startClose'

/** Where a command stands, for the screen. */
export interface PayerStep {
  /** All steps of the command as it stands now, in order: what comes before `step` is done. */
  readonly plan: readonly StepName[]
  readonly step: StepName
  readonly waitingFor: 'sign' | 'confirm' | 'peers'
  readonly txId: Hex | null
}
export type OnStep = (step: PayerStep) => void

export interface PayerContext {
  readonly chain: Chain
  readonly book: PayerBook
  readonly sessionKey: DigestSigner
  readonly clock: Clock
  readonly random: (lengthBytes: number) => Uint8Array
  readonly closeDelaySec: number
  readonly sessionSec: number
  /** Whether a further channel of `total` is worth the fee of opening it. */
  isWorthOpening(total: Amount): boolean
  /** Bytes of the torrents agreed to that are still to come; null while nobody knows. */
  getMissingBytes(): number | null
  /** Tells listeners that seats, money or mode changed. */
  notify(): void
  /** A failure in the background that no command waits for. */
  report(error: unknown): void
}

/** The session in hand. Throws ChainError 'no-session' when there is none. */
export function requireSession({ book }: PayerContext): SessionRecord {
  const session = book.getSession()
  if (!session) throw new ChainError('no-session', 'there is no payment session')
  return session
}
