/**
 * Who may fetch blocks of which piece, and who brought them. Invariant: an owned piece holds blocks of its owner
 * only, so a paid piece is wholly one seller's, and a bad one blames exactly one peer.
 */

import type { BlockClass } from '../wire-extension.ts'
import type { Piece, Torrent, Wire } from './types.ts'

/** What one peer brought of one attempt at a piece. */
export interface Contribution {
  paidBytes: number
  freeBytes: number
}

/** A peer as a source of pieces. */
export interface PieceSource {
  readonly wire: Wire
  readonly owned: Set<number>
  chokedAtMs: number | null
  lastBlockAtMs: number
  maxPaidPiecesUnderWay(): number
}

/** A choke shorter than this is breathing, not leaving. */
const MAX_CHOKED_MS = 5_000
/** A paid peer that sends nothing for so long while asked has stalled. */
const MAX_SILENT_MS = 20_000
/** Speed assumed of a peer that has not sent yet. */
const UNKNOWN_BYTES_PER_SEC = 1 << 18

export class PieceOwnership {
  private readonly owners = new Map<number, PieceSource>()
  private readonly mustBeWhole = new Set<number>()
  private readonly sources = new WeakMap<Wire, PieceSource>()
  private readonly attempts = new WeakMap<
    Piece,
    (readonly [source: PieceSource, blockClass: BlockClass, lengthBytes: number])[]
  >()
  private readonly torrent: Torrent
  private readonly nowMs: () => number

  constructor(torrent: Torrent, nowMs: () => number = () => performance.now()) {
    this.torrent = torrent
    this.nowMs = nowMs
  }

  ownerOf(index: number): PieceSource | null {
    return this.owners.get(index) ?? null
  }

  /** After a bad piece of many peers: its next attempt comes whole from one. */
  demandWhole(index: number): void {
    this.mustBeWhole.add(index)
  }

  /** Whether `source` may request a block now. May replace the piece object, so look it up again afterwards. */
  admit(source: PieceSource, index: number, blockClass: BlockClass, urgency: 'normal' | 'urgent'): boolean {
    const owner = this.owners.get(index)
    if (owner === source) return true
    if (owner) {
      if (!this.hasLeft(owner)) return false
      this.release(index, 'discard')
    }
    if (blockClass === 'free' && !this.mustBeWhole.has(index)) return true
    if (blockClass === 'paid' && source.owned.size >= source.maxPaidPiecesUnderWay()) return false
    const others = this.othersIn(index, source)
    if (others.length > 0) {
      const isStale = others.every((other) => other.wire.destroyed)
      if (!isStale && (urgency === 'normal' || !this.isSlower(index, others, source))) return false
      this.replace(index)
      for (const other of others) cancelRequests(other.wire, index)
    }
    this.owners.set(index, source)
    source.owned.add(index)
    return true
  }

  /** Notes a block that was requested of `source` and used. */
  record(piece: Piece, source: PieceSource, blockClass: BlockClass, lengthBytes: number): void {
    const blocks = this.attempts.get(piece) ?? []
    blocks.push([source, blockClass, lengthBytes])
    this.attempts.set(piece, blocks)
  }

  contributions(piece: Piece): Map<PieceSource, Contribution> {
    const sums = new Map<PieceSource, Contribution>()
    for (const [source, blockClass, lengthBytes] of this.attempts.get(piece) ?? []) {
      const sum = sums.get(source) ?? { paidBytes: 0, freeBytes: 0 }
      if (blockClass === 'paid') sum.paidBytes += lengthBytes
      else sum.freeBytes += lengthBytes
      sums.set(source, sum)
    }
    return sums
  }

  /** The piece is done with, well or badly. */
  finish(index: number, outcome: 'verified' | 'failed'): void {
    if (outcome === 'verified') this.mustBeWhole.delete(index)
    this.release(index, 'keep')
  }

  /** The source closed: what it owned goes back, empty. */
  close(source: PieceSource): void {
    for (const index of [...source.owned]) this.release(index, 'discard')
  }

  private release(index: number, blocks: 'keep' | 'discard'): void {
    const owner = this.owners.get(index)
    if (!owner) return
    this.owners.delete(index)
    owner.owned.delete(index)
    if (blocks === 'keep') return
    // Whole already: it is being hashed or stored, and is fetched again only if that fails.
    if (!this.torrent.pieces[index]?._flushed) this.replace(index)
    if (!owner.wire.destroyed) cancelRequests(owner.wire, index)
  }

  private hasLeft(owner: PieceSource): boolean {
    if (owner.wire.destroyed) return true
    if (owner.chokedAtMs !== null && this.nowMs() - owner.chokedAtMs > MAX_CHOKED_MS) return true
    return owner.wire.requests.length > 0 && this.nowMs() - owner.lastBlockAtMs > MAX_SILENT_MS
  }

  /** Other peers with blocks reserved or received in the current attempt. */
  private othersIn(index: number, source: PieceSource): PieceSource[] {
    const piece = this.torrent.pieces[index]
    if (!piece) return []
    const found = new Set<PieceSource>()
    for (const [other] of this.attempts.get(piece) ?? []) if (other !== source) found.add(other)
    for (const wire of this.torrent._reservations[index] ?? []) {
      if (wire && wire !== source.wire) found.add(this.sourceOf(wire))
    }
    return [...found]
  }

  register(source: PieceSource): void {
    this.sources.set(source.wire, source)
  }

  private sourceOf(wire: Wire): PieceSource {
    const known = this.sources.get(wire)
    if (known) return known
    const fresh = {
      wire,
      owned: new Set<number>(),
      chokedAtMs: null,
      lastBlockAtMs: 0,
      maxPaidPiecesUnderWay: () => 1,
    }
    this.sources.set(wire, fresh)
    return fresh
  }

  /** Would the others finish their attempt later than `source` would fetch the whole piece? */
  private isSlower(index: number, others: readonly PieceSource[], source: PieceSource): boolean {
    const piece = this.torrent.pieces[index]
    if (!piece) return false
    const theirs = others.reduce(
      (sum, other) => sum + (other.wire.destroyed ? 0 : other.wire.downloadSpeed()),
      0,
    )
    const ours = Math.max(source.wire.downloadSpeed(), UNKNOWN_BYTES_PER_SEC)
    return piece.missing / Math.max(theirs, 1) > piece.length / ours
  }

  /** A fresh attempt: late blocks of a replaced piece object are ignored. */
  replace(index: number): void {
    const piece = this.torrent.pieces[index]
    if (!piece) return
    // webtorrent does not export its piece class.
    const PieceClass = piece.constructor as new (lengthBytes: number) => Piece
    this.torrent.pieces[index] = new PieceClass(piece.length)
    this.torrent._reservations[index] = []
  }
}

function cancelRequests(wire: Wire, index: number): void {
  for (const request of [...wire.requests]) {
    if (request.piece === index) wire.cancel(request.piece, request.offset, request.length)
  }
}
