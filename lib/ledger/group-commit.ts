/** Many who wait for one disk: while a group is being written the next one gathers, and is written as one. */
export interface GroupCommit<Item> {
  /** Resolves when the group of `item` is written, fails with it. */
  add(item: Item): Promise<void>
  /** Runs `task` when what was added before is written, up to a group; nothing is written meanwhile. */
  runAlone<T>(task: () => Promise<T>): Promise<T>
}

/** Bounds what one write holds in memory; a group of vouchers is 80 kB then. */
const MAX_GROUP = 256

/** `write` gets items in the order of adding and is never called again before it ends. */
export function createGroupCommit<Item>(write: (items: readonly Item[]) => Promise<void>): GroupCommit<Item> {
  let waiting: { readonly item: Item; resolve(): void; reject(error: unknown): void }[] = []
  let tail: Promise<unknown> = Promise.resolve()
  let isScheduled = false

  function enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = tail.then(task)
    tail = result.catch(() => undefined)
    return result
  }

  function schedule(): void {
    if (isScheduled || waiting.length === 0) return
    isScheduled = true
    void enqueue(writeGroup)
  }

  async function writeGroup(): Promise<void> {
    const group = waiting.slice(0, MAX_GROUP)
    waiting = waiting.slice(MAX_GROUP)
    isScheduled = false
    // Behind whatever waits to run alone.
    schedule()
    try {
      await write(group.map(({ item }) => item))
      for (const { resolve } of group) resolve()
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        schedule()
      }),
    runAlone: enqueue,
  }
}
