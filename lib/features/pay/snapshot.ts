/** What the page sees of paying, and what it may ask for. */
import type { Hex } from '../../base/index.ts'
import type { Outcome, Problem } from '../../kernel/index.ts'
import type {
  AgreedTorrents,
  Exhaustion,
  PayerFigures,
  PayerStep,
  SettleSummary,
  StepName,
} from '../../payments/index.ts'
import type { PeerKey } from '../../torrent/index.ts'
import type { Address, FeeQuote } from '../../tron/index.ts'
import type { Amount, FeeSun } from '../../units/index.ts'
import type { ElsewhereSearch, LockedElsewhere } from './elsewhere.ts'

/** The figures of the money bar. Each is a sum of receipts or read from the chain. */
export type MoneyFigures = PayerFigures

export type PayStep = StepName

/** Money is locked. */
export interface LockedSnapshot {
  readonly figures: MoneyFigures
  /** Whose wallet funded it: only that account can settle. */
  readonly funder: Address | null
  /** What the owner said of each torrent; one without an answer is not paid for. */
  readonly torrents: AgreedTorrents
  /** It was found on the chain: it can be taken back, not spent. */
  readonly isFound: boolean
  /** Where a top-up or an opening stands that the wallet was asked for; null when none runs. */
  readonly underWay: PayerStep | null
}

export type PaySnapshot =
  /** This browser has nothing locked. */
  | {
      readonly status: 'free'
      readonly problem: Problem | null
      /** What the wallet has locked all the same, out of this browser's hands. */
      readonly elsewhere: readonly LockedElsewhere[]
      readonly search: ElsewhereSearch
    }
  /** Waiting for the wallet ('sign'), the chain ('confirm') or a first delivery ('peers') in a step of starting. */
  | {
      readonly status: 'starting'
      readonly plan: readonly PayStep[]
      readonly step: PayStep
      /** 'lookUp': its answer was lost, and the chain is asked until its fate is known. */
      readonly waitingFor: 'peers' | 'sign' | 'confirm' | 'lookUp'
      readonly txId: Hex | null
      readonly budget: Amount
    }
  | (LockedSnapshot & {
      readonly status: 'paying'
      readonly needsOpen: boolean
      readonly problem: Problem | null
    })
  /** Stopped by the user; money still locked. */
  | (LockedSnapshot & { readonly status: 'stopped'; readonly problem: Problem | null })
  /** Nothing more can be bought now; `problem` says why. */
  | (LockedSnapshot & {
      readonly status: 'exhausted'
      readonly exhaustion: Exhaustion
      readonly problem: Problem
    })
  | (LockedSnapshot & {
      readonly status: 'settling'
      readonly plan: readonly PayStep[]
      readonly step: PayStep
      readonly waitingFor: 'peers' | 'sign' | 'confirm'
      readonly txId: Hex | null
    })
  /** Some seeders did not release: the rest comes back after this time. */
  | (LockedSnapshot & {
      readonly status: 'closing'
      /** By the chain's clock. */
      readonly closeAtSec: bigint
      /** How far the chain's clock is ahead of this computer's; null while it is not known. */
      readonly chainAheadMs: number | null
      readonly problem: Problem | null
    })
  | { readonly status: 'settled'; readonly summary: SettleSummary; readonly problem: Problem | null }

export interface FeePreview {
  readonly approve: FeeQuote | null
  readonly open: FeeQuote
  /** TRX that locking burns at most, once staked energy and free bandwidth are used. */
  readonly totalFeeSun: FeeSun
  /** Whether the account's energy or bandwidth pays for a part of it. */
  readonly isPartlyStaked: boolean
  /** Of each further channel, where more seeders get seats, and how many of them a wallet that signs by itself opens at most. */
  readonly furtherFeeSun: FeeSun
  /** What each of them adds to settling, at most. */
  readonly furtherSettleSun: FeeSun
  readonly furtherMost: number
  /** Estimated fee of settling later. */
  readonly settleFeeSun: FeeSun
  /** Locking and settling in percent of the budget, rounded up; null where nobody knows what TRX is worth. */
  readonly feePercent: number | null
  /** They are more than a tenth of it. */
  readonly areFeesHigh: boolean
  /** The owner's setting: a budget whose fees are high is not locked. */
  readonly refusesHighFees: boolean
  /** On top of it, where a seeder does not answer. */
  readonly silentFeeSun: FeeSun
  /** Set when it cannot be done: too little TRX or BTT, or fees that its owner refuses. */
  readonly problem: Problem | null
}

export type FeePreviewOutcome =
  | { readonly status: 'known'; readonly preview: FeePreview }
  /** The chain could not be asked; nothing may be signed on a guess. */
  | { readonly status: 'unknown'; readonly problem: Problem }

export type SettlePreviewOutcome =
  | {
      readonly status: 'known'
      readonly preview: {
        /** TRX that it burns at most when each seeder answers. */
        readonly feeSun: FeeSun
        /** Transactions to sign then. */
        readonly signatures: number
        /** On top of it where one does not. */
        readonly silentFeeSun: FeeSun
        /** Set when the wallet holds too little TRX for it. */
        readonly problem: Problem | null
      }
    }
  | { readonly status: 'unknown'; readonly problem: Problem }

export interface PayCommands {
  previewFees(budget: Amount): Promise<FeePreviewOutcome>
  /** Remembered by this browser: from then on no budget is locked whose fees are high. */
  refuseHighFees(refuses: boolean): void
  /** Approve once if needed, then fund and open; resolves when paying or failed. `torrents`: what the budget is for. */
  startPaying(terms: {
    readonly budget: Amount
    readonly maxAskPerMiB: Amount
    readonly torrents: readonly string[]
  }): Promise<Outcome>
  /** The budget is for this torrent too, from now until it is settled. */
  payHere(infoHash: string): Promise<Outcome>
  /** This torrent is watched free, and is not asked about again while this budget lasts. */
  watchFreeHere(infoHash: string): Promise<Outcome>
  stopPaying(): void
  resumePaying(): Promise<Outcome>
  /** Takes a budget back that is locked elsewhere: what is in its purse at once, the rest after the close delay. */
  takeBack(signer: Address): Promise<Outcome>
  /** Reads the newest blocks for what the wallet has locked, where the node has no event server. */
  readBlocks(newest: number): Promise<Outcome>
  stopReadingBlocks(): void
  /** Looks for what the wallet has locked with the help of a recovery file, too. */
  openRecoveryFile(text: string): Promise<Outcome>
  /** The recovery file of the channels in hand, as JSON; null while there is none. */
  makeRecoveryFile(): Promise<string | null>
  /** More money for the budget in hand; in a channel at once where seeders are in sight. */
  topUp(amount: Amount): Promise<Outcome>
  /** Opens the channels that wait for the wallet: new seeders, or seats that ran low. */
  openMoreSeats(): Promise<Outcome>
  /** Pays a seeder without a piece, of a torrent that the budget is for; at most MAX_MEMO_LENGTH characters of memo. */
  tip(infoHash: string, peerKey: PeerKey, amount: Amount, memo: string): Promise<Outcome>
  previewSettle(): Promise<SettlePreviewOutcome>
  /** Releases, settles, refunds. */
  settle(): Promise<Outcome>
  /** Back to 'free' after reading the summary. */
  dismissSettlement(): void
}
