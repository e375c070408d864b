/** The values of `WatchSnapshot.pieces`, as lib/torrent/engine.ts names them (components take only its types). */
export const PIECE_MISSING = 0
export const PIECE_ACTIVE = 1
export const PIECE_VERIFIED = 2
export const PIECE_PAID = 3

export interface PieceCounts {
  readonly missing: number
  readonly active: number
  readonly verified: number
  readonly paid: number
}

export function countPieces(pieces: Uint8Array): PieceCounts {
  const counts = [0, 0, 0, 0]
  for (const piece of pieces) counts[piece] = (counts[piece] ?? 0) + 1
  const [missing = 0, active = 0, verified = 0, paid = 0] = counts
  return { missing, active, verified, paid }
}

/** What a cell that stands for several pieces shows: its most frequent value; one at work shows through. */
export function pickCellValue(pieces: Uint8Array, from: number, to: number): number {
  const { missing, active, verified, paid } = countPieces(pieces.subarray(from, Math.max(to, from + 1)))
  if (active > 0 && missing > 0) return PIECE_ACTIVE
  if (missing + active >= verified + paid) return active > missing ? PIECE_ACTIVE : PIECE_MISSING
  return paid >= verified ? PIECE_PAID : PIECE_VERIFIED
}

export interface DownloadedRun {
  /** 0…1 of the file. */
  readonly start: number
  readonly end: number
}

/** Which parts of a file are verified, for the seek bar. At most `buckets` parts. */
export function findDownloadedRuns(
  pieces: Uint8Array,
  pieceLengthBytes: number,
  file: { readonly offsetBytes: number; readonly lengthBytes: number },
  buckets = 240,
): readonly DownloadedRun[] {
  if (pieceLengthBytes === 0 || file.lengthBytes === 0) return []
  const runs: { start: number; end: number }[] = []
  const count = Math.min(buckets, Math.ceil(file.lengthBytes / pieceLengthBytes))
  for (let bucket = 0; bucket < count; bucket++) {
    const first = Math.floor((file.offsetBytes + (bucket / count) * file.lengthBytes) / pieceLengthBytes)
    const last = Math.ceil((file.offsetBytes + ((bucket + 1) / count) * file.lengthBytes) / pieceLengthBytes)
    const isThere = pieces.subarray(first, last).every((piece) => piece >= PIECE_VERIFIED)
    if (!isThere) continue
    const previous = runs.at(-1)
    if (previous && previous.end === bucket / count) previous.end = (bucket + 1) / count
    else runs.push({ start: bucket / count, end: (bucket + 1) / count })
  }
  return runs
}
