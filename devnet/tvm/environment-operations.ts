/** 0x30–0x4a and TRON's ISCONTRACT and TRC-10 words: what code learns of its call, of accounts and of the block. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { Frame } from './frame.ts'
import type { Machine } from './machine.ts'
import { BASE, copyEnergy, EXT, LOW, memoryEnd, memoryEnergy, type Operation, VERY_LOW } from './operation.ts'
import { executionFailed, transferFailed } from './tvm-error.ts'
import {
  addressWord,
  bytesToWord,
  MAX_LONG,
  prefixedAddressWord,
  sliceFilled,
  toAccountId,
  toInt,
  toSigned,
} from './words.ts'

/** Sun: what BASEFEE answers. */
const ENERGY_PRICE = 100n
const EXT_CODE_HASH_ENERGY = 400
/** How far back BLOCKHASH looks. */
const BLOCK_HASHES = 256
export const MIN_TOKEN_ID = 1_000_000n
export const INVALID_TOKEN_ID = 'validateForSmartContract failure:not valid token id'
const NO_CODE_HASH = bytesToWord(keccak_256(new Uint8Array(0)))

const read = (
  opcode: number,
  name: string,
  energy: number,
  answer: (frame: Frame, machine: Machine) => bigint,
): Operation => ({
  opcode,
  name,
  takes: 0,
  leaves: 1,
  energy,
  run: (frame, machine) => frame.push(answer(frame, machine)),
})

const ask = (
  opcode: number,
  name: string,
  energy: number,
  answer: (word: bigint, machine: Machine, frame: Frame) => bigint,
): Operation => ({
  opcode,
  name,
  takes: 1,
  leaves: 1,
  energy,
  run: (frame, machine) => frame.push(answer(frame.pop(), machine, frame)),
})

/** Memory offset, offset in the source, length: CALLDATACOPY and the like. They have no price of their own. */
const copy = (opcode: number, name: string, source: (frame: Frame) => Uint8Array): Operation => ({
  opcode,
  name,
  takes: 3,
  leaves: 0,
  energy: (frame) =>
    memoryEnergy(frame, memoryEnd(frame.peek(0), frame.peek(2)), name) + copyEnergy(frame.peek(2)),
  run(frame) {
    const [target, from, length] = [toInt(frame.pop()), toInt(frame.pop()), toInt(frame.pop())]
    frame.memory.write(target, sliceFilled(source(frame), from, length))
  },
})

