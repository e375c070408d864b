export { createExchange, type Exchange } from './exchange.ts'
export type { PeerMoney } from './peer-money.ts'
export type { Selling } from './seller/quotes.ts'
