/** The machine's numbers against another machine's: both have the Yellow Paper's arithmetic. */
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { createZeroAddress } from '@ethereumjs/util'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import { runCode } from '../testing/run-code.ts'

let evm: EVM
beforeAll(async () => {
  evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Shanghai }) })
})

const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.constantFrom(0n, 1n, 2n, 31n, 32n, 255n, 256n, 2n ** 255n, 2n ** 255n - 1n, 2n ** 256n - 1n),
  fc.bigInt({ min: 0n, max: 300n }),
)
const push = (value: bigint) => `7f${value.toString(16).padStart(64, '0')}`
const hex = (value: number) => value.toString(16).padStart(2, '0')
const theirs = async (code: string) => {
  const result = await evm.runCode({ code: hexToBytes(code), gasLimit: 10_000_000n, to: createZeroAddress() })
  return bytesToHex(result.returnValue)
}

describe('arithmetic', () => {
  it.each([
    ['of three words', [0x08, 0x09], 3],
    ['of two words', [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14], 2],
    ['of bits', [0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d], 2],
    ['of one word', [0x15, 0x19], 1],
  ])('%s is everybody’s', async (_name, opcodes, count) => {
    const words = fc.array(word, { minLength: count, maxLength: count })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...opcodes), words, async (opcode, operands) => {
        const code = `${operands.map(push).join('')}${hex(opcode)}60005260206000f3`
        expect(bytesToHex(runCode(code).returnData)).toBe(await theirs(code))
      }),
      { numRuns: 150 },
    )
  })

  it('of the built-in contracts 0x05–0x08 is everybody’s', async () => {
    const g1 = [1n, 2n]
    // A point of the twist, and one that is none.
    const g2 = [
      0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2n,
      0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6edn,
      0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975bn,
      0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daan,
    ]
    const negative = [1n, 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45n]
    const inputs: [number, bigint[]][] = [
      [5, [1n, 1n, 1n, 0x030507n << 232n]],
      [5, [32n, 32n, 32n, 3n, 2n ** 200n, 2n ** 255n - 19n]],
      [5, [0n, 0n, 0n]],
      [5, [33n, 2n, 40n, 2n ** 200n, 2n ** 250n, 2n ** 250n + 7n]],
      [6, [...g1, ...g1]],
      [6, [...g1, ...negative]],
      [6, [1n, 1n, ...g1]],
      [6, []],
      [7, [...g1, 2n ** 256n - 1n]],
      [7, [...g1, 0n]],
      [8, []],
      [8, [...g1, ...g2, ...negative, ...g2]],
      [8, [...g1, ...g2]],
      [8, [...g1, g2[1]!, g2[0]!, g2[2]!, g2[3]!]],
      [8, [1n]],
    ]
    for (const [address, words] of inputs) {
      const stores = words.map(
        (value, index) => `${push(value)}61${(32 * index).toString(16).padStart(4, '0')}52`,
      )
      const size = (32 * words.length).toString(16).padStart(4, '0')
      // staticcall(1,000,000 energy, no room for the answer): whether it was made, then what it answered
      const call = `6000600061${size}600060${hex(address)}620f4240fa613000523d60006130203e3d602001613000f3`
      const code = `${stores.join('')}${call}`
      expect(bytesToHex(runCode(code).returnData), `${address} ${words}`).toBe(await theirs(code))
    }
  })
})