export const environmentOperations: readonly Operation[] = [
  read(0x30, 'ADDRESS', BASE, (frame) => addressWord(frame.self)),
  ask(0x31, 'BALANCE', EXT, (word, machine) => machine.state.getBalance(toAccountId(word))),
  read(0x32, 'ORIGIN', BASE, (_frame, machine) => addressWord(machine.fields.origin)),
  read(0x33, 'CALLER', BASE, (frame) => addressWord(frame.fields.caller)),
  read(0x34, 'CALLVALUE', BASE, (frame) => frame.fields.valueSun),
  ask(0x35, 'CALLDATALOAD', VERY_LOW, (offset, _machine, frame) =>
    bytesToWord(sliceFilled(frame.fields.data, toInt(offset), 32)),
  ),
  read(0x36, 'CALLDATASIZE', BASE, (frame) => BigInt(frame.fields.data.length)),
  copy(0x37, 'CALLDATACOPY', (frame) => frame.fields.data),
  read(0x38, 'CODESIZE', BASE, (frame) => BigInt(frame.code.length)),
  copy(0x39, 'CODECOPY', (frame) => frame.code),
  read(0x3a, 'GASPRICE', BASE, () => 0n),
  ask(0x3b, 'EXTCODESIZE', EXT, (word, machine) => BigInt(machine.state.getCode(toAccountId(word)).length)),
  {
    opcode: 0x3c,
    name: 'EXTCODECOPY',
    takes: 4,
    leaves: 0,
    energy: (frame) =>
      EXT +
      memoryEnergy(frame, memoryEnd(frame.peek(1), frame.peek(3)), 'EXTCODECOPY') +
      copyEnergy(frame.peek(3)),
    run(frame, machine) {
      const code = machine.state.getCode(toAccountId(frame.pop()))
      const [target, from, length] = [toInt(frame.pop()), toInt(frame.pop()), toInt(frame.pop())]
      frame.memory.write(target, sliceFilled(code, from, length))
    },
  },
  read(0x3d, 'RETURNDATASIZE', BASE, (frame) => BigInt(frame.returnData.length)),
  {
    ...copy(0x3e, 'RETURNDATACOPY', (frame) => frame.returnData),
    run(frame) {
      const target = toInt(frame.pop())
      const [from, length] = [frame.pop(), frame.pop()]
      const { returnData } = frame
      // An empty piece beyond the end is refused too.
      if (toInt(from) + toInt(length) > returnData.length) {
        const hex = (word: bigint) => word.toString(16).padStart(64, '0')
        throw executionFailed(
          `Illegal RETURNDATACOPY arguments: offset (${hex(from)}) + size (${hex(length)}) > RETURNDATASIZE (${returnData.length})`,
          'ReturnDataCopyIllegalBoundsException',
        )
      }
      frame.memory.write(target, sliceFilled(returnData, toInt(from), toInt(length)))
    },
  },
  ask(0x3f, 'EXTCODEHASH', EXT_CODE_HASH_ENERGY, (word, { state }) => {
    const id = toAccountId(word)
    if (!state.accountExists(id)) return 0n
    const code = state.getCode(id)
    return code.length === 0 ? NO_CODE_HASH : bytesToWord(keccak_256(code))
  }),
  ask(0x40, 'BLOCKHASH', EXT, (word, { block }) => {
    const wanted = toInt(word)
    if (wanted >= block.number || wanted < Math.max(BLOCK_HASHES, block.number) - BLOCK_HASHES) return 0n
    return bytesToWord(block.getBlockId(wanted) ?? new Uint8Array(0))
  }),
  read(0x41, 'COINBASE', BASE, (_frame, { block }) => prefixedAddressWord(block.witness)),
  read(0x42, 'TIMESTAMP', BASE, (_frame, { block }) => BigInt(Math.floor(block.timestampMs / 1000))),
  read(0x43, 'NUMBER', BASE, (_frame, { block }) => BigInt(block.number)),
  read(0x44, 'DIFFICULTY', BASE, () => 0n),
  read(0x45, 'GASLIMIT', BASE, () => 0n),
  read(0x46, 'CHAINID', BASE, (_frame, machine) => BigInt(machine.fields.chainId)),
  read(0x47, 'SELFBALANCE', LOW, (frame, { state }) => state.getBalance(frame.self)),
  read(0x48, 'BASEFEE', BASE, () => ENERGY_PRICE),
  ask(0x49, 'BLOBHASH', VERY_LOW, () => 0n),
  read(0x4a, 'BLOBBASEFEE', BASE, () => 0n),
  {
    opcode: 0xd1,
    name: 'TOKENBALANCE',
    takes: 2,
    leaves: 1,
    energy: EXT,
    run(frame, { state }) {
      const tokenId = toSigned(frame.pop())
      const id = toAccountId(frame.pop())
      if (tokenId > MAX_LONG || tokenId < -MAX_LONG - 1n) throw transferFailed(INVALID_TOKEN_ID)
      if (tokenId <= MIN_TOKEN_ID) throw executionFailed(INVALID_TOKEN_ID)
      frame.push(state.getTokenBalance(id, tokenId.toString()))
    },
  },
  read(0xd2, 'CALLTOKENVALUE', BASE, (frame) => frame.fields.token.amount),
  read(0xd3, 'CALLTOKENID', BASE, (frame) => frame.fields.token.tokenId),
  ask(0xd4, 'ISCONTRACT', EXT, (word, { state }) => (state.isContract(toAccountId(word)) ? 1n : 0n)),
]
