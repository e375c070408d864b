/** The payments room's public face. The Node ledger is apart, in ledger-file.ts: a page must not load node:fs. */
export type { AgreedTorrents, TorrentAnswer } from './agreed-torrents.ts'
export type { Clock } from './clock.ts'
export type { PayerFigures } from './figures.ts'
export type {
  ChannelRecord,
  LedgerBatch,
  LedgerStore,
  NewReceipt,
  PayeeSeatRecord,
  PayerSeatRecord,
  PendingRecord,
  ReceiptQuery,
  SessionRecord,
} from './ledger.ts'
export { createIdbLedger } from './ledger-idb.ts'
export { createMemoryLedger } from './ledger-memory.ts'
export { createPayee, type PayeeAccount, type PayeeOptions, type PayeeTotals } from './payee.ts'
export type {
  RedeemableSeat,
  RedeemedBatch,
  RedeemFailure,
} from './payee-redeem.ts'
export { createPayer, type PayerAccount, type PayerOptions } from './payer.ts'
export type { DigestSigner, OnStep, PayerStep, PayerWallet } from './payer-context.ts'
export type { StartPreview } from './payer-preview.ts'
export type { SettleTerms } from './payer-settle.ts'
export type { StartTerms } from './payer-start.ts'
export type * from './ports.ts'
export type { Receipt, ReceiptBase, ReceiptKind, ReceiptRoll } from './receipt.ts'
export {
  chooseSeats,
  createRowPricer,
  DEFAULT_FEE_MULTIPLE,
  DEFAULT_REDEEM_FLOOR,
  isWorthRedeeming,
  type RedeemPolicy,
  worthOf,
} from './redeem-choice.ts'
export type { SessionState } from './session-state.ts'
export type { SettleOutcome, SettleSummary } from './settle-outcome.ts'
