/** What a room of the API shows: `/wallet` the newest state, `/walletsolidity` that of the solidified head. */
import type { Blockchain } from '../chain/blockchain.ts'
import type { ContractRegistry } from '../chain/contract-registry.ts'
import type { TvmState } from '../tvm/state.ts'
import type { ApiRequest } from './request.ts'

export type Json = Record<string, unknown>

export interface ChainView {
  readonly chain: Blockchain
  readonly state: TvmState
  readonly contracts: ContractRegistry
  /** The newest block that this view shows. */
  readonly headNumber: number
  readonly isSolidified: boolean
}

/** Answers from one view; runs between transactions. */
export type Read = (view: ChainView, request: ApiRequest) => Promise<unknown>

/** Belongs inside `chain.read`. */
export function viewNewest(chain: Blockchain): ChainView {
  const { state, contracts, head } = chain
  return { chain, state, contracts, headNumber: head.number, isSolidified: false }
}

/** Belongs inside `chain.read`. */
export function viewSolidified(chain: Blockchain): ChainView {
  const { state, contracts } = chain.solidContent
  return { chain, state, contracts, headNumber: chain.solidNumber, isSolidified: true }
}
