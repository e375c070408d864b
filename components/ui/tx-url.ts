import type { Hex } from '@/lib/base/index.ts'

/** A transaction's page in an explorer. */
export const toTxUrl = (explorerUrl: string, txId: Hex): string =>
  `${explorerUrl}/transaction/${txId.replace(/^0x/, '')}`
