/** Test only: a disk that counts, and dies at a chosen call. A power cut takes what was not synced, in files as in folders. */
import { link, readFile, rename, rm, truncate } from 'node:fs/promises'
import { type DiskFile, type LedgerDisk, systemDisk } from '../disk.ts'

export interface FaultDisk extends LedgerDisk {
  /** Files synced, not folders. */
  readonly syncs: number
  /** Calls that change something. */
  readonly calls: number
  /** The n-th of those from the first one and all after it fail; half of what it would append is written. */
  dieAt(call: number): void
  /** After it died: takes away what a power cut would. */
  cutPower(): Promise<void>
}

export function createFaultDisk(): FaultDisk {
  let syncs = 0
  let calls = 0
  let lastCall = Number.POSITIVE_INFINITY
  /** How much of each file is safe; and renames whose folder was not synced, with the file that stood there before. */
  const safe = new Map<string, number>()
  let renames: { readonly from: string; readonly to: string; readonly before: string }[] = []

  const isDead = (): boolean => calls >= lastCall
  async function change<T>(work: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> {
    const wasDead = isDead()
    if (!wasDead) calls += 1
    if (isDead()) {
      if (!wasDead) await half?.()
      throw new Error('the disk is dead')
    }
    return work()
  }

  function watch(file: DiskFile, opened: string): DiskFile {
    // A file keeps what was synced of it when it gets another name.
    let path = opened
    moves.push((from, to) => {
      if (path === from) path = to
    })
    return {
      ...file,
      append: (text) =>
        change(
          () => file.append(text),
          () => file.append(text.slice(0, text.length / 2)),
        ),
      sync: () =>
        change(async () => {
          syncs += 1
          await file.sync()
          safe.set(path, await file.getLengthBytes())
        }),
      truncate: (lengthBytes) => change(() => file.truncate(lengthBytes)),
    }
  }
  const moves: ((from: string, to: string) => void)[] = []

  return {
    get syncs() {
      return syncs
    },
    get calls() {
      return calls
    },
    dieAt(call) {
      lastCall = call
    },
    open: (path, flags) =>
      change(async () => {
        if (!safe.has(path) || flags === 'w+') safe.set(path, await lengthOf(path, flags))
        return watch(await systemDisk.open(path, flags), path)
      }),
    rename: (from, to) =>
      change(async () => {
        const before = `${to}.before`
        await rm(before, { force: true })
        await link(to, before)
        await rename(from, to)
        renames.push({ from, to, before })
        safe.set(before, safe.get(to) ?? 0)
        safe.set(to, safe.get(from) ?? 0)
        for (const move of moves) {
          move(to, before)
          move(from, to)
        }
      }),
    remove: (path) => change(() => systemDisk.remove(path)),
    syncFolder: (path) =>
      change(async () => {
        await systemDisk.syncFolder(path)
        for (const { before } of renames) await rm(before, { force: true })
        renames = []
      }),
    async cutPower() {
      for (const { to, before } of renames) {
        await rename(before, to)
        safe.set(to, safe.get(before) ?? 0)
      }
      for (const [path, lengthBytes] of safe) await truncate(path, lengthBytes).catch(() => undefined)
    },
  }
}

async function lengthOf(path: string, flags: 'a+' | 'w+'): Promise<number> {
  if (flags === 'w+') return 0
  return (await readFile(path).catch(() => new Uint8Array(0))).length
}
