/**
 * Every override of webtorrent 3.0.21's private methods on torrents and wires; wire-hooks.test.ts pins them to that version.
 * Upload: requests go through an UploadQueue. Download: blocks are requested by the rules of PieceOwnership and each
 * verified piece is credited to the wires that brought it.
 */
import { WireError } from '../../base/index.ts'
import type { BannedPeer } from '../engine.ts'
import type { WireExtension } from '../wire-extension.ts'
import { guardMetadata } from './guard-metadata.ts'
import { PieceOwnership } from './piece-ownership.ts'
import type { RateLimit } from './rate-limit.ts'
import { requestBlock } from './request-block.ts'
import { clientOf } from './snapshot.ts'
import type { Torrent, Wire } from './types.ts'
import { MAX_QUEUED_REQUESTS, UploadQueue } from './upload-queue.ts'
import { settleGlare } from './webrtc-glare.ts'
import { createWireSession, type WireSession } from './wire-session.ts'

/** Larger requests are refused by every client (BEP 3 in practice). */
const MAX_REQUEST_BYTES = 1 << 17
/** "-WW" in hex (BEP 20). */
const WEBTORRENT_PEER_ID = '2d5757'
/** The longest message that we take: metadata and bitfields stay far below. */
const MAX_MESSAGE_BYTES = (1 << 20) + 1_024

/** A table of peers shows no more than so many that are gone. */
const MAX_BANNED_SHOWN = 8

export interface WireHooksOptions {
  readonly extensions: readonly WireExtension[]
  readonly limit: RateLimit
  /** Our trackers, and those of the source that passed the check. */
  readonly trackers: readonly string[]
  /** False: we choke everyone. */
  readonly mayUpload: () => boolean
  /** False: no tracker hears of us yet; `setPaused(false)` makes up for it. Absent: always true. */
  readonly mayAnnounce?: (() => boolean) | undefined
  /** False: the piece may yet be found in the store; `_update` follows when it is known. Absent: always true. */
  readonly mayRequest?: ((index: number) => boolean) | undefined
  readonly bannedPeers: Set<string>
  readonly onDrop: (reason: WireError) => void
  readonly onPieceFailed?: (index: number) => void
}

export interface WireHooks {
  readonly sessions: ReadonlyMap<Wire, WireSession>
  /** Upload was allowed or forbidden, or pieces became servable. */
  refreshUploads(): void
  /**
   * A seek: free requests in flight for pieces outside [from, to] are cancelled, and until these pieces are here, or the
   * returned function ends it, the newest reader is not made to take turns with older ones.
   */
  focus(from: number, to: number): () => void
  /** Stops requesting and serving without leaving the swarm. */
  setPaused(paused: boolean): void
  /** Peers that broke the rules, the latest ones. */
  bannedPeers(): readonly BannedPeer[]
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
  let isSilent = false
  let focused: { readonly from: number; readonly to: number } | null = null
  let uploadedBytes = 0
  const speaksOurs = (wire: Wire): boolean =>
    options.extensions.some(({ name }) => wire.peerExtendedMapping[name])
  const mayUpload = (): boolean => !isPaused && options.mayUpload()

  const dropped = new WeakSet<Wire>()
  let banned: readonly BannedPeer[] = []
  const drop = (session: WireSession, reason: WireError): void => {
    // A wire dies a little after its end: who is dropped for two reasons is reported once.
    if (dropped.has(session.wire)) return
    dropped.add(session.wire)
    options.bannedPeers.add(session.wire.peerId)
    const { code } = reason
    const { peerKey, wire } = session
    banned = [...banned, Object.freeze({ peerKey, client: clientOf(wire), code })].slice(-MAX_BANNED_SHOWN)
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

  // webtorrent rotates selections that have a priority, after each time that it filled a wire.
  const { swap } = torrent._selections
  torrent._selections.swap = (i, j) => {
    if (!isSeekWaiting()) swap.call(torrent._selections, i, j)
  }

  // A peer that we turn away while paused takes us for connecting, and answers no further offer of ours for long.
  const startDiscovery = torrent._startDiscovery
  torrent._startDiscovery = () => {
    isSilent = options.mayAnnounce?.() === false
    if (!isSilent) startDiscovery.call(torrent)
  }

  settleGlare(torrent, torrent.client.peerId)
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
    if (isPaused || !session || options.mayRequest?.(index) === false) return false
    onExchange(session)
    return requestBlock(torrent, ownership, session, index, hotswap, creditPiece)
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
      if (!paused && isSilent) torrent._startDiscovery()
      if (!paused && torrent.ready) torrent._update()
    },
    bannedPeers: () => banned,
    uploadedBytes: () => uploadedBytes,
    focus(from, to) {
      const mine = { from, to }
      focused = mine
      for (const session of sessions.values()) {
        if (session.merged.classifyDownload() === 'paid') continue
        for (const { piece, offset, length } of [...session.wire.requests]) {
          if (piece < from || piece > to) session.wire.cancel(piece, offset, length)
        }
      }
      return () => {
        if (focused === mine) focused = null
      }
    },
    close() {
      for (const session of [...sessions.values()]) closeWire(session)
    },
  }

  function isSeekWaiting(): boolean {
    if (!focused) return false
    for (let index = focused.from; index <= focused.to; index++) if (!torrent.bitfield.get(index)) return true
    focused = null
    return false
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
      answersCancels: () => speaksOurs(wire) || !wire.peerId.startsWith(WEBTORRENT_PEER_ID),
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
    hookCancels(session)
  }

  /**
   * BEP 6 answers a cancel with a reject, or with the block when that was already on its way. The wire is ordered, so a
   * reject of a cancelled request must not be taken for one of the same block's next request. Peers without our
   * extensions are left alone: stock webtorrent answers a cancel with nothing.
   */
  function hookCancels(session: WireSession): void {
    const { wire } = session
    const unanswered = new Map<string, number>()
    const isAnswer = (key: string): boolean => {
      const count = unanswered.get(key) ?? 0
      if (count > 1) unanswered.set(key, count - 1)
      else unanswered.delete(key)
      return count > 0
    }
    const cancel = wire.cancel
    wire.cancel = (index, offset, length) => {
      const key = `${index}:${offset}:${length}`
      if (wire.hasFast && speaksOurs(wire)) unanswered.set(key, (unanswered.get(key) ?? 0) + 1)
      cancel.call(wire, index, offset, length)
    }
    const onReject = wire._onReject
    wire._onReject = (index, offset, length) => {
      if (!isAnswer(`${index}:${offset}:${length}`)) onReject.call(wire, index, offset, length)
    }
    wire.on('piece', (index: number, offset: number, block: Uint8Array) => {
      session.lastBlockAtMs = performance.now()
      session.receivedBytes += block.length
      isAnswer(`${index}:${offset}:${block.length}`)
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
