/** For tests: bare code on a machine without a chain, as the code of a contract that somebody calls. */
import { hexToBytes } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { ChainPort } from '../tvm/chain-port.ts'
import { TvmState } from '../tvm/state.ts'
import { type ExecutionRequest, Tvm, type TvmResult } from '../tvm/tvm.ts'

export const CALLER: AccountId = `0x${'ca'.repeat(20)}`
export const CONTRACT: AccountId = `0x${'c0'.repeat(20)}`
export const CHAIN_ID = 0x2b6653dc

/** A state with a rich caller and no contract. */
export function createState(): TvmState {
  const state = new TvmState()
  state.setBalance(CALLER, 1_000_000_000n)
  return state
}

/** Puts a contract with this code (hex) at an address. */
export function putContract(state: TvmState, id: AccountId, code: string): void {
  state.setBalance(id, state.getBalance(id))
  state.setCode(id, hexToBytes(code))
}

/** Runs code (hex) as CONTRACT's; its effects stay in `state`. */
export function runCode(
  code: string,
  options: Partial<ExecutionRequest> & { readonly state?: TvmState; readonly chain?: ChainPort } = {},
): TvmResult {
  const { state = createState(), chain, ...request } = options
  putContract(state, CONTRACT, code)
  return new Tvm(state, CHAIN_ID, chain).execute({
    caller: CALLER,
    to: CONTRACT,
    valueSun: 0n,
    token: null,
    data: new Uint8Array(0),
    energyLimit: 10_000_000n,
    txId: new Uint8Array(32).fill(7),
    block: {
      number: 300,
      timestampMs: 1_700_000_000_000,
      witness: `0x${'31'.repeat(20)}`,
      getBlockId: () => null,
    },
    ...request,
  })
}
