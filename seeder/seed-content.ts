/** Turns what the operator named into torrents of the engine: .torrent files with their data, or files and folders. */
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { TorrentError } from '../lib/base/index.ts'
import type { DiskEngine } from '../lib/torrent/disk/index.ts'
import { parseTorrentFile } from '../lib/torrent/index.ts'
import { createContentStore } from './content-store.ts'
import type { Log } from './log.ts'
import { makeTorrent } from './make-torrent.ts'
import { scanContent } from './scan-content.ts'

/** A .torrent file and the folder in which its files are. */
export interface SeedTorrent {
  readonly torrentFile: string
  readonly dataDir: string
}

export interface SeedOptions {
  /** Named in a torrent that is made here. */
  readonly trackers: readonly string[]
  /** Hears what of a folder is not seeded, and why. */
  readonly log: Log
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new TorrentError('no-such-file', `${path} cannot be read`, { cause })
  }
}

const isTorrentFile = (path: string): boolean => path.toLowerCase().endsWith('.torrent')

/** Adds a torrent over its data, which is checked by hash before it is served. Throws TorrentError. */
export async function seedTorrent(
  engine: DiskEngine,
  { torrentFile, dataDir }: SeedTorrent,
): Promise<string> {
  const source = parseTorrentFile(await read(torrentFile))
  const folder = resolve(dataDir)
  // What the operator put in the content's place may be a link; what is in it may not lead out.
  const place = join(folder, source.name)
  const root = await realpath(place).catch(() => place)
  return engine.addAt(source, folder, createContentStore({ root, paths: null }))
}

/** Looks whether a path of the command line can be seeded, before anybody is contacted. Throws TorrentError. */
export async function checkPath(path: string, contentDir: string | null): Promise<void> {
  if (!isTorrentFile(path)) {
    await scanContent(path)
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

/** A link or a swap between looking and hashing; more often than this is no accident. */
const MAX_TRIES = 3

async function seedContent(engine: DiskEngine, path: string, options: SeedOptions): Promise<string> {
  for (let tries = 1; ; tries++) {
    const content = await scanContent(path)
    try {
      const torrentFile = await makeTorrent(content, options.trackers)
      for (const each of content.skipped) options.log({ event: 'skipped', ...each })
      const paths = content.files.map((file) => file.path)
      return await engine.seedMade(torrentFile, createContentStore({ root: content.root, paths }))
    } catch (cause) {
      if (cause instanceof TorrentError) throw cause
      if (tries === MAX_TRIES)
        throw new TorrentError('cannot-seed', `${path} changes while it is read`, { cause })
    }
  }
}

/** Seeds a file or folder in place, or a .torrent whose files are in `contentDir` (beside it when null). */
export async function seedPath(
  engine: DiskEngine,
  path: string,
  contentDir: string | null,
  options: SeedOptions,
): Promise<string> {
  if (isTorrentFile(path))
    return seedTorrent(engine, { torrentFile: path, dataDir: contentDir ?? dirname(path) })
  return seedContent(engine, path, options)
}
