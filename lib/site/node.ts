/** What the page sees: read-only stores and plain async commands. `createNode` builds one an origin. */

import type { Hex, Store } from '../base/index.ts'
import type { SiteConfig } from '../config/index.ts'
import type { PeerMoney } from '../exchange/index.ts'
import type { AgreedTorrents, PayerFigures, Receipt, ReceiptQuery, SettleSummary } from '../payments/index.ts'
import type { BannedPeer, PeerKey, PeerSnapshot, TorrentSnapshot } from '../torrent/index.ts'
import type { Address, FeeQuote } from '../tron/index.ts'
import type { Amount, FeeSun } from '../units/index.ts'

/** A thing that went wrong, already in words: what happened, what it means for the money, what to do. */
export interface Problem {
  readonly code: string
  readonly title: string
  readonly money: string
  readonly action: string
}

export type { BannedPeer, PeerMoney }

export interface PeerRow extends PeerSnapshot {
  readonly money: PeerMoney
}

export interface WatchSnapshot extends Omit<TorrentSnapshot, 'peers'> {
  readonly peers: readonly PeerRow[]
  /** Why nothing moves, when nothing does (no peers, tracker away, storage full …). */
  readonly problem: Problem | null
}

export type WalletKind = 'tronlink' | 'demo'
export type WalletSnapshot =
  | { readonly status: 'disconnected'; readonly problem: Problem | null; readonly tronlinkFound: boolean }
  | { readonly status: 'connecting'; readonly kind: WalletKind }
  | {
      readonly status: 'wrongNetwork'
      readonly kind: WalletKind
      readonly address: Address
      readonly wanted: string
    }
  | {
      readonly status: 'connected'
      readonly kind: WalletKind
      readonly address: Address
      /** null while unknown: shown as a dash, never as 0. */
      readonly trx: FeeSun | null
      readonly btt: Amount | null
      readonly problem: Problem | null
    }

/** The figures of the money bar. Each is a sum of receipts or read from the chain. */
export type MoneyFigures = PayerFigures
export type { SettleSummary }

export type PayStep = 'approve' | 'fund' | 'open' | 'release' | 'settle' | 'startClose'

/** Money is locked. */
export interface LockedSnapshot {
  readonly figures: MoneyFigures
  /** Whose wallet funded it: only that account can settle. */
  readonly funder: Address | null
  /** What the owner said of each torrent; one without an answer is not paid for. */
  readonly torrents: AgreedTorrents
}

