/** Root of every error that we throw on purpose. `code` is stable; `describeError` owns the words for people. */
export class AppError extends Error {
  override readonly name: string = 'AppError'
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A peer broke the rules of the wire: drop it. */
export class WireError extends AppError {
  override readonly name = 'WireError'
}
/** A tracker, peer or server cannot be reached: back off, show as status. */
export class TransportError extends AppError {
  override readonly name = 'TransportError'
}
/** A torrent, magnet or file that cannot be read. */
export class TorrentError extends AppError {
  override readonly name = 'TorrentError'
}
/** A channel, seat or voucher is not what it should be: hold or top up. */
export class ChannelError extends AppError {
  override readonly name = 'ChannelError'
}
/** The chain refused or failed: revert reason, out of energy, unreachable node. */
export class ChainError extends AppError {
  override readonly name = 'ChainError'
}
/** The wallet is locked, missing, on another network, or its owner said no. */
export class WalletError extends AppError {
  override readonly name = 'WalletError'
}
/** The disk is full, gone or forbidden. */
export class StorageError extends AppError {
  override readonly name = 'StorageError'
}
/** The media cannot be played. */
export class MediaError extends AppError {
  override readonly name = 'MediaError'
}
