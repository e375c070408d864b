'use client'
import { useSyncExternalStore } from 'react'
import type { PiecemealNode } from '@/lib/site/index.ts'
import { getLoadedNode, onNodeLoaded } from './load-node.ts'

/** The node, or null on the server and until it is loaded. */
export function useNode(): PiecemealNode | null {
  return useSyncExternalStore(onNodeLoaded, getLoadedNode, () => null)
}
