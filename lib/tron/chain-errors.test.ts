import { describe, expect, it } from 'vitest'
import { ChainError } from '../units/index.ts'
import { decodeRefusal, decodeRevert, FailedTransaction } from './chain-errors.ts'
import { readReceipt } from './transaction-info.ts'
import type { AbiInterface } from './tronweb-codec.ts'

const noErrors = { parseError: () => null } as unknown as AbiInterface
/** As java-tron words a constant call that it gave up. */
const words = (name: string, why: string) => `class org.tron.core.vm.program.Program$${name} : ${why}`
const OUT_OF_TIME = words('OutOfTimeException', "CPU timeout for 'SLOAD' operation executing")
const OUT_OF_ENERGY = words(
  'OutOfEnergyException',
  "Not enough energy for 'SSTORE' operation executing: curInvokeEnergyLimit[100], curOpEnergy[200]",
)

describe('a constant call that was given up', () => {
  it('is known by the name of the exception, however the node answers', () => {
    for (const decode of [
      (text: string) => decodeRefusal('OTHER_ERROR', text),
      (text: string) => decodeRevert('0x', noErrors, text),
    ]) {
      expect(decode(OUT_OF_TIME).code).toBe('out-of-time')
      expect(decode(OUT_OF_ENERGY).code).toBe('out-of-energy')
    }
  })
})

describe('a transaction that failed in a block', () => {
  it('says what it burned, and what the contract said', () => {
    const txId = `0x${'ab'.repeat(32)}` as const
    const info = { id: txId.slice(2), fee: 71_000_000, result: 'FAILED', receipt: { result: 'OUT_OF_TIME' } }
    try {
      readReceipt(info, txId, noErrors)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(FailedTransaction)
      expect(error).toBeInstanceOf(ChainError)
      expect(error).toMatchObject({ code: 'out-of-time', name: 'ChainError', feeSun: 71_000_000n, txId })
    }
  })
})
