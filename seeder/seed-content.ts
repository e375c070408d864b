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

const isTorrentFile = (path: string): boolean => path.toLowerCase().endsWith('.torrent')

/** Adds a torrent over its data, which is checked by hash before it is served. Throws TorrentError. */
export async function seedTorrent(
  engine: TorrentEngine,
  { torrentFile, dataDir }: SeedTorrent,
): Promise<string> {
  return engine.addAt(parseTorrentFile(await read(torrentFile)), resolve(dataDir))
}

/** Looks whether a path of the command line can be seeded, before anybody is contacted. Throws TorrentError. */
export async function checkPath(path: string, contentDir: string | null): Promise<void> {
  if (!isTorrentFile(path)) {
    await measureContent(path)
    return
  }
  const source = parseTorrentFile(await read(path))
  if (source.kind !== 'torrentFile') return
  const content = join(contentDir ?? dirname(path), source.name)
  await stat(content).catch((cause: unknown) => {
    throw new TorrentError(
      'no-such-file',
      `${content}, the content of ${path}, is not there: give its folder with --content`,
      { cause },
    )
  })
}

async function measureContent(path: string): Promise<number> {
  let lengthBytes: number
  try {
    lengthBytes = await measure(path)
  } catch (cause) {
    throw new TorrentError('no-such-file', `${path} cannot be read`, { cause })
  }
  if (lengthBytes === 0) throw new TorrentError('empty-files', `there is nothing in ${path}`)
  return lengthBytes
}

/** Seeds a file or folder in place, or a .torrent whose files are in `contentDir` (beside it when null). */
export async function seedPath(
  engine: TorrentEngine,
  path: string,
  contentDir: string | null,
): Promise<string> {
  if (isTorrentFile(path)) {
    return seedTorrent(engine, { torrentFile: path, dataDir: contentDir ?? dirname(path) })
  }
  const lengthBytes = await measureContent(path)
  return engine.seedPath(resolve(path), { name: basename(resolve(path)), lengthBytes })
}
