'use client'
import { type ReactNode, useEffect } from 'react'
import { loadNode } from './load-node.ts'

/** Starts the node once the page is alive. Its code is a chunk of its own, so the first paint does not wait for it. */
export function NodeProvider({ children }: { readonly children: ReactNode }) {
  useEffect(() => void loadNode(), [])
  return children
}
