'use client'
import { useEffect, useState } from 'react'
import type { FeePreviewOutcome } from '@/lib/features/pay/index.ts'
import type { Amount } from '@/lib/units/index.ts'
import { useNode } from './use-node.ts'

/** Digits that follow each other are one question. */
const TYPING_MS = 300
/** How soon a chain that did not answer is asked again. */
const RETRY_MS = 3_000

export type FeePreviewState = { readonly status: 'loading' } | FeePreviewOutcome

/**
 * What a budget costs in fees, asked again for each budget, after the balances change
 * (`trigger`) and while the chain does not answer.
 */
export function useFeePreview(budget: Amount | null, trigger: unknown): FeePreviewState {
  const node = useNode()
  const [state, setState] = useState<FeePreviewState>({ status: 'loading' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the trigger says when to ask again
  useEffect(() => {
    if (!node || budget === null || budget === 0n) return
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      const outcome = await node.commands.previewFees(budget)
      if (!isCurrent) return
      setState(outcome)
      if (outcome.status === 'unknown') timer = setTimeout(() => void ask(), RETRY_MS)
    }
    setState((before) => (before.status === 'known' ? before : { status: 'loading' }))
    timer = setTimeout(() => void ask(), TYPING_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [node, budget, trigger])
  return state
}
