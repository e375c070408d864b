/**
 * Every override of webtorrent 3.0.21's private methods on torrents and wires; wire-hooks.test.ts pins them to that version.
 * Upload: requests go through an UploadQueue. Download: blocks are requested by the rules of PieceOwnership and each
 * verified piece is credited to the wires that brought it.
 */
import { sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex, TorrentError, WireError } from '../units/index.ts'
import { parseTorrentFile } from './parse-torrent-file.ts'
import { PieceOwnership } from './piece-ownership.ts'
import type { RateLimit } from './rate-limit.ts'
import { MAX_QUEUED_REQUESTS, UploadQueue } from './upload-queue.ts'
import type { Torrent, Wire } from './webtorrent-types.ts'
import type { WireExtension } from './wire-extension.ts'
import { createWireSession, type WireSession } from './wire-session.ts'

const BLOCK_BYTES = 1 << 14
/** Larger requests are refused by every client (BEP 3 in practice). */
const MAX_REQUEST_BYTES = 1 << 17
/** The longest message that we take: metadata and bitfields stay far below. */
const MAX_MESSAGE_BYTES = (1 << 20) + 1_024

export interface WireHooksOptions {
  readonly extensions: readonly WireExtension[]
  readonly limit: RateLimit
  /** Our trackers, and those of the source that passed the check. */
  readonly trackers: readonly string[]
  /** False: we choke everyone. */
  readonly mayUpload: () => boolean
  readonly bannedPeers: Set<string>
  readonly onDrop: (reason: WireError) => void
  readonly onPieceFailed?: (index: number) => void
}

export interface WireHooks {
  readonly sessions: ReadonlyMap<Wire, WireSession>
  /** Upload was allowed or forbidden, or pieces became servable. */
  refreshUploads(): void
  /** Free requests in flight for pieces outside [from, to] are cancelled, so that a seek need not wait for them. */
  focus(from: number, to: number): void
  /** Stops requesting and serving without leaving the swarm. */
  setPaused(paused: boolean): void
  /** Bytes of blocks handed to wires. */
  uploadedBytes(): number
  close(): void
}

