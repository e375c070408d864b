'use client'
import { useEffect, useState } from 'react'
import type { Receipt } from '@/lib/payments/receipt.ts'
import { useNode } from './use-node.ts'
import { useStore } from './use-store.ts'

/** Every receipt of this browser's ledger, newest first; null until read. Read again as the ledger grows. */
export function useReceipts(): readonly Receipt[] | null {
  const node = useNode()
  const version = useStore(node?.ledgerVersion ?? null, 0)
  const [receipts, setReceipts] = useState<readonly Receipt[] | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when to read again
  useEffect(() => {
    let isCurrent = true
    void node?.commands.listReceipts().then(
      (list) => isCurrent && setReceipts([...list].sort((a, b) => b.id - a.id)),
      () => isCurrent && setReceipts([]),
    )
    return () => {
      isCurrent = false
    }
  }, [node, version])
  return receipts
}
