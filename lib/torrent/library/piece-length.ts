/** 64 KiB below 4 MiB, else 256 KiB … 4 MiB so that about 1,500 pieces come out. A piece is also the unit of payment. */
export function choosePieceLength(lengthBytes: number): number {
  if (lengthBytes < 1 << 22) return 1 << 16
  let pieceLengthBytes = 1 << 18
  while (pieceLengthBytes < 1 << 22 && lengthBytes / pieceLengthBytes > 1_500) pieceLengthBytes *= 2
  return pieceLengthBytes
}
