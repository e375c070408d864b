'use client'
import type { FeePreviewOutcome } from '@/lib/features/pay/index.ts'
import { type Amount, ZERO_AMOUNT } from '@/lib/units/index.ts'
import { useChainQuestion } from './use-chain-question.ts'

export type FeePreviewState = { readonly status: 'loading' } | FeePreviewOutcome

/** What a budget costs in fees, asked again for each budget and after what it depends on changes (`trigger`). */
export function useFeePreview(budget: Amount | null, trigger: string): FeePreviewState {
  const key = budget === null || budget === 0n ? null : `${budget}/${trigger}`
  return useChainQuestion(key, (node) => node.commands.previewFees(budget ?? ZERO_AMOUNT))
}
