/** What the page sees of its torrents, and what it may ask for. */
import type { PeerMoney } from '../../exchange/index.ts'
import type { Problem } from '../../kernel/index.ts'
import type { PeerSnapshot, TorrentSnapshot } from '../../torrent/index.ts'

export interface PeerRow extends PeerSnapshot {
  readonly money: PeerMoney
}

export interface WatchSnapshot extends Omit<TorrentSnapshot, 'peers'> {
  readonly peers: readonly PeerRow[]
  /** Why nothing moves, when nothing does (no peers, tracker away, storage full …). */
  readonly problem: Problem | null
}

export type AddOutcome =
  | { readonly status: 'added'; readonly infoHash: string }
  /** The user put the consent sheet off: nothing was added, and nothing will be. */
  | { readonly status: 'withdrawn' }
  | { readonly status: 'refused'; readonly problem: Problem }

export interface LibraryCommands {
  /** Parses and adds what the user typed, pasted or dropped. */
  addText(text: string): Promise<AddOutcome>
  /** One .torrent file is opened; anything else becomes a torrent of its own. `onRead` hears how much of it was read, 0 to 1. */
  addFiles(files: readonly File[], onRead?: (share: number) => void): Promise<AddOutcome>
  pause(infoHash: string): void
  resume(infoHash: string): void
  /** Takes it off the list; its data goes a little later. `undo` resolves false once that happened. */
  remove(infoHash: string): Promise<{ undo(): Promise<boolean> }>
  /** Route of a file for <video src>, <img src>, fetch: "/stream/<client>/<infoHash>/<index>/<name>". Null until the worker is ready. */
  getStreamUrl(infoHash: string, fileIndex: number): string | null
  saveTorrentFile(infoHash: string): Uint8Array | null
}
