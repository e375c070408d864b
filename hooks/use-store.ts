'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { Store } from '@/lib/base/index.ts'

const unsubscribed = (): void => undefined

/** The current value of a store; `initial` while there is no store yet. */
export function useStore<T>(store: Store<T> | null, initial: T): T {
  const subscribe = useCallback((listener: () => void) => store?.subscribe(listener) ?? unsubscribed, [store])
  const get = (): T => (store ? store.get() : initial)
  return useSyncExternalStore(subscribe, get, () => initial)
}