/** Must run in the same tick as `client.add` or `client.seed`, before webtorrent has parsed anything. */
export function hookTorrent(torrent: Torrent, options: WireHooksOptions): WireHooks {
  const sessions = new Map<Wire, WireSession>()
  const ownership = new PieceOwnership(torrent)
  let isRechoking = false
  let isPaused = false
  let uploadedBytes = 0
  const mayUpload = (): boolean => !isPaused && options.mayUpload()

  const drop = (session: WireSession, reason: WireError): void => {
    options.bannedPeers.add(session.wire.peerId)
    options.onDrop(reason)
    session.wire.destroy()
  }

  /** A peer that we begin to pay must not keep our free requests, which it may hold, in the way of the paid ones. */
  const onExchange = (session: WireSession): void => {
    if (session.wire.destroyed) return
    const next = session.merged.classifyDownload()
    if (next === session.requestClass) return
    session.requestClass = next
    if (next === 'paid') {
      for (const { piece, offset, length } of [...session.wire.requests])
        session.wire.cancel(piece, offset, length)
    }
    if (torrent.ready) queueMicrotask(() => torrent._update())
  }

  guardMetadata(torrent, options.trackers)

  const rechoke = torrent._rechoke
  torrent._rechoke = () => {
    isRechoking = true
    rechoke.call(torrent)
    isRechoking = false
    if (torrent.ready) torrent._update()
  }

  torrent._request = (wire, index, hotswap) => {
    const session = sessions.get(wire)
    return (
      !isPaused &&
      session !== undefined &&
      requestBlock(torrent, ownership, session, index, hotswap, creditPiece)
    )
  }

  torrent.on('wire', (wire: Wire) => {
    if (options.bannedPeers.has(wire.peerId)) {
      wire.destroy()
      return
    }
    const session = createWireSession({
      torrent,
      wire,
      extensions: options.extensions,
      onDrop: drop,
      onExchange,
    })
    sessions.set(wire, session)
    ownership.register(session)
    hookUploads(session)
    hookDownloads(session)
    wire.once('close', () => closeWire(session))
    wire.once('finish', () => closeWire(session))
  })

  const refreshUploads = (): void => {
    for (const { wire, queue } of sessions.values()) {
      if (!mayUpload()) wire.choke()
      else if (wire.peerInterested) wire.unchoke()
      queue?.wake()
    }
  }

  return {
    sessions,
    refreshUploads,
    setPaused(paused) {
      isPaused = paused
      refreshUploads()
      if (!paused && torrent.ready) torrent._update()
    },
    uploadedBytes: () => uploadedBytes,
    focus(from, to) {
      for (const session of sessions.values()) {
        if (session.merged.classifyDownload() === 'paid') continue
        for (const { piece, offset, length } of [...session.wire.requests]) {
          if (piece < from || piece > to) session.wire.cancel(piece, offset, length)
        }
      }
    },
    close() {
      for (const session of [...sessions.values()]) closeWire(session)
    },
  }

  function closeWire(session: WireSession): void {
    if (!sessions.delete(session.wire)) return
    session.queue?.close()
    if (!torrent.destroyed) ownership.close(session)
    for (const each of session.sessions) each.onClose()
  }

  function hookUploads(session: WireSession): void {
    const { wire } = session
    const queue = new UploadQueue({
      wire,
      session: {
        ...session.merged,
        onBlockSent: (block) => {
          uploadedBytes += block.lengthBytes
          session.merged.onBlockSent(block)
        },
      },
      limit: options.limit,
      inspect: (index, offset, length) => inspectBlock(torrent, index, offset, length),
      read: (index, offset, length) =>
        new Promise((resolve, reject) => {
          torrent.store.get(index, { offset, length }, (error, bytes) => {
            if (error || !bytes) reject(error ?? new Error('no bytes'))
            else resolve(bytes)
          })
        }),
      onOffence: (error) => drop(session, error),
    })
    session.queue = queue
    wire.extendedHandshake.reqq = MAX_QUEUED_REQUESTS

    wire._onRequest = (index, offset, length) => {
      if (!wire.amChoking) queue.onRequest(index, offset, length)
      else if (wire.hasFast) wire.reject(index, offset, length)
    }
    wire._onCancel = (index, offset, length) => {
      queue.onCancel(index, offset, length)
      wire.emit('cancel', index, offset, length)
    }
    // The stream asks for more when it has passed on what it had: room for the next block.
    wire._read = (done) => {
      done(null)
      queueMicrotask(() => queue.wake())
    }
    const choke = wire.choke
    wire.choke = () => {
      if (isRechoking && !queue.isChokedByGate && session.merged.classifyUpload() === 'paid' && mayUpload())
        return
      const wasChoking = wire.amChoking
      choke.call(wire)
      if (!wasChoking) queue.refuseAll()
    }
    const unchoke = wire.unchoke
    wire.unchoke = () => {
      if (mayUpload() && !queue.isChokedByGate) unchoke.call(wire)
    }
    const onMessageLength = wire._onMessageLength
    wire._onMessageLength = (buffer) => {
      const lengthBytes = new DataView(buffer.buffer, buffer.byteOffset, 4).getUint32(0)
      if (lengthBytes > MAX_MESSAGE_BYTES) drop(session, new WireError('too-long', 'A message is too long.'))
      else onMessageLength.call(wire, buffer)
    }
  }

  function hookDownloads(session: WireSession): void {
    const { wire } = session
    // webtorrent asks a wire that has sent nothing for a block of the *last* piece; a film wants the first.
    wire.downloaded = Math.max(wire.downloaded, 1)
    wire.on('choke', () => {
      session.chokedAtMs = performance.now()
    })
    wire.on('unchoke', () => {
      session.chokedAtMs = null
    })
    wire.on('piece', () => {
      session.lastBlockAtMs = performance.now()
    })
  }

  function creditPiece(
    index: number,
    piece: Parameters<PieceOwnership['contributions']>[0],
    isGood: boolean,
  ): void {
    const contributions = ownership.contributions(piece)
    ownership.finish(index, isGood ? 'verified' : 'failed')
    if (!isGood) ownership.replace(index)
    if (isGood) {
      for (const [source, { paidBytes, freeBytes }] of contributions) {
        const session = sessions.get(source.wire)
        if (!session) continue
        session.verifiedBytes += paidBytes + freeBytes
        session.verifiedPieces += 1
        session.guard(() => {
          for (const each of session.sessions)
            each.onPieceVerified({ pieceIndex: index, paidBytes, freeBytes })
        })
      }
      return
    }
    options.onPieceFailed?.(index)
    const [first, ...rest] = contributions
    if (!first || rest.length > 0) {
      ownership.demandWhole(index)
      return
    }
    const session = sessions.get(first[0].wire)
    if (!session) return
    for (const each of session.sessions)
      each.onPieceFailed({ pieceIndex: index, paidBytes: first[1].paidBytes })
    drop(session, new WireError('bad-piece', `Piece ${index} failed its hash and came whole from one peer.`))
  }
}

