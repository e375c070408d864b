/**
 * Opens files without ever leaving a folder. Invariant: what is opened is, at the moment after, the very file (device and
 * inode) that a path inside the folder names with all its links followed; so a link, or a file or folder that is swapped
 * for one between two calls, leads to nothing outside.
 */
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { StorageError } from '../lib/base/index.ts'

/** Neither flag exists on Windows; a FIFO must not make us wait. */
const SAFE_FLAGS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Whether a real path is the root's own or below it. */
export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function refuse(path: string): never {
  throw new StorageError('outside', `${path} leads out of its folder.`)
}

async function openChecked(root: string, path: string, flags: number): Promise<FileHandle> {
  const real = await realpath(path)
  if (!isInside(root, real)) refuse(path)
  const handle = await open(real, flags | SAFE_FLAGS)
  try {
    const again = await realpath(path)
    const [opened, named] = await Promise.all([handle.stat({ bigint: true }), lstat(again, { bigint: true })])
    if (!isInside(root, again) || opened.dev !== named.dev || opened.ino !== named.ino) refuse(path)
    if (!opened.isFile()) throw new StorageError('no-file', `${path} is not a file.`)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** For reading. `root` is a real path. Throws StorageError 'outside' or 'no-file', or what the system says. */
export function openInside(root: string, path: string): Promise<FileHandle> {
  return openChecked(root, path, constants.O_RDONLY)
}

/** For writing; what is missing of the file and of its folders is made. Throws as `openInside`; a dangling link is 'outside'. */
export async function openInsideToWrite(root: string, path: string): Promise<FileHandle> {
  const found = await lstat(path).catch(() => null)
  if (found) {
    return await openChecked(root, path, constants.O_RDWR).catch((error: NodeJS.ErrnoException) =>
      found.isSymbolicLink() && error.code === 'ENOENT' ? refuse(path) : Promise.reject(error),
    )
  }
  if (path === root) await mkdir(dirname(root), { recursive: true })
  const file = path === root ? root : join(await makeFolder(root, dirname(path)), basename(path))
  try {
    await (await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFE_FLAGS)).close()
  } catch (error) {
    // Another piece of the same file came first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return openChecked(root, path, constants.O_RDWR)
}

/** Makes a folder part by part, each within the root; its real path. */
async function makeFolder(root: string, folder: string): Promise<string> {
  if (folder === root) await mkdir(root, { recursive: true })
  else {
    const parent = await makeFolder(root, dirname(folder))
    await mkdir(join(parent, basename(folder))).catch(
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST' || Promise.reject(error),
    )
  }
  const real = await realpath(folder)
  return isInside(root, real) ? real : refuse(folder)
}
