/** How much may stand unpaid, and how many pieces a buyer may so have under way without blocking itself. */

/** DESIGN 4.3: a seeder's risk on one wire is at most this, unless a single piece is larger. */
export const MAX_WINDOW_BYTES = 4 * 1_048_576
/** Enough that the next pieces flow while vouchers for the last ones are on their way. */
const WINDOW_PIECES = 4

/** A seller's window for a torrent: four pieces, at most 4 MiB, never less than one piece. */
export function getWindowBytes(pieceLengthBytes: number): number {
  return Math.max(pieceLengthBytes, Math.min(MAX_WINDOW_BYTES, WINDOW_PIECES * pieceLengthBytes))
}

/**
 * Pieces that may be under way in class 'paid' under a window. All of them can be completed within the window, so a
 * buyer can always earn its next credit; one piece of slack (where there is more than one) covers unacknowledged ones.
 */
export function getPiecesUnderWindow(windowBytes: number, pieceLengthBytes: number): number {
  if (pieceLengthBytes <= 0) return 1
  const pieces = Math.floor(windowBytes / pieceLengthBytes)
  return pieces > 1 ? pieces - 1 : 1
}
