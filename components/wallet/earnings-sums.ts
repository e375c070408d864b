import type { Receipt } from '@/lib/ledger/index.ts'
import { type Amount, toAmount } from '@/lib/units/index.ts'

export interface EarnedRow {
  /** The torrent's info-hash, or the payer's address. */
  readonly key: string
  readonly name: string
  readonly lengthBytes: number
  readonly earned: Amount
}

export interface EarningsSums {
  /** Each with the greatest first. */
  readonly torrents: readonly EarnedRow[]
  readonly payers: readonly EarnedRow[]
}

/** What was earned, tips included, by torrent and by payer: each list adds up to all that was earned. */
export async function sumEarnings(receipts: AsyncIterable<Receipt>): Promise<EarningsSums> {
  const torrents = new Map<string, EarnedRow>()
  const payers = new Map<string, EarnedRow>()
  for await (const receipt of receipts) {
    if (receipt.kind !== 'earned' && receipt.kind !== 'tipEarned') continue
    const { amount, lengthBytes, infoHash, torrentName, payer } = receipt
    add(torrents, { key: infoHash, name: torrentName, lengthBytes, earned: amount })
    add(payers, { key: payer, name: payer, lengthBytes, earned: amount })
  }
  return { torrents: rank(torrents), payers: rank(payers) }
}

function add(rows: Map<string, EarnedRow>, row: EarnedRow): void {
  const before = rows.get(row.key)
  rows.set(row.key, {
    ...row,
    lengthBytes: row.lengthBytes + (before?.lengthBytes ?? 0),
    earned: toAmount(row.earned + (before?.earned ?? 0n)),
  })
}

const rank = (rows: ReadonlyMap<string, EarnedRow>): readonly EarnedRow[] =>
  [...rows.values()].sort((a, b) => (a.earned === b.earned ? 0 : a.earned > b.earned ? -1 : 1))
