/**
 * Private keys that rest in IndexedDB, each sealed by a WebCrypto key that cannot be exported. What is on the disk is
 * worthless elsewhere, and the secret is never shown except where a function says so in its name. It cannot keep code
 * that runs on this page from signing: that is bounded by what a key may spend.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { StorageError } from '../base/index.ts'

const DATABASE = 'piecemeal-keys'
const IV_BYTES = 12
const KEY_BYTES = 32

export type KeyName = 'session' | 'delegate' | 'demo-wallet'

interface SealedKey {
  readonly sealingKey: CryptoKey
  readonly iv: Uint8Array<ArrayBuffer>
  readonly sealed: ArrayBuffer
}
interface KeySchema extends DBSchema {
  keys: { key: KeyName; value: SealedKey }
}

/**
 * The named key's 32 bytes; made, sealed and stored at the first call, also when two tabs call at once. The caller
 * keeps them in a closure. Throws StorageError 'keys-unavailable' (no storage) or 'key-unreadable' (never replaced by
 * itself: money may depend on it).
 */
export async function openSealedKey(name: KeyName): Promise<Uint8Array> {
  const fresh = await sealRandomKey()
  const stored = await withDatabase(async (database) => {
    const transaction = database.transaction('keys', 'readwrite')
    const existing = await transaction.store.get(name)
    if (!existing) await transaction.store.put(fresh, name)
    await transaction.done
    return existing ?? fresh
  })
  return unseal(stored)
}

/** Deletes a key for good. Throws StorageError. */
export async function forgetSealedKey(name: KeyName): Promise<void> {
  await withDatabase((database) => database.delete('keys', name))
}

async function sealRandomKey(): Promise<SealedKey> {
  const algorithm = { name: 'AES-GCM', length: 256 }
  const sealingKey = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  // A random 32-byte string is no valid key of the curve once in 2^128: not worth a check.
  const secret = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, sealingKey, secret)
  secret.fill(0)
  return { sealingKey, iv, sealed }
}

async function unseal({ sealingKey, iv, sealed }: SealedKey): Promise<Uint8Array> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, sealingKey, sealed))
  } catch (cause) {
    throw new StorageError('key-unreadable', 'A key that is stored in this browser cannot be read.', {
      cause,
    })
  }
}

async function withDatabase<T>(task: (database: IDBPDatabase<KeySchema>) => Promise<T>): Promise<T> {
  let database: IDBPDatabase<KeySchema> | null = null
  try {
    database = await openDB<KeySchema>(DATABASE, 1, {
      upgrade: (opened) => void opened.createObjectStore('keys'),
    })
    return await task(database)
  } catch (cause) {
    throw new StorageError('keys-unavailable', 'This browser does not let the page keep a key.', { cause })
  } finally {
    database?.close()
  }
}