function inspectBlock(
  torrent: Torrent,
  index: number,
  offset: number,
  length: number,
): 'present' | 'absent' | 'invalid' {
  if (!torrent.ready) return 'absent'
  if (index < 0 || index >= torrent.pieces.length || offset < 0 || length <= 0 || length > MAX_REQUEST_BYTES)
    return 'invalid'
  const isLast = index === torrent.pieces.length - 1
  const pieceBytes = isLast ? torrent.lastPieceLength : torrent.pieceLength
  if (offset + length > pieceBytes) return 'invalid'
  return torrent.bitfield.get(index) ? 'present' : 'absent'
}

/** Blocks that may be under way: a second's worth, at most what the peer's `reqq` allows. */
function pipelineLength(wire: Wire): number {
  const { reqq } = wire.peerExtendedHandshake
  const wanted = 2 + Math.ceil(wire.downloadSpeed() / BLOCK_BYTES)
  return typeof reqq === 'number' && reqq > 0 ? Math.min(wanted, reqq) : wanted
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle
  const digest = subtle
    ? new Uint8Array(await subtle.digest('SHA-1', bytes as Uint8Array<ArrayBuffer>))
    : sha1(bytes)
  return bytesToHex(digest).slice(2)
}

type CreditPiece = (index: number, piece: NonNullable<Torrent['pieces'][number]>, isGood: boolean) => void

/** Requests one block of a piece from a wire; false when there is none to request there now. */
function requestBlock(
  torrent: Torrent,
  ownership: PieceOwnership,
  session: WireSession,
  index: number,
  hotswap: boolean,
  credit: CreditPiece,
): boolean {
  const { wire } = session
  if (torrent.bitfield.get(index) || wire.requests.length >= pipelineLength(wire)) return false
  const blockClass = session.requestClass
  if (!ownership.admit(session, index, blockClass, hotswap ? 'urgent' : 'normal')) return false
  const piece = torrent.pieces[index]
  if (!piece) return false
  let block = piece.reserve()
  const isOwned = ownership.ownerOf(index) !== null
  if (block === -1 && hotswap && !isOwned && torrent._hotswap(wire, index)) block = piece.reserve()
  if (block === -1) return false

  const reservations = torrent._reservations[index] ?? []
  torrent._reservations[index] = reservations
  const free = reservations.indexOf(null)
  const slot = free === -1 ? reservations.length : free
  reservations[slot] = wire
  const update = (): void => queueMicrotask(() => torrent._update())

  // A wire that had nothing under way is not silent yet.
  if (wire.requests.length === 0) session.lastBlockAtMs = performance.now()
  wire.request(index, piece.chunkOffset(block), piece.chunkLength(block), (error, bytes) => {
    if (torrent.destroyed) return
    if (reservations[slot] === wire) reservations[slot] = null
    if (piece !== torrent.pieces[index]) return update()
    if (error) {
      piece.cancel(block)
      return update()
    }
    if (!piece.get(block)) ownership.record(piece, session, blockClass, bytes.length)
    if (!piece.set(block, bytes, wire)) return update()
    const whole = piece.flush()
    if (whole) void finishPiece(torrent, index, piece, whole, credit).finally(update)
  })
  return true
}

async function finishPiece(
  torrent: Torrent,
  index: number,
  piece: NonNullable<Torrent['pieces'][number]>,
  whole: Uint8Array,
  credit: CreditPiece,
): Promise<void> {
  const isGood = (await hashOf(whole)) === torrent._hashes[index]
  if (torrent.destroyed) return
  credit(index, piece, isGood)
  if (!isGood) {
    torrent.emit('warning', new Error(`Piece ${index} failed verification`))
    return
  }
  const error = await new Promise<Error | null>((resolve) =>
    torrent.store.put(index, whole, (failure) => resolve(failure)),
  )
  if (torrent.destroyed) return
  if (error) return torrent._destroy(error)
  torrent._markVerified(index)
  for (const wire of torrent.wires) wire.have(index)
  torrent._checkDone()
}

/** Metadata from strangers is held to the rules of .torrent files; of the trackers it names, only the checked ones stay. */
function guardMetadata(torrent: Torrent, trackers: readonly string[]): void {
  const onMetadata = torrent._onMetadata
  torrent._onMetadata = async (metadata) => {
    if (metadata instanceof Uint8Array) {
      try {
        if (parseTorrentFile(metadata).infoHash !== torrent.infoHash) {
          throw new TorrentError('bad-torrent', 'The torrent is damaged: its metadata is not canonical.')
        }
      } catch (error) {
        return torrent._destroy(error as Error)
      }
    }
    await onMetadata.call(torrent, metadata)
  }
  const process = torrent._processParsedTorrent
  torrent._processParsedTorrent = (parsed) => {
    parsed.announce = [...trackers]
    parsed.urlList = []
    delete parsed.xs
    delete parsed.peerAddresses
    process.call(torrent, parsed)
  }
}
