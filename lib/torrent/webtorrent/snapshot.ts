/** Frozen copies of a live torrent for readers. */
import {
  type FileSnapshot,
  type PeerSnapshot,
  PIECE_ACTIVE,
  PIECE_MISSING,
  PIECE_PAID,
  PIECE_VERIFIED,
  type TorrentSnapshot,
} from '../engine.ts'
import { mimeTypeOf } from '../library/mime-type.ts'
import type { PeerWire } from './peer-wire.ts'
import type { Torrent, Wire } from './types.ts'

export function snapshotFiles(torrent: Torrent): readonly FileSnapshot[] {
  if (!torrent.metadata) return []
  return torrent.files.map((file, index) =>
    Object.freeze({
      index,
      path: file.path.replaceAll('\\', '/'),
      lengthBytes: file.length,
      downloadedBytes: torrent.bitfield ? file.downloaded : 0,
      mimeType: mimeTypeOf(file.name),
    }),
  )
}

/** The piece map, and what of it is verified. */
export function snapshotPieces(
  torrent: Torrent,
  paid: ReadonlySet<number>,
): Pick<TorrentSnapshot, 'pieces' | 'verifiedPieces' | 'verifiedBytes'> {
  if (!torrent.metadata || !torrent.bitfield)
    return { pieces: new Uint8Array(0), verifiedPieces: 0, verifiedBytes: 0 }
  const pieces = new Uint8Array(torrent.pieces.length)
  let verifiedPieces = 0
  let verifiedBytes = 0
  for (const [index, piece] of torrent.pieces.entries()) {
    if (torrent.bitfield.get(index)) {
      pieces[index] = paid.has(index) ? PIECE_PAID : PIECE_VERIFIED
      verifiedPieces += 1
      verifiedBytes += index === pieces.length - 1 ? torrent.lastPieceLength : torrent.pieceLength
    } else {
      pieces[index] = piece && piece._reservations > 0 ? PIECE_ACTIVE : PIECE_MISSING
    }
  }
  return { pieces, verifiedPieces, verifiedBytes }
}

const CLIENTS: Readonly<Record<string, string>> = {
  WW: 'WebTorrent',
  WD: 'WebTorrent Desktop',
  PM: 'Piecemeal',
  LT: 'libtorrent',
  lt: 'libTorrent',
  qB: 'qBittorrent',
  TR: 'Transmission',
  DE: 'Deluge',
  BI: 'BiglyBT',
  UT: 'µTorrent',
}

/** "WebTorrent 3.0" from an Azureus-style peer id (BEP 20) or the extended handshake's `v`. Untrusted: printable ASCII, short. */
export function clientOf(wire: Wire): string {
  const { v } = wire.peerExtendedHandshake
  const words =
    v instanceof Uint8Array ? new TextDecoder().decode(v.subarray(0, 40)) : typeof v === 'string' ? v : ''
  const clean = words.replace(/[^\x20-\x7e]/g, '').trim()
  if (clean) return clean.slice(0, 40)
  const id = (wire.peerId ?? '')
    .slice(0, 16)
    .replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
  const match = /^-([A-Za-z]{2})(\d{2})(\d{2})-$/.exec(id)
  if (!match) return 'Unknown client'
  const [, code = '', major = '0', minor = '0'] = match
  return `${CLIENTS[code] ?? code} ${Number(major)}.${Number(minor)}`
}

function transportOf(wire: Wire): PeerSnapshot['transport'] {
  if (wire.type === 'webSeed') return 'webSeed'
  return wire.type === 'webrtc' ? 'webrtc' : 'tcp'
}

function progressOf(torrent: Torrent, wire: Wire): number {
  if (!torrent.metadata || torrent.pieces.length === 0) return 0
  let count = 0
  for (let index = 0; index < torrent.pieces.length; index++) if (wire.peerPieces.get(index)) count += 1
  return count / torrent.pieces.length
}

export function snapshotPeer(torrent: Torrent, session: PeerWire): PeerSnapshot {
  const { wire } = session
  const progress = progressOf(torrent, wire)
  return Object.freeze({
    peerKey: session.peerKey,
    client: clientOf(wire),
    transport: transportOf(wire),
    isSeeder: progress === 1,
    isChokingUs: wire.peerChoking,
    downloadedBytes: Math.max(0, wire.downloaded - 1),
    uploadedBytes: wire.uploaded,
    downloadBytesPerSec: wire.downloadSpeed(),
    uploadBytesPerSec: wire.uploadSpeed(),
    verifiedBytes: session.verifiedBytes,
    verifiedPieces: session.verifiedPieces,
    progress,
  })
}
