/** Reads a range of a file while it downloads: what is read next is fetched first. */
import { StorageError, TorrentError } from '../../base/index.ts'
import type { Torrent } from './types.ts'

/** Pieces at the read position that are wanted at once, by bytes: about a second of film. */
const URGENT_BYTES = 1 << 19
/** What is under way so close ahead of a seek is not in its way. */
const NEAR_BYTES = 1 << 22

export interface ReadRange {
  readonly fileIndex: number
  readonly startByte: number
  /** Inclusive. */
  readonly endByte: number
}

/** Called once, when the range begins with a piece that is not here: a seek. What it returns is called at the end. */
type OnMissing = (from: number, to: number) => () => void

/** Yields the range in order, one chunk a piece. `return()` may come at any time and ends a pending `next()`. */
export function readTorrentFile(
  torrent: Torrent,
  { fileIndex, startByte, endByte }: ReadRange,
  onMissing: OnMissing,
): AsyncIterable<Uint8Array> {
  const file = torrent.files[fileIndex]
  if (!file) throw new TorrentError('no-such-file', 'The torrent has no such file.')
  if (startByte < 0 || endByte >= file.length || startByte > endByte) {
    throw new RangeError(`bytes ${startByte}-${endByte} are outside of the file`)
  }
  const fileOffset = file.offset
  return {
    [Symbol.asyncIterator]: () =>
      openReader(torrent, fileOffset + startByte, fileOffset + endByte, onMissing),
  }
}

function openReader(
  torrent: Torrent,
  startOffset: number,
  endOffset: number,
  onMissing: OnMissing,
): AsyncIterator<Uint8Array> {
  const { pieceLength } = torrent
  const firstPiece = Math.floor(startOffset / pieceLength)
  const lastPiece = Math.floor(endOffset / pieceLength)
  const urgentPieces = Math.max(1, Math.ceil(URGENT_BYTES / pieceLength))
  const nearPieces = Math.max(2, Math.ceil(NEAR_BYTES / pieceLength))
  let position = startOffset
  let isClosed = false
  let unfocus: (() => void) | null = null
  let wake: (() => void) | null = null

  // The newest reader comes first: an older one may be what the player has left behind.
  if (!torrent.destroyed) torrent._select(firstPiece, lastPiece, 1 + performance.now(), null, true)
  const onVerified = (): void => wake?.()
  // Stored pieces may still be under check: none is missing for certain before 'ready'.
  torrent.on('ready', onVerified)
  torrent.on('verified', onVerified)
  torrent.on('close', onVerified)

  function close(): void {
    if (isClosed) return
    isClosed = true
    torrent.removeListener('ready', onVerified)
    torrent.removeListener('verified', onVerified)
    torrent.removeListener('close', onVerified)
    unfocus?.()
    if (!torrent.destroyed) torrent._deselect(firstPiece, lastPiece, true)
    for (let index = firstPiece; index <= lastPiece; index++) delete torrent._critical[index]
    wake?.()
  }

  async function whenVerified(index: number): Promise<void> {
    while (!isClosed && !torrent.destroyed && !(torrent.ready && torrent.bitfield.get(index))) {
      const until = Math.min(lastPiece, index + urgentPieces)
      if (torrent.ready) {
        unfocus ??= onMissing(index, Math.min(lastPiece, index + nearPieces))
        torrent.critical(index, until)
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      wake = null
    }
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    if (isClosed || position > endOffset) {
      close()
      return { done: true, value: undefined }
    }
    const index = Math.floor(position / pieceLength)
    await whenVerified(index)
    if (isClosed) return { done: true, value: undefined }
    if (torrent.destroyed) {
      close()
      throw new TorrentError('removed', 'The torrent was removed while it was read.')
    }
    const offset = position - index * pieceLength
    const length = Math.min(pieceLength - offset, endOffset - position + 1)
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      torrent.store.get(index, { offset, length }, (error, found) => {
        if (error || !found)
          reject(new StorageError('read-failed', 'A stored piece cannot be read.', { cause: error }))
        else resolve(found)
      })
    })
    position += length
    return { done: false, value: bytes }
  }

  return {
    next,
    return: async () => {
      close()
      return { done: true, value: undefined }
    },
  }
}
