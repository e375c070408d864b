/** What strangers say of a torrent, checked before webtorrent believes it. */
import { TorrentError } from '../../base/index.ts'
import { parseTorrentFile } from '../library/parse-torrent-file.ts'
import type { Torrent } from './types.ts'

/** Metadata from strangers is held to the rules of .torrent files; of the trackers it names, only the checked ones stay. */
export function guardMetadata(torrent: Torrent, trackers: readonly string[]): void {
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
