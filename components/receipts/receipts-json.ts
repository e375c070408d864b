import type { Receipt } from '@/lib/ledger/index.ts'

/** A JSON array of receipts in the order given, one a line; amounts are strings of base units. */
export async function formatReceiptsJson(receipts: AsyncIterable<Receipt>): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const receipt of receipts)
    lines.push(JSON.stringify(receipt, (_, value) => (typeof value === 'bigint' ? value.toString() : value)))
  return ['[\n', ...lines.map((line, i) => (i + 1 < lines.length ? `${line},\n` : `${line}\n`)), ']\n']
}
