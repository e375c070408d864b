'use client'
import { useEffect, useState } from 'react'
import type { FeePreview } from '@/lib/node/index.ts'
import type { Amount } from '@/lib/units/index.ts'
import { useNode } from './use-node.ts'

export type FeePreviewState =
  | { readonly status: 'loading' }
  | { readonly status: 'known'; readonly preview: FeePreview }
  | { readonly status: 'unknown' }

/** What a budget costs in fees, asked again for each budget and after the balances change (`trigger`). */
export function useFeePreview(budget: Amount | null, trigger: unknown): FeePreviewState {
  const node = useNode()
  const [state, setState] = useState<FeePreviewState>({ status: 'loading' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the trigger says when to ask again
  useEffect(() => {
    if (!node || budget === null || budget === 0n) return
    let isCurrent = true
    setState((before) => (before.status === 'known' ? before : { status: 'loading' }))
    node.commands.previewFees(budget).then(
      (preview) => isCurrent && setState({ status: 'known', preview }),
      () => isCurrent && setState({ status: 'unknown' }),
    )
    return () => {
      isCurrent = false
    }
  }, [node, budget, trigger])
  return state
}
