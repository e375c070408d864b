/**
 * The key with which one data folder answers for its quotes and its seats' final figures. Random, so that two seeders of one
 * account are two sellers: a voucher belongs to the seat of one of them and counts there alone.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bytesToHex, hexToBytes, StorageError } from '../lib/units/index.ts'

/** 32 random bytes, never written anywhere. */
export function makeDelegateKey(): Uint8Array {
  return new Uint8Array(randomBytes(32))
}

/**
 * The folder's key, made at the first call: whole or not at all, and readable by its owner only.
 * Throws StorageError 'delegate-key', which does not repeat it.
 */
export async function openDelegateKey(path: string): Promise<Uint8Array> {
  try {
    return (await readKey(path)) ?? (await createKey(path))
  } catch (cause) {
    if (cause instanceof StorageError) throw cause
    throw new StorageError('delegate-key', `the key at ${path} cannot be opened`, { cause })
  }
}

async function readKey(path: string): Promise<Uint8Array | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const key = /^[0-9a-f]{64}\n?$/.test(text) ? hexToBytes(text.trim()) : null
  if (!key)
    throw new StorageError(
      'delegate-key',
      `the key at ${path} is damaged: bring it back, or remove it, and payers close their channels without your release`,
    )
  return key
}

async function createKey(path: string): Promise<Uint8Array> {
  const key = makeDelegateKey()
  const draft = `${path}.${process.pid}.new`
  await mkdir(dirname(path), { recursive: true })
  try {
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(`${bytesToHex(key).slice(2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    // In one step, and never over one that is there.
    await link(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(dirname(path))
  return key
}

/** A name is on the disk once its folder is; where folders cannot be opened, the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
