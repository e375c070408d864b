import type {
  ContractErrorCode,
  MediaCode,
  PageChainCode,
  PageChannelCode,
  PageStorageCode,
  PageTransportCode,
  PageWalletCode,
  PeerCode,
  ProgramChainCode,
  ProgramCode,
  ProgramStorageCode,
  ProgramTransportCode,
  ProgramWalletCode,
  RelayCode,
  SiteCode,
  TorrentCode,
} from './error-codes.ts'

/** Root of every error that we throw on purpose. `code` is stable; lib/kernel owns the words for people. */
export abstract class AppError<Code extends string = string> extends Error {
  override readonly name: string = 'AppError'
  readonly code: Code
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The page cannot do that as it stands: not set up, another tab leads, no consent. */
export class SiteError extends AppError<SiteCode> {
  override readonly name = 'SiteError'
}
/** A command line or a program's surroundings are not what they should be. */
export class ProgramError extends AppError<ProgramCode> {
  override readonly name = 'ProgramError'
}
/** A peer broke the rules of the wire: drop it. */
export class WireError extends AppError<PeerCode> {
  override readonly name = 'WireError'
}
/** A tracker, peer or server cannot be reached: back off, show as status. */
export class TransportError extends AppError<PageTransportCode | ProgramTransportCode> {
  override readonly name = 'TransportError'
}
/** A torrent, magnet or file that cannot be read. */
export class TorrentError extends AppError<TorrentCode> {
  override readonly name = 'TorrentError'
}
/** A channel, seat or voucher is not what it should be: hold or top up. */
export class ChannelError extends AppError<PageChannelCode | RelayCode> {
  override readonly name = 'ChannelError'
}
export type ChainCode = PageChainCode | ProgramChainCode | ContractErrorCode
/** The chain refused or failed: revert reason, out of energy, unreachable node. */
export class ChainError extends AppError<ChainCode> {
  override readonly name = 'ChainError'
}
/** The wallet is locked, missing, on another network, or its owner said no. */
export class WalletError extends AppError<PageWalletCode | ProgramWalletCode> {
  override readonly name = 'WalletError'
  /** Which wallet it was, as people call it: may be a stranger's text. null where no wallet was asked. */
  readonly walletName: string | null
  constructor(
    code: PageWalletCode | ProgramWalletCode,
    message: string,
    options: ErrorOptions & { readonly walletName?: string } = {},
  ) {
    super(code, message, options)
    this.walletName = options.walletName ?? null
  }
}
/** The disk is full, gone or forbidden. */
export class StorageError extends AppError<PageStorageCode | ProgramStorageCode> {
  override readonly name = 'StorageError'
}
/** The media cannot be played. */
export class MediaError extends AppError<MediaCode> {
  override readonly name = 'MediaError'
}
