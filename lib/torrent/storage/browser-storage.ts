/** The browser's TorrentStorage: pieces in OPFS, records in IndexedDB; the next best where one is missing. */
import { type IDBPDatabase, openDB } from 'idb'
import { StorageError } from '../../base/index.ts'
import { createOpfsStoreClass, type OpfsWorker, startOpfsWorker, toStorageError } from './opfs-store.ts'
import type { StorageKind, StoredTorrent, TorrentStorage } from './storage.ts'

const DATABASE = 'piecemeal-torrents'
const RECORDS = 'torrents'

export interface BrowserStorageOptions {
  /** Where public/opfs-worker.js is served. */
  readonly workerUrl: string
}

/** Opens the storage; never fails for want of OPFS or IndexedDB, as in private windows: `kind` tells. */
export async function openBrowserStorage({ workerUrl }: BrowserStorageOptions): Promise<TorrentStorage> {
  const [worker, database] = await Promise.all([openWorker(workerUrl), openRecords()])
  const hasFiles =
    typeof FileSystemFileHandle !== 'undefined' && 'createWritable' in FileSystemFileHandle.prototype
  const hasFolder = await navigator.storage?.getDirectory?.().then(
    () => true,
    () => false,
  )
  const kind: StorageKind = worker ? 'worker' : hasFiles && hasFolder ? 'files' : 'memory'
  void navigator.storage?.persist?.().catch(() => false)
  return {
    kind,
    store: worker ? createOpfsStoreClass(worker) : undefined,
    async list() {
      return database ? ((await database.getAll(RECORDS)) as StoredTorrent[]) : []
    },
    async save(torrent) {
      if (!database) return
      try {
        if (worker && torrent.bitfield) await worker.call('flush', { name: torrent.infoHash })
        await database.put(RECORDS, kind === 'memory' ? { ...torrent, bitfield: null } : torrent)
      } catch (error) {
        if (error instanceof StorageError) throw error
        const { name, message } = error as Error
        throw toStorageError(name, message)
      }
    },
    async remove(infoHash, data) {
      await database?.delete(RECORDS, infoHash)
      if (data === 'delete' && worker) await worker.call('remove', { name: infoHash })
    },
    async estimate() {
      const estimate = await navigator.storage?.estimate?.().catch(() => null)
      if (!estimate || estimate.usage === undefined || estimate.quota === undefined) return null
      return { usedBytes: estimate.usage, quotaBytes: estimate.quota }
    },
    async close() {
      worker?.terminate()
      database?.close()
    },
  }
}

async function openWorker(workerUrl: string): Promise<OpfsWorker | null> {
  if (typeof Worker === 'undefined' || !navigator.storage?.getDirectory) return null
  const worker = startOpfsWorker(workerUrl)
  try {
    await worker.call('probe')
    return worker
  } catch (error) {
    worker.terminate()
    if (error instanceof StorageError) return null // No sync handles here: the next best store takes over.
    throw error
  }
}

async function openRecords(): Promise<IDBPDatabase | null> {
  if (typeof indexedDB === 'undefined') return null
  try {
    return await openDB(DATABASE, 1, {
      upgrade: (database) => void database.createObjectStore(RECORDS, { keyPath: 'infoHash' }),
    })
  } catch {
    return null // Some private windows forbid IndexedDB: nothing is remembered then.
  }
}
