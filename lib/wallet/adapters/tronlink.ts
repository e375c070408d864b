import { TronLinkAdapter } from '@tronweb3/tronwallet-adapters'
import type { CreateAdapter } from '../wallet-adapter.ts'

/** Also for a stranger that speaks as TronLink does: it is found by TronLink's globals. */
export const createAdapter: CreateAdapter = (options) =>
  new TronLinkAdapter({ ...options, openTronLinkAppOnMobile: false, dappName: 'Piecemeal' })
