/** Opcodes that TRON adds or changes: SSTORE, CHAINID, SELFBALANCE, BASEFEE and the TRC-10 family 0xd0–0xd3. */
import { EVMError, type EVMOpts, type ExecResult } from '@ethereumjs/evm'
import { type Address, bigIntToBytes, setLengthLeft } from '@ethereumjs/util'
import { bytesToHex } from '../../lib/units/bytes.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { TokenTransfer } from './tvm.ts'

type CustomOpcode = NonNullable<EVMOpts['customOpcodes']>[number]
type AddOpcode = Extract<CustomOpcode, { logicFunction: unknown }>
type RunState = NonNullable<ExecResult['runState']>
type Handler = AddOpcode['logicFunction']
type GasHandler = NonNullable<AddOpcode['gasFunction']>

/** Energy price that BASEFEE answers with, in sun. */
const ENERGY_PRICE_SUN = 100n
const CALL_STIPEND = 2300n
const NEW_SLOT_ENERGY = 20_000n
const WRITE_ENERGY = 5_000n
const ADDRESS_MASK = (1n << 160n) - 1n

export interface OpcodeHost {
  readonly chainId: number
  /** Tokens that came with the running message. */
  getFrameToken(): TokenTransfer
  getTokenBalance(id: AccountId, tokenId: bigint): bigint
  /** Whether a slot was ever given a value and not cleared before this transaction. */
  hasStorageRow(contract: Address, key: Uint8Array): boolean
  /** Tokens to travel with the next message. */
  attachToken(token: TokenTransfer): void
  /** The machine's own CALL, which CALLTOKEN runs without TRX. */
  getStandardCall(): { handler: Handler; gasHandler: GasHandler }
}

export function createTvmOpcodes(host: OpcodeHost): AddOpcode[] {
  const push = (opcode: number, opcodeName: string, baseFee: number, read: (state: RunState) => bigint) => ({
    opcode,
    opcodeName,
    baseFee,
    // 0xd3 has a dynamic price for another container format; an explicit one replaces it.
    gasFunction: (_state: RunState, gas: bigint) => gas,
    logicFunction: (state: RunState) => state.stack.push(read(state)),
  })
  return [
    push(0x46, 'CHAINID', 2, () => BigInt(host.chainId)),
    push(0x47, 'SELFBALANCE', 5, (state) => state.interpreter.getSelfBalance()),
    push(0x48, 'BASEFEE', 2, () => ENERGY_PRICE_SUN),
    createStore(host),
    createCallToken(host),
    push(0xd1, 'TOKENBALANCE', 20, (state) => {
      const [tokenId = 0n, address = 0n] = state.stack.popN(2)
      const hex = (address & ADDRESS_MASK).toString(16).padStart(40, '0')
      return host.getTokenBalance(`0x${hex}`, tokenId)
    }),
    push(0xd2, 'CALLTOKENVALUE', 2, () => host.getFrameToken().amount),
    push(0xd3, 'CALLTOKENID', 2, () => host.getFrameToken().tokenId),
  ]
}

/**
 * SSTORE at TRON's price: 20,000 for the first value of a slot that has no row, else 5,000, also for clearing. A slot that
 * this transaction cleared still has its row, so filling it again costs 5,000.
 */
function createStore(host: OpcodeHost): AddOpcode {
  return {
    opcode: 0x55,
    opcodeName: 'SSTORE',
    baseFee: 0,
    gasFunction(state, gas) {
      if (state.interpreter.isStatic()) throw new EVMError(EVMError.errorMessages.STATIC_STATE_CHANGE)
      const [slot = 0n, value = 0n] = state.stack.peek(2)
      const isNew = value !== 0n && !host.hasStorageRow(state.interpreter.getAddress(), toWord(slot))
      return gas + (isNew ? NEW_SLOT_ENERGY : WRITE_ENERGY)
    },
    async logicFunction(state) {
      const [slot = 0n, value = 0n] = state.stack.popN(2)
      const bytes = value === 0n ? new Uint8Array(0) : bigIntToBytes(value)
      await state.interpreter.storageStore(toWord(slot), bytes)
    },
  }
}

function toWord(value: bigint): Uint8Array {
  return setLengthLeft(bigIntToBytes(value), 32)
}

/** CALLTOKEN (gas, to, amount, token id, in, inSize, out, outSize): CALL that moves TRC-10 tokens in place of TRX. */
function createCallToken(host: OpcodeHost): AddOpcode {
  let token: TokenTransfer = { tokenId: 0n, amount: 0n }
  return {
    opcode: 0xd0,
    opcodeName: 'CALLTOKEN',
    baseFee: 40,
    async gasFunction(state, gas, common) {
      const [gasLimit = 0n, to = 0n, amount = 0n, tokenId = 0n] = state.stack.popN(4)
      token = { tokenId, amount }
      for (const value of [amount, to, gasLimit]) state.stack.push(value)
      return host.getStandardCall().gasHandler(state, gas, common)
    },
    async logicFunction(state, common) {
      const { tokenId, amount } = token
      const [gasLimit = 0n, to = 0n] = state.stack.popN(3)
      for (const value of [0n, to, gasLimit]) state.stack.push(value)
      const holder = bytesToHex(state.interpreter.getAddress().bytes)
      const isShort = host.getTokenBalance(holder, tokenId) < amount
      if (amount > 0n) {
        state.interpreter.addStipend(CALL_STIPEND)
        state.messageGasLimit = (state.messageGasLimit ?? 0n) + CALL_STIPEND
      }
      if (isShort) {
        state.stack.popN(7)
        state.stack.push(0n)
        return
      }
      host.attachToken({ tokenId, amount })
      await host.getStandardCall().handler(state, common)
    },
  }
}
