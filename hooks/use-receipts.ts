'use client'
import { useCallback, useEffect, useState } from 'react'
import type { Receipt, ReceiptQuery } from '@/lib/ledger/index.ts'
import { useNode } from './use-node.ts'
import { useStore } from './use-store.ts'

const PAGE_LENGTH = 25

/** Which lines are meant, and the oldest of them. */
export interface ReceiptRange extends Omit<ReceiptQuery, 'limit'> {
  readonly oldestId?: number
}

export interface ReceiptPages {
  /** Newest first; null until read. */
  readonly receipts: readonly Receipt[] | null
  readonly hasOlder: boolean
  showOlder(): void
}

const NOTHING_READ = { receipts: null, hasOlder: false }

/** The newest receipts that are meant, a page more each time. Read again as the ledger grows. `filter` must stay the same. */
export function useReceiptPages(filter: ReceiptRange): ReceiptPages {
  const node = useNode()
  const version = useStore(node?.ledgerVersion ?? null, 0)
  const [pages, setPages] = useState(1)
  const [read, setRead] = useState<Pick<ReceiptPages, 'receipts' | 'hasOlder'>>(NOTHING_READ)
  const length = pages * PAGE_LENGTH
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when to read again
  useEffect(() => {
    let isCurrent = true
    const { oldestId = 0, ...query } = filter
    // One line more tells whether there is more.
    void node?.commands.listReceipts({ ...query, limit: length + 1 }).then(
      (lines) => {
        const list = lines.filter(({ id }) => id >= oldestId)
        if (isCurrent) setRead({ receipts: list.slice(0, length), hasOlder: list.length > length })
      },
      () => isCurrent && setRead({ receipts: [], hasOlder: false }),
    )
    return () => {
      isCurrent = false
    }
  }, [node, version, filter, length])
  return { ...read, showOlder: () => setPages((count) => count + 1) }
}

/** Lines that are read at once for a fold of the newest ones. */
const CHUNK_LENGTH = 250

export interface NewestFold<T> {
  add(receipt: Receipt): void
  /** What is known for sure of the lines so far; all of it once there are no more. */
  list(isAll: boolean): readonly T[]
}

export interface FoldedPages<T> {
  /** null until read. */
  readonly entries: readonly T[] | null
  readonly hasOlder: boolean
  showOlder(): void
}

/**
 * Folds receipts from the newest on, until there is a page of entries; a page more each time. Read again as the ledger grows. `create`
 * must stay the same.
 */
export function useNewestFold<T>(create: () => NewestFold<T>): FoldedPages<T> {
  const node = useNode()
  const version = useStore(node?.ledgerVersion ?? null, 0)
  const [pages, setPages] = useState(1)
  const [read, setRead] = useState<Pick<FoldedPages<T>, 'entries' | 'hasOlder'>>({
    entries: null,
    hasOlder: false,
  })
  const length = pages * PAGE_LENGTH
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when to read again
  useEffect(() => {
    if (!node) return
    let isCurrent = true
    const { listReceipts } = node.commands
    async function run(): Promise<void> {
      const fold = create()
      let before: number | undefined
      let isAll = false
      while (isCurrent && !isAll && fold.list(false).length <= length) {
        const chunk = await listReceipts({
          limit: CHUNK_LENGTH,
          ...(before === undefined ? {} : { before }),
        })
        for (const receipt of chunk) fold.add(receipt)
        before = chunk.at(-1)?.id
        isAll = chunk.length < CHUNK_LENGTH
      }
      const entries = fold.list(isAll)
      if (isCurrent) setRead({ entries: entries.slice(0, length), hasOlder: entries.length > length })
    }
    void run().catch(() => isCurrent && setRead({ entries: [], hasOlder: false }))
    return () => {
      isCurrent = false
    }
  }, [node, version, create, length])
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
