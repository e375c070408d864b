import type { WatchSnapshot } from './snapshot.ts'

export const INITIAL_LIBRARY: readonly WatchSnapshot[] = []
