/**
 * Torrents that were removed and can still be had back. Invariant: what the list names is hidden, paused and written
 * down, so that a page that closes before its time is over does not bring the torrent back at the next visit.
 */

import { readMemory, writeMemory } from '../../kernel/index.ts'
import type { Engine } from '../../torrent/index.ts'

const REMOVALS_KEY = 'removals'
/** How long a removed torrent's data can be had back. */
const UNDO_MS = 8_000

export interface Removals {
  isHidden(infoHash: string): boolean
  remove(engine: Engine, infoHash: string): void
  /** False when its data is gone already. */
  undo(engine: Engine, infoHash: string): boolean
  /** What waits is deleted at the next visit. */
  stop(): void
}

/** `onError` hears of data that could not be deleted: the next visit tries again. */
export function createRemovals(onChange: () => void, onError: (error: unknown) => void): Removals {
  const pending = new Map<
    string,
    { readonly timer: ReturnType<typeof setTimeout>; readonly wasPaused: boolean }
  >()
  const forget = (infoHash: string): void => {
    clearTimeout(pending.get(infoHash)?.timer)
    pending.delete(infoHash)
    writeRemovals(readRemovals().filter((each) => each !== infoHash))
  }
  return {
    isHidden: (infoHash) => pending.has(infoHash),
    remove(engine, infoHash) {
      if (pending.has(infoHash)) return
      const wasPaused = engine.getSnapshot(infoHash)?.state.status === 'paused'
      engine.pause(infoHash)
      writeRemovals([...readRemovals(), infoHash])
      const end = async (): Promise<void> => {
        await engine.remove(infoHash, { data: 'delete' })
        forget(infoHash)
      }
      pending.set(infoHash, { timer: setTimeout(() => void end().catch(onError), UNDO_MS), wasPaused })
      onChange()
    },
    undo(engine, infoHash) {
      const removal = pending.get(infoHash)
      if (!removal || !engine.getSnapshot(infoHash)) return false
      forget(infoHash)
      if (!removal.wasPaused) engine.resume(infoHash)
      onChange()
      return true
    },
    stop() {
      for (const { timer } of pending.values()) clearTimeout(timer)
    },
  }
}

/** Info-hashes of torrents whose removal can still be undone. */
export function readRemovals(): readonly string[] {
  const value = readMemory(REMOVALS_KEY)
  return Array.isArray(value)
    ? value.filter((each) => typeof each === 'string' && /^[0-9a-f]{40}$/.test(each))
    : []
}

export function writeRemovals(infoHashes: readonly string[]): void {
  writeMemory(REMOVALS_KEY, infoHashes.length === 0 ? null : infoHashes)
}
