/** For tests: a process that dies at a chosen commit. What was on its disk stays; whatever else it did comes to nothing. */
import type { Clock } from '../../../base/index.ts'
import type { Chain } from '../../../channels/index.ts'
import type { LedgerBatch, LedgerStore } from '../../../payments/index.ts'

/** When a process dies: at its n-th commit from now, with that commit on the disk or not. */
export interface Death {
  readonly commits: number
  readonly when: 'before' | 'after'
}

export interface Host {
  readonly ledger: LedgerStore
  readonly clock: Clock
  readonly chain: Chain
  readonly isDead: boolean
  /** Dies at once. */
  kill(): void
  /** null: not at any. */
  dieAt(death: Death | null): void
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** `onDeath` runs once, in the tick of the dying. */
export function createHost(disk: LedgerStore, clock: Clock, chain: Chain, onDeath: () => void): Host {
  let isDead = false
  let death: Death | null = null
  const kill = (): void => {
    if (isDead) return
    isDead = true
    onDeath()
  }
  const alive = <T>(run: () => Promise<T>): Promise<T> => {
    if (isDead) return never()
    return run().then((value) => (isDead ? never<T>() : value))
  }
  return {
    get isDead() {
      return isDead
    },
    kill,
    dieAt(next) {
      death = next
    },
    ledger: {
      ...disk,
      list: (table) => alive(() => disk.list(table)),
      listReceipts: (query) => alive(() => disk.listReceipts(query)),
      async *eachReceipt(filter) {
        for await (const receipt of disk.eachReceipt(filter)) yield await alive(async () => receipt)
      },
      commit: (batch: LedgerBatch) =>
        alive(async () => {
          const isLast = death !== null && death.commits <= 1
          if (death) death = { ...death, commits: death.commits - 1 }
          if (isLast && death?.when === 'before') {
            kill()
            return never<Awaited<ReturnType<LedgerStore['commit']>>>()
          }
          const receipts = await disk.commit(batch)
          if (isLast) kill()
          return receipts
        }),
    },
    clock: {
      nowMs: () => clock.nowMs(),
      schedule: (delayMs, run) =>
        clock.schedule(delayMs, () => {
          if (!isDead) run()
        }),
    },
    chain: new Proxy(chain, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => alive(async () => value.apply(target, args))
      },
    }),
  }
}
