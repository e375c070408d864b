'use client'
import { useCallback, useEffect, useState } from 'react'
import type { Receipt, ReceiptKind } from '@/lib/ledger/index.ts'
import { useNode } from './use-node.ts'
import { useStore } from './use-store.ts'

const PAGE_LENGTH = 25

export interface ReceiptPages {
  /** Newest first; null until read. */
  readonly receipts: readonly Receipt[] | null
  readonly hasOlder: boolean
  showOlder(): void
}

const NOTHING_READ = { receipts: null, hasOlder: false }

/** The newest receipts of some kinds, or of all (null), a page more each time. Read again as the ledger grows. */
export function useReceiptPages(kinds: readonly ReceiptKind[] | null): ReceiptPages {
  const node = useNode()
  const version = useStore(node?.ledgerVersion ?? null, 0)
  const [pages, setPages] = useState(1)
  const [read, setRead] = useState<Pick<ReceiptPages, 'receipts' | 'hasOlder'>>(NOTHING_READ)
  const length = pages * PAGE_LENGTH
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when to read again
  useEffect(() => {
    let isCurrent = true
    // One line more tells whether there is more.
    const query = { limit: length + 1, ...(kinds ? { kinds } : {}) }
    void node?.commands.listReceipts(query).then(
      (list) => isCurrent && setRead({ receipts: list.slice(0, length), hasOlder: list.length > length }),
      () => isCurrent && setRead({ receipts: [], hasOlder: false }),
    )
    return () => {
      isCurrent = false
    }
  }, [node, version, kinds, length])
  return { ...read, showOlder: () => setPages((count) => count + 1) }
}

export type ReceiptFold<T> =
  | { readonly status: 'reading' }
  | { readonly status: 'failed' }
  | { readonly status: 'read'; readonly value: T }

/**
 * What `fold` makes of every receipt, oldest first. Made again as the ledger grows, one after the other: while pieces are paid each
 * second, it is the last state that counts. `fold` must stay the same.
 */
export function useReceiptFold<T>(fold: (receipts: AsyncIterable<Receipt>) => Promise<T>): ReceiptFold<T> {
  const node = useNode()
  const [folded, setFolded] = useState<ReceiptFold<T>>({ status: 'reading' })
  useEffect(() => {
    if (!node) return
    const { commands, ledgerVersion } = node
    let isOver = false
    let isStale = false
    let isRunning = false
    async function run(): Promise<void> {
      if (isRunning) return
      isRunning = true
      while (isStale && !isOver) {
        isStale = false
        const next = await fold(commands.eachReceipt()).then(
          (value) => ({ status: 'read', value }) as const,
          () => ({ status: 'failed' }) as const,
        )
        if (!isOver) setFolded(next)
      }
      isRunning = false
    }
    const again = (): void => {
      isStale = true
      void run()
    }
    again()
    const stop = ledgerVersion.subscribe(again)
    return () => {
      isOver = true
      stop()
    }
  }, [node, fold])
  return folded
}

/** Every receipt once, oldest first; null before the node is loaded. */
export function useEachReceipt(): () => AsyncIterable<Receipt> | null {
  const node = useNode()
  return useCallback(() => node?.commands.eachReceipt() ?? null, [node])
}
