/** Ledger files as they lie on the disk, read beside whoever writes them, and what must be true of a payer's and a seller's. */
import { readFile } from 'node:fs/promises'
import { historyPath } from '../../lib/ledger/file.ts'
import type { Receipt } from '../../lib/ledger/index.ts'
import { decodeLedgerJson } from '../../lib/ledger/json.ts'
import { applyLine, parseLine } from '../../lib/ledger/lines.ts'
import { createLedgerMemory, type LedgerMemory } from '../../lib/ledger/memory.ts'
import { eraseSchema } from '../../lib/ledger/schema.ts'
import { promisedOf } from '../../lib/payments/index.ts'
import { PAYMENT_SCHEMA, type PaymentTables } from '../../lib/payments/ledger.ts'

/** What a ledger says: its tables, and every receipt. */
export interface LedgerRead {
  list<T extends keyof PaymentTables>(table: T): readonly PaymentTables[T][]
  readonly receipts: readonly Receipt[]
}

/** An empty ledger of payer and payee, as a file is replayed into it. */
export const emptyLedger = (): LedgerMemory => createLedgerMemory(eraseSchema(PAYMENT_SCHEMA))

/** What was replayed, as those see it who know its rows. */
export const readOf = ({ list, receipts }: Pick<LedgerMemory, 'list' | 'receipts'>): LedgerRead => ({
  list: list as LedgerRead['list'],
  receipts,
})

const splitLines = (text: string): readonly string[] => text.split('\n').slice(0, -1)

/** Whole lines only: one that is being written, or was torn, was never acknowledged. */
export async function readLedger(path: string): Promise<LedgerRead> {
  const memory = emptyLedger()
  let historyBytes = 0
  for (const text of splitLines(await readFile(path, 'utf8').catch(() => ''))) {
    const line = parseLine(text)
    if ('ledger' in line) historyBytes = line.historyBytes
    applyLine(line, memory)
  }
  // What follows is in the ledger as we read it, whatever was moved since.
  const history =
    historyBytes === 0 ? Buffer.of() : (await readFile(historyPath(path))).subarray(0, historyBytes)
  const older = splitLines(history.toString('utf8')).map((line) => decodeLedgerJson<Receipt>(line))
  return readOf({ list: memory.list, receipts: [...older, ...memory.receipts] })
}

/** Highest vouchers by channel. */
export interface Vouchers {
  readonly payer: ReadonlyMap<string, bigint>
  readonly seller: ReadonlyMap<string, bigint>
}

function sumOf(receipts: readonly Receipt[], kinds: readonly string[], channelId: string): bigint {
  return receipts.reduce(
    (sum, receipt) =>
      kinds.includes(receipt.kind) && receipt.channelId === channelId ? sum + receipt.amount : sum,
    0n,
  )
}

/**
 * What must hold at every moment, crash or not: no voucher is lost, none counts twice, the seller knows none that the
 * payer did not write down. Returns the vouchers; throws what is violated.
 */
export function checkLedgers(seller: LedgerRead, payer: LedgerRead, before: Vouchers | null): Vouchers {
  const vouchers = {
    payer: new Map<string, bigint>(
      payer.list('payerSeats').map((seat) => [seat.channelId as string, promisedOf(seat.state)]),
    ),
    seller: new Map<string, bigint>(
      seller
        .list('payeeSeats')
        .map(({ seat, voucher }) => [seat.channelId as string, voucher?.cumulative ?? 0n]),
    ),
  }
  const fail = (words: string): never => {
    throw new Error(`violated: ${words}`)
  }
  for (const [channelId, promised] of vouchers.payer) {
    if (sumOf(payer.receipts, ['piece', 'tip'], channelId) !== promised)
      fail('a payment is lost or counted twice')
    if (promised < (before?.payer.get(channelId) ?? 0n)) fail('the payer lost a voucher')
  }
  for (const [channelId, held] of vouchers.seller) {
    if (sumOf(seller.receipts, ['earned', 'tipEarned'], channelId) !== held)
      fail('an earning is lost or counted twice')
    if (held < (before?.seller.get(channelId) ?? 0n)) fail('the seller lost a voucher')
    if (held > (vouchers.payer.get(channelId) ?? 0n)) fail('a voucher went out before it was on the disk')
  }
  for (const channelId of before?.payer.keys() ?? [])
    if (!vouchers.payer.has(channelId)) fail('a seat is lost')
  return vouchers
}

/** Indices of the pieces paid in a session, in order. Throws when one was paid twice. */
export function listPaidPieces(payer: LedgerRead, sessionId: string): readonly number[] {
  const channels = new Set(
    payer.list('channels').flatMap((one) => (one.sessionId === sessionId ? [one.channelId as string] : [])),
  )
  const pieces = payer.receipts.flatMap((receipt) =>
    receipt.kind === 'piece' && channels.has(receipt.channelId ?? '') && receipt.pieceIndex !== null
      ? [receipt.pieceIndex]
      : [],
  )
  if (new Set(pieces).size !== pieces.length) throw new Error('violated: a piece was paid twice')
  return pieces
}
