'use client'
import { useEffect, useRef, useState } from 'react'
import type { PiecemealNode } from '@/lib/site/index.ts'
import { useNode } from './use-node.ts'

/** Digits that follow each other are one question. */
const TYPING_MS = 300
/** How soon a chain that did not answer is asked again. */
const RETRY_MS = 3_000

/**
 * What the chain says to a question, asked for each new `key` and again while it does not answer ('unknown'). A null key asks nothing;
 * what was known stays until the next answer.
 */
export function useChainQuestion<Answer extends { readonly status: string }>(
  key: string | null,
  ask: (node: PiecemealNode) => Promise<Answer>,
): Answer | { readonly status: 'loading' } {
  const node = useNode()
  const latest = useRef(ask)
  latest.current = ask
  const [state, setState] = useState<Answer | { readonly status: 'loading' }>({ status: 'loading' })
  useEffect(() => {
    if (!node || key === null) return
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async (): Promise<void> => {
      const answer = await latest.current(node)
      if (!isCurrent) return
      setState(answer)
      if (answer.status === 'unknown') timer = setTimeout(() => void run(), RETRY_MS)
    }
    setState((before) => (before.status === 'known' ? before : { status: 'loading' }))
    timer = setTimeout(() => void run(), TYPING_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [node, key])
  return state
}
