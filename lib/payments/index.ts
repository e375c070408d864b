/** The payments room's public face. The Node ledger is apart, in ledger-file.ts: a page must not load node:fs. */

export {
  createMemoryLedger,
  type LedgerBatch,
  type LedgerStore,
  PAYMENT_SCHEMA,
} from './ledger.ts'
export { createPayee, type PayeeAccount, type PayeeOptions, type PayeeTotals } from './payee/payee.ts'
export {
  MAX_REDEEM_ROWS,
  type RedeemableSeat,
  type RedeemedBatch,
  type RedeemFailure,
} from './payee/redeem.ts'
export {
  chooseSeats,
  createRowPricer,
  DEFAULT_FEE_MULTIPLE,
  DEFAULT_REDEEM_FLOOR,
  isWorthRedeeming,
  type RedeemPolicy,
  worthOf,
} from './payee/redeem-choice.ts'
export type { AgreedTorrents, TorrentAnswer } from './payer/agreed-torrents.ts'
export type { SessionState } from './payer/budget-state.ts'
export type { DigestSigner, OnStep, PayerStep, PayerWallet, StepName } from './payer/context.ts'
export type { PayerFigures } from './payer/figures.ts'
export { createPayer, type PayerAccount, type PayerOptions } from './payer/payer.ts'
export type { SettlePreview } from './payer/preview-settle.ts'
export type { StartPreview } from './payer/preview-start.ts'
export { promisedOf } from './payer/seat-state.ts'
export type { Exhaustion } from './payer/seats.ts'
export type { SettleTerms } from './payer/settle.ts'
export type { SettleOutcome, SettleSummary } from './payer/settle-outcome.ts'
export type { StartTerms } from './payer/start.ts'
export * from './ports.ts'
export type {
  ChannelRecord,
  PayeeSeatRecord,
  PayerSeatRecord,
  PendingRecord,
  SessionRecord,
} from './records.ts'
