/** Pages of receipts, and receipts as a commit gives them back: what the implementations of the ledger share. */

import type { Receipt } from './receipt.ts'
import { isEarned } from './receipt-rolls.ts'
import type { NewReceipt, ReceiptFilter, ReceiptQuery } from './store.ts'

/** Index of the first line whose id is not below `id`. */
export function findLine(lines: readonly Receipt[], id: number): number {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((lines[middle]?.id ?? 0) < id) low = middle + 1
    else high = middle
  }
  return low
}

/** Receipts as `commit` gives them back: as they came, with their line's id. */
export function toCommitted(fresh: readonly NewReceipt[], ids: readonly number[]): readonly Receipt[] {
  return fresh.map((receipt, i) => withId(receipt, ids[i] ?? 0))
}

/** Whether all that a filter asks for applies to a line. */
export function isMeant(line: Receipt, { kinds, infoHash, channelId }: ReceiptFilter): boolean {
  return (
    (!kinds || kinds.includes(line.kind)) &&
    (infoHash === undefined || ('infoHash' in line && line.infoHash === infoHash)) &&
    (channelId === undefined || line.channelId === channelId)
  )
}

/** A page of lines that are in memory, newest first. */
export function pageOf(lines: readonly Receipt[], query: ReceiptQuery): readonly Receipt[] {
  const { before, limit } = query
  const page: Receipt[] = []
  for (let at = before === undefined ? lines.length : findLine(lines, before); at > 0; at--) {
    const line = lines[at - 1]
    if (page.length >= limit) break
    if (line && isMeant(line, query)) page.push(line)
  }
  return page
}

/** The page of a query that has `limit` lines that are meant at most, from lines newest first. */
export async function takePage(
  lines: AsyncIterable<Receipt>,
  { limit, ...filter }: ReceiptQuery,
): Promise<readonly Receipt[]> {
  const page: Receipt[] = []
  if (limit <= 0) return page
  for await (const line of lines) {
    if (isMeant(line, filter)) page.push(line)
    if (page.length >= limit) break
  }
  return page
}

/** A receipt of one voucher, or of none, with its id. */
export const withId = (receipt: NewReceipt, id: number): Receipt =>
  isEarned(receipt) ? { ...receipt, id, roll: null } : { ...receipt, id }
