/** Turns what the operator named into torrents of the engine: .torrent files with their data, or files and folders. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parseTorrentFile, type TorrentEngine } from '../lib/torrent/index.ts'
import { TorrentError } from '../lib/units/index.ts'

/** A .torrent file and the folder in which its files are. */
export interface SeedTorrent {
  readonly torrentFile: string
  readonly dataDir: string
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new TorrentError('no-such-file', `${path} cannot be read`, { cause })
  }
}

async function measure(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.size
  const sizes = await Promise.all((await readdir(path)).map((name) => measure(join(path, name))))
  return sizes.reduce((sum, lengthBytes) => sum + lengthBytes, 0)
}

/** Adds a torrent over its data, which is checked by hash before it is served. Throws TorrentError. */
export async function seedTorrent(
  engine: TorrentEngine,
  { torrentFile, dataDir }: SeedTorrent,
): Promise<string> {
  return engine.addAt(parseTorrentFile(await read(torrentFile)), resolve(dataDir))
}

/** Seeds a file or folder in place, or a .torrent whose files are in `contentDir` (beside it when null). */
export async function seedPath(
  engine: TorrentEngine,
  path: string,
  contentDir: string | null,
): Promise<string> {
  if (path.toLowerCase().endsWith('.torrent')) {
    return seedTorrent(engine, { torrentFile: path, dataDir: contentDir ?? dirname(path) })
  }
  let lengthBytes: number
  try {
    lengthBytes = await measure(path)
  } catch (cause) {
    throw new TorrentError('no-such-file', `${path} cannot be read`, { cause })
  }
  if (lengthBytes === 0) throw new TorrentError('empty-files', `${path} is empty`)
  return engine.seedPath(resolve(path), { name: basename(resolve(path)), lengthBytes })
}
