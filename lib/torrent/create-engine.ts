/** The engine of a page: pieces rest in the browser's storage, files come from the person. */
import { TorrentError } from '../base/index.ts'
import type { Engine } from './engine.ts'
import { createEngineCore, type EngineCoreOptions } from './engine-core.ts'
import type { StorageKind, TorrentStorage } from './storage/storage.ts'

export interface CreateEngineOptions extends Omit<EngineCoreOptions, 'path' | 'storage'> {
  readonly storage: TorrentStorage
}

export interface PageEngine extends Engine {
  /** Where pieces rest; 'memory' is gone after a reload. */
  readonly storageKind: StorageKind
  /**
   * Makes a torrent from files and seeds it; resolves with the info-hash. `onHashed` runs after each piece. Throws TorrentError
   * 'empty-files', 'cannot-seed', StorageError 'quota'.
   */
  seed(files: readonly File[], name: string, onHashed?: (hashedBytes: number) => void): Promise<string>
}

/** Loads webtorrent (`() => import('webtorrent/dist/webtorrent.min.js')`) and opens a client. Nothing is contacted before the first `add`. */
export async function createEngine(options: CreateEngineOptions): Promise<PageEngine> {
  const core = await createEngineCore(options)
  // A page that goes to the background may not come back.
  const onHidden = (): void => void core.saveAll()
  document.addEventListener('visibilitychange', onHidden)
  globalThis.addEventListener('pagehide', onHidden)
  return {
    ...core,
    storageKind: options.storage.kind,
    async seed(files, name, onHashed) {
      const lengthBytes = files.reduce((sum, file) => sum + file.size, 0)
      if (files.length === 0 || lengthBytes === 0)
        throw new TorrentError('empty-files', 'There is nothing in these files.')
      return core.seedInput(files, { name, lengthBytes, ...(onHashed ? { onHashed } : {}) })
    },
    async destroy() {
      document.removeEventListener('visibilitychange', onHidden)
      globalThis.removeEventListener('pagehide', onHidden)
      await core.destroy()
    },
  }
}
