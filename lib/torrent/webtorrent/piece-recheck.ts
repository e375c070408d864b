/**
 * After a restore: pieces that the saved bitfield does not name may be in the store all the same, because they were
 * verified (and paid) after the last save. Invariant: no block of such a piece is requested before its stored bytes
 * were hashed, so that nobody pays for it twice; and nothing is marked that was not hashed.
 */
import { hashPiece } from './hash-piece.ts'
import type { Torrent } from './types.ts'

export class PieceRecheck {
  private readonly torrent: Torrent
  private readonly onChange: () => void
  /** null until the torrent is ready. */
  private unchecked: Set<number> | null = null
  private cursor = 0
  /** The piece that a wire would ask for next, were it checked. Requests wait, so that their order stays. */
  private wanted: number | null = null

  /** Must run before the torrent is ready. `onChange` is called when the check of all pieces ends. */
  constructor(torrent: Torrent, onChange: () => void) {
    this.torrent = torrent
    this.onChange = onChange
    torrent.on('ready', () => void this.run())
  }

  /** Until each piece was looked at. */
  get isRunning(): boolean {
    return this.unchecked === null || this.unchecked.size > 0
  }

  /** Whether a block of the piece may be requested now. When not yet, the piece is looked at next. */
  mayRequest(index: number): boolean {
    if (!this.unchecked) return false
    if (this.wanted === null && this.unchecked.has(index)) this.wanted = index
    return this.wanted === null
  }

  /** One piece after another: each read and hash yields, so that the page and the wires go on. */
  private async run(): Promise<void> {
    const { torrent } = this
    const unchecked = new Set<number>()
    for (let index = 0; index < torrent.pieces.length; index++)
      if (!torrent.bitfield.get(index)) unchecked.add(index)
    this.unchecked = unchecked
    while (unchecked.size > 0 && !torrent.destroyed) {
      const index = this.next(unchecked)
      const isHere = await this.isStored(index)
      if (torrent.destroyed) return
      unchecked.delete(index)
      if (isHere && !torrent.bitfield.get(index)) {
        torrent._markVerified(index)
        for (const wire of torrent.wires) wire.have(index)
        torrent._checkDone()
      }
      if (this.wanted !== index) continue
      this.wanted = null
      torrent._update()
    }
    if (!torrent.destroyed) torrent._updateSelections()
    this.onChange()
  }

  private next(unchecked: ReadonlySet<number>): number {
    this.cursor = this.wanted ?? this.cursor
    while (!unchecked.has(this.cursor)) this.cursor = (this.cursor + 1) % this.torrent.pieces.length
    return this.cursor
  }

  private async isStored(index: number): Promise<boolean> {
    const { torrent } = this
    const isLast = index === torrent.pieces.length - 1
    const length = isLast ? torrent.lastPieceLength : torrent.pieceLength
    const bytes = await new Promise<Uint8Array | null>((resolve) =>
      // What cannot be read was never written: the store ends before it.
      torrent.store.get(index, { length }, (error, found) => resolve(error ? null : (found ?? null))),
    )
    if (torrent.destroyed || bytes?.length !== length) return false
    return (await hashPiece(bytes)) === torrent._hashes[index]
  }
}
