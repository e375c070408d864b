/** Looks through a file or folder that is to be seeded: what goes into its torrent, and what does not and why. */
import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { TorrentError } from '../lib/base/index.ts'
import { isInside, openInside } from './open-inside.ts'

export interface ContentFile {
  /** Where it is found; may go over links that stay inside the root. */
  readonly path: string
  /** Its path in the torrent. */
  readonly parts: readonly string[]
  readonly lengthBytes: number
}

export interface Content {
  readonly name: string
  /** The real path beyond which nothing is read. What the operator named may be a link itself. */
  readonly root: string
  readonly kind: 'file' | 'folder'
  readonly files: readonly ContentFile[]
  readonly lengthBytes: number
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

/** What a torrent may hold; a buyer refuses one with more. */
const MAX_FILES = 20_000
const MAX_PARTS = 32
const MAX_NAME_BYTES = 255
/** Folders that lead into each other by links could be walked for ever, though none leads into itself. */
const MAX_ENTRIES = 200_000
/** Hidden files, and what systems leave behind. */
const JUNK = /^\.|~$|^(?:Thumbs\.db|ehthumbs\.db|[Dd]esktop\.ini|__MACOSX|@eaDir|npm-debug\.log|Icon\r)$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT_NAME = /[/\\\u0000-\u001f\ufffd]/

function explain(error: unknown): string {
  const { code } = error as { readonly code?: string }
  if (code === 'outside') return 'a link that leaves the folder'
  if (code === 'ELOOP') return 'a link that leads in circles'
  if (code === 'ENOENT') return 'a link to nothing, or gone'
  if (code === 'no-file' || code === 'ENXIO') return 'not a file'
  if (code === 'EACCES' || code === 'EPERM') return 'not readable'
  return `not readable (${code ?? 'unknown'})`
}

/** Throws TorrentError 'no-such-file', or 'empty-files' where nothing can be seeded. */
export async function scanContent(named: string): Promise<Content> {
  const path = resolve(named)
  const files: ContentFile[] = []
  const skipped: { path: string; reason: string }[] = []
  let entries = 0

  async function take(file: string, parts: readonly string[], root: string): Promise<void> {
    const handle = await openInside(root, file)
    try {
      const { size } = await handle.stat()
      files.push({ path: file, parts, lengthBytes: size })
    } finally {
      await handle.close()
    }
    if (files.length > MAX_FILES)
      throw new TorrentError('cannot-seed', `${named} holds more than ${MAX_FILES} files.`)
  }

  /** `above` are the real paths of the folders on the way: one of them again would be a circle. */
  async function walk(folder: string, parts: readonly string[], above: readonly string[]): Promise<void> {
    const root = above[0] ?? folder
    for (const name of (await readdir(folder)).sort()) {
      if (JUNK.test(name)) continue
      entries += 1
      if (entries > MAX_ENTRIES) throw new TorrentError('cannot-seed', `${named} holds too much.`)
      const child = join(folder, name)
      const skip = (reason: string): void => void skipped.push({ path: child, reason })
      if (UNFIT_NAME.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES) {
        skip('its name cannot stand in a torrent')
        continue
      }
      try {
        const real = await realpath(child)
        if (!isInside(root, real)) skip(explain({ code: 'outside' }))
        else if (!(await lstat(real)).isDirectory()) await take(child, [...parts, name], root)
        else if (above.includes(real)) skip(explain({ code: 'ELOOP' }))
        else if (parts.length + 1 >= MAX_PARTS) skip('too many folders deep')
        else await walk(child, [...parts, name], [...above, real])
      } catch (error) {
        if (error instanceof TorrentError) throw error
        skip(explain(error))
      }
    }
  }

  let root: string
  let kind: Content['kind']
  try {
    root = await realpath(path)
    kind = (await lstat(root)).isDirectory() ? 'folder' : 'file'
    if (kind === 'folder') await walk(root, [], [root])
    else await take(root, [basename(path)], root)
  } catch (cause) {
    if (cause instanceof TorrentError) throw cause
    throw new TorrentError('no-such-file', `${named} cannot be read`, { cause })
  }
  const lengthBytes = files.reduce((sum, file) => sum + file.lengthBytes, 0)
  if (lengthBytes === 0) {
    const [first] = skipped
    throw new TorrentError(
      'empty-files',
      first
        ? `there is nothing to seed in ${named}: ${first.path} is ${first.reason}`
        : `there is nothing in ${named}`,
    )
  }
  return { name: basename(path), root, kind, files, lengthBytes, skipped }
}