export type PaySnapshot =
  /** Nothing locked anywhere. */
  | { readonly status: 'free'; readonly problem: Problem | null }
  /** Waiting for the wallet ('sign'), the chain ('confirm') or a first delivery ('peers') in a step of starting. */
  | {
      readonly status: 'starting'
      readonly step: PayStep
      readonly waitingFor: 'peers' | 'sign' | 'confirm'
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
  | (LockedSnapshot & { readonly status: 'exhausted'; readonly problem: Problem | null })
  | (LockedSnapshot & {
      readonly status: 'settling'
      readonly step: PayStep
      readonly waitingFor: 'peers' | 'sign' | 'confirm'
      readonly txId: Hex | null
    })
  /** Some seeders did not release: the rest comes back after this time. */
  | (LockedSnapshot & {
      readonly status: 'closing'
      readonly closeAtSec: bigint
      readonly problem: Problem | null
    })
  | { readonly status: 'settled'; readonly summary: SettleSummary; readonly problem: Problem | null }

export type EarnSnapshot =
  /** `redeemable`: earned on an earlier visit and still due; 0 until a wallet is connected. */
  | {
      readonly status: 'off'
      readonly redeemable: Amount
      /** The wallet will be asked for a signature, once a month: its owner is told before. */
      readonly asksForSignature: boolean
      readonly problem: Problem | null
    }
  | {
      readonly status: 'on'
      readonly askPerMiB: Amount
      readonly earned: Amount
      readonly redeemable: Amount
      readonly payers: number
      readonly problem: Problem | null
    }
  | {
      readonly status: 'redeeming'
      /** null when nothing is being sold. */
      readonly askPerMiB: Amount | null
      readonly earned: Amount
      readonly redeemable: Amount
      readonly txId: Hex | null
    }

/** The consent sheet's answers; null until given. Persisted. */
export interface Consent {
  readonly seeding: boolean
  /** null: no cap. */
  readonly maxUploadBytesPerSec: number | null
  readonly atMs: number
}

export interface AppSnapshot {
  /** 'leader' runs the engine; a 'follower' tab cannot (another tab of this origin does). */
  readonly role: 'starting' | 'leader' | 'follower'
  readonly problem: Problem | null
  readonly consent: Consent | null
  readonly config: SiteConfig | null
  /** Bytes used and granted by the browser's storage, or null while unknown. */
  readonly storage: { readonly usedBytes: number; readonly quotaBytes: number } | null
}

export interface FeePreview {
  readonly approve: FeeQuote | null
  readonly open: FeeQuote
  readonly totalFeeSun: FeeSun
  /** Of each further channel, where more seeders get seats. */
  readonly furtherFeeSun: FeeSun
  /** Estimated fee of settling later. */
  readonly settleFeeSun: FeeSun
  /** On top of it, where a seeder does not answer. */
  readonly silentFeeSun: FeeSun
  /** Set when the wallet cannot do it: too little TRX or BTT. */
  readonly problem: Problem | null
}

export type FeePreviewOutcome =
  | { readonly status: 'known'; readonly preview: FeePreview }
  /** The chain could not be asked; nothing may be signed on a guess. */
  | { readonly status: 'unknown'; readonly problem: Problem }

export type AddOutcome =
  | { readonly status: 'added'; readonly infoHash: string }
  /** The user put the consent sheet off: nothing was added, and nothing will be. */
  | { readonly status: 'withdrawn' }
  | { readonly status: 'refused'; readonly problem: Problem }
export type Outcome =
  | { readonly status: 'done' }
  | { readonly status: 'cancelled' }
  | { readonly status: 'failed'; readonly problem: Problem }

export interface NodeCommands {
  /** The first answers start the engine; later ones change what is sent from then on. */
  giveConsent(consent: Omit<Consent, 'atMs'>): void
  /** Withdraws what waits for the consent sheet. */
  declineConsent(): void
  /** Parses and adds what the user typed, pasted or dropped. */
  addText(text: string): Promise<AddOutcome>
  /** One .torrent file is opened; anything else becomes a torrent of its own. `onRead` hears how much of it was read, 0 to 1. */
  addFiles(files: readonly File[], onRead?: (share: number) => void): Promise<AddOutcome>
  pause(infoHash: string): void
  resume(infoHash: string): void
  /** Takes it off the list; its data goes a little later. `undo` resolves false once that happened. */
  remove(infoHash: string): Promise<{ undo(): Promise<boolean> }>
  /** Route of a file for <video src>, <img src>, fetch: "/stream/<client>/<infoHash>/<index>/<name>". Null until the worker is ready. */
  getStreamUrl(infoHash: string, fileIndex: number): string | null
  saveTorrentFile(infoHash: string): Uint8Array | null

  connectWallet(kind: WalletKind): Promise<Outcome>
  disconnectWallet(): Promise<void>
  switchNetwork(): Promise<Outcome>
  refreshBalances(): Promise<void>
  /** Testnets: TRX and BTT for the connected wallet. */
  requestFaucet(): Promise<Outcome>

  previewFees(budget: Amount): Promise<FeePreviewOutcome>
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
  /** Opens the channels that wait for the wallet: new seeders, or seats that ran low. */
  openMoreSeats(): Promise<Outcome>
  /** Pays a seeder without a piece, of a torrent that the budget is for; at most 200 characters of memo. */
  tip(infoHash: string, peerKey: PeerKey, amount: Amount, memo: string): Promise<Outcome>
  /** Releases, settles, refunds. */
  settle(): Promise<Outcome>
  /** Back to 'free' after reading the summary. */
  dismissSettlement(): void

  startEarning(terms: { readonly askPerMiB: Amount }): Promise<Outcome>
  stopEarning(): void
  redeem(): Promise<Outcome>
  /** A page of receipts, newest first. */
  listReceipts(query: ReceiptQuery): Promise<readonly Receipt[]>
  /** Every receipt, oldest first, never all in memory at once. */
  eachReceipt(): AsyncIterable<Receipt>
}

export interface PiecemealNode {
  readonly app: Store<AppSnapshot>
  readonly torrents: Store<readonly WatchSnapshot[]>
  readonly wallet: Store<WalletSnapshot>
  readonly pay: Store<PaySnapshot>
  readonly earn: Store<EarnSnapshot>
  /** Bumps when the ledger gained receipts. */
  readonly ledgerVersion: Store<number>
  readonly commands: NodeCommands
}
