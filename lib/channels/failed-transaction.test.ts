import { beforeAll, describe, expect, it } from 'vitest'
import { ChainError, type Hex } from '../base/index.ts'
import {
  type AbiInterface,
  decodeRefusal,
  FailedTransaction,
  loadTronCodec,
  readReceipt,
} from '../tron/index.ts'
import { swarmChannelsAbi } from './generated/abi.ts'

let contract: AbiInterface
beforeAll(async () => {
  contract = (await loadTronCodec()).createInterface(swarmChannelsAbi)
})

const ID: Hex = `0x${'ab'.repeat(32)}`
/** As java-tron writes it of a transaction that took longer than 80 ms: its whole fee limit is the fee. */
const outOfTime = {
  id: ID.slice(2),
  fee: 7_000_000,
  blockNumber: 9,
  contractResult: [''],
  receipt: { energy_usage_total: 60_000, energy_fee: 6_000_000, result: 'OUT_OF_TIME' },
  result: 'FAILED',
  resMessage: Buffer.from('CPU timeout for ‘SLOAD’ operation executing').toString('hex'),
}

function thrownBy(task: () => unknown): unknown {
  try {
    return task()
  } catch (error) {
    return error
  }
}

describe('a transaction that failed in a block', () => {
  it('is thrown with its id and with the fee that is gone', () => {
    const error = thrownBy(() => readReceipt(outOfTime, ID, contract))
    expect(error).toBeInstanceOf(FailedTransaction)
    expect(error).toBeInstanceOf(ChainError)
    expect(error).toMatchObject({ name: 'ChainError', code: 'out-of-time', txId: ID, feeSun: 7_000_000n })
  })

  it('that burned nothing says so', () => {
    const { fee: _, ...free } = outOfTime
    expect(thrownBy(() => readReceipt(free, ID, contract))).toMatchObject({ feeSun: 0n })
  })
})

describe('a simulation that ran out of time', () => {
  it('is known by the exception that the node names', () => {
    const words =
      "class org.tron.core.vm.program.Program$OutOfTimeException : CPU timeout for 'PUSH1' operation executing"
    expect(decodeRefusal('OTHER_ERROR', words)).toMatchObject({ code: 'out-of-time' })
    expect(decodeRefusal('OTHER_ERROR', 'Not enough energy')).not.toMatchObject({ code: 'out-of-time' })
  })
})
