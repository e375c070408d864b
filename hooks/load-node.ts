/** The page's one node: made on the client when first asked for, and never twice. */
import type { PiecemealNode } from '@/lib/site/index.ts'

let loading: Promise<PiecemealNode> | null = null
let loaded: PiecemealNode | null = null
const listeners = new Set<() => void>()

/** For event handlers: resolves with the running node. */
export function loadNode(): Promise<PiecemealNode> {
  loading ??= import('@/lib/site/index.ts').then(({ createPiecemealNode }) => {
    loaded = createPiecemealNode()
    for (const listener of listeners) listener()
    return loaded
  })
  return loading
}

/** The node once it is there, else null. */
export const getLoadedNode = (): PiecemealNode | null => loaded

export function onNodeLoaded(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
