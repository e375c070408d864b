/** What the program ends with, by what went wrong: a supervisor may retry a lost network, never a wrong key. */
import {
  AppError,
  ChainError,
  StorageError,
  TorrentError,
  TransportError,
  WalletError,
} from '../lib/base/index.ts'

/** The exit codes of `--help`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof TorrentError) return 3
  if (error instanceof WalletError) return 4
  if (error instanceof StorageError) return 5
  if (error instanceof ChainError || error instanceof TransportError) return 6
  return error instanceof AppError ? 2 : 1
}

/** Ended well, but a redemption was not paid as its vouchers say: a person must look, a restart mends nothing. */
export const UNPAID_EXIT_CODE = 7
