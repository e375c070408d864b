/** The JSON of what contracts did to each other within one transaction (`protocol.InternalTransaction`). */
import { formatAccountId } from '../codec/account-id.ts'
import { toBareHex } from '../codec/transaction-json.ts'
import type { InternalTransaction } from '../tvm/internal-transactions.ts'

/** Values of zero are left out, so a call without TRX has one empty value. */
export function formatInternalTransaction(
  each: InternalTransaction,
  visible: boolean,
): Record<string, unknown> {
  const { valueSun, token } = each
  return {
    hash: toBareHex(each.hash),
    caller_address: formatAccountId(each.caller, visible),
    ...(each.to ? { transferTo_address: formatAccountId(each.to, visible) } : {}),
    callValueInfo: [
      valueSun > 0n ? { callValue: valueSun } : {},
      ...(token ? [{ callValue: token.amount, tokenId: token.tokenId.toString() }] : []),
    ],
    note: Buffer.from(each.note).toString('hex'),
    ...(each.isRejected ? { rejected: true } : {}),
  }
}
