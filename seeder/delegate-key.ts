/**
 * The key with which one data folder answers for its quotes and its seats' final figures. Random, so that two seeders of one
 * account are two sellers: a voucher belongs to the seat of one of them and counts there alone.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { bytesToHex, hexToBytes, StorageError } from '../lib/base/index.ts'
import { createFile } from './durable-file.ts'

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
  await createFile(path, `${bytesToHex(key).slice(2)}\n`)
  return key
}
