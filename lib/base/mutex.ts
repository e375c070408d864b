/** One at a time, in the order of asking. A failed task does not stop the next. */
export interface Mutex {
  run<T>(task: () => Promise<T>): Promise<T>
}

export function createMutex(): Mutex {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    run(task) {
      const result = tail.then(task, task)
      tail = result.catch(() => undefined)
      return result
    },
  }
}

/** A mutex for each key, made when first asked for. */
export function createKeyedMutex(): { of(key: string): Mutex } {
  const mutexes = new Map<string, Mutex>()
  return {
    of(key) {
      let mutex = mutexes.get(key)
      if (!mutex) {
        mutex = createMutex()
        mutexes.set(key, mutex)
      }
      return mutex
    },
  }
}
