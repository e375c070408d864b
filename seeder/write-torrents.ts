/** The .torrent files and magnet links that an operator passes on. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StorageError } from '../lib/base/index.ts'
import { toFileName } from '../lib/units/index.ts'
import type { Seeder } from './start-seeder.ts'

export interface SharedTorrent {
  readonly infoHash: string
  readonly name: string
  readonly magnetUri: string
  /** Where its .torrent file was written; null when it came from one. */
  readonly torrentFile: string | null
}

/** Writes `<folder>/<name>.torrent` for each torrent whose metadata is known. Throws StorageError 'data-unwritable'. */
export async function writeTorrents(seeder: Seeder, folder: string): Promise<readonly SharedTorrent[]> {
  const shared: SharedTorrent[] = []
  for (const { infoHash, name, magnetUri } of seeder.getStatus().torrents) {
    const bytes = seeder.getTorrentFile(infoHash)
    const torrentFile = bytes ? join(folder, toFileName(`${name || infoHash}.torrent`)) : null
    if (bytes && torrentFile) {
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(torrentFile, bytes)
      } catch (cause) {
        throw new StorageError('data-unwritable', `${torrentFile} cannot be written.`, { cause })
      }
    }
    shared.push({ infoHash, name, magnetUri, torrentFile })
  }
  return shared
}
