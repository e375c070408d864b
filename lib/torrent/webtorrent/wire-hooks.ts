/**
 * Every override of webtorrent 3.0.21's private methods on torrents and wires; wire-hooks.world.test.ts pins them to that version.
 * Upload: requests go through an UploadQueue. Download: blocks are requested by the rules of PieceOwnership and each
 * verified piece is credited to the wires that brought it.
 */
import type { WireError } from '../../base/index.ts'
import type { BannedPeer } from '../engine.ts'
import type { WireExtension } from '../wire-extension.ts'
import { createPieceBlame } from './blame-piece.ts'
import { guardMetadata } from './guard-metadata.ts'
import { hookDownloads } from './hook-downloads.ts'
import { hookUploads } from './hook-uploads.ts'
import { createPeerWire, type PeerWire } from './peer-wire.ts'
import { PieceOwnership } from './piece-ownership.ts'
import type { RateLimit } from './rate-limit.ts'
import { requestBlock } from './request-block.ts'
import { createSeekFocus, type SeekFocus } from './seek-focus.ts'
import { clientOf } from './snapshot.ts'
import type { Torrent, Wire } from './types.ts'
import { settleGlare } from './webrtc-glare.ts'

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
}

export interface WireHooks {
  readonly wires: ReadonlyMap<Wire, PeerWire>
  /** Upload was allowed or forbidden, or pieces became servable. */
  refreshUploads(): void
  /** See SeekFocus. */
  readonly focus: SeekFocus['begin']
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
  const wires = new Map<Wire, PeerWire>()
  const ownership = new PieceOwnership(torrent)
  let isRechoking = false
  let isPaused = false
  let isSilent = false
  let uploadedBytes = 0
  const speaksOurs = (wire: Wire): boolean =>
    options.extensions.some(({ name }) => wire.peerExtendedMapping[name])
  const mayUpload = (): boolean => !isPaused && options.mayUpload()

  const dropped = new WeakSet<Wire>()
  let banned: readonly BannedPeer[] = []
  const drop = (session: PeerWire, reason: WireError): void => {
    // A wire dies a little after its end: who is dropped for two reasons is reported once.
    if (dropped.has(session.wire)) return
    dropped.add(session.wire)
    options.bannedPeers.add(session.wire.peerId)
    const { code } = reason
    const { peerKey, wire } = session
    banned = [...banned, Object.freeze({ peerKey, client: clientOf(wire), code })].slice(-MAX_BANNED_SHOWN)
    options.onDrop(reason)
    session.wire.destroy()
    closeWire(session)
  }

  /** A peer that we begin to pay must not keep our free requests, which it may hold, in the way of the paid ones. */
  const onExchange = (session: PeerWire): void => {
    if (session.wire.destroyed) return
    const next = session.merged.getDownloadClass()
    if (next === session.requestClass) return
    session.requestClass = next
    if (next === 'paid') {
      for (const { piece, offset, length } of [...session.wire.requests])
        session.wire.cancel(piece, offset, length)
    }
    if (torrent.ready) queueMicrotask(() => torrent._update())
  }

  const seek = createSeekFocus(torrent, () => wires.values())
  const finishPiece = createPieceBlame(ownership, wires, drop)

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
    const session = wires.get(wire)
    if (isPaused || !session || options.mayRequest?.(index) === false) return false
    session.guard(() => session.merged.beforeRequest())
    onExchange(session)
    return requestBlock(torrent, ownership, session, index, hotswap, finishPiece)
  }

  const uploads = {
    torrent,
    limit: options.limit,
    mayUpload,
    isRechoking: () => isRechoking,
    speaksOurs,
    onSent: (lengthBytes: number) => {
      uploadedBytes += lengthBytes
    },
    drop,
  }

  torrent.on('wire', (wire: Wire) => {
    if (options.bannedPeers.has(wire.peerId)) {
      wire.destroy()
      return
    }
    const session = createPeerWire({
      torrent,
      wire,
      extensions: options.extensions,
      onDrop: drop,
      onExchange,
    })
    wires.set(wire, session)
    ownership.register(session)
    hookUploads(session, uploads)
    hookDownloads(session, speaksOurs)
    wire.once('close', () => closeWire(session))
    wire.once('finish', () => closeWire(session))
  })

  const refreshUploads = (): void => {
    for (const { wire, queue } of wires.values()) {
      if (!mayUpload()) wire.choke()
      else if (wire.peerInterested) wire.unchoke()
      queue?.wake()
    }
  }

  return {
    wires,
    refreshUploads,
    setPaused(paused) {
      isPaused = paused
      refreshUploads()
      if (!paused && isSilent) torrent._startDiscovery()
      if (!paused && torrent.ready) torrent._update()
    },
    bannedPeers: () => banned,
    uploadedBytes: () => uploadedBytes,
    focus: seek.begin,
    close() {
      for (const session of [...wires.values()]) closeWire(session)
    },
  }

  function closeWire(session: PeerWire): void {
    if (!wires.delete(session.wire)) return
    session.queue?.close()
    if (!torrent.destroyed) ownership.close(session)
    for (const each of session.extensions) each.onClose()
  }
}
