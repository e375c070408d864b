/**
 * What is TRON's own about the machine. Figures are reckoned by hand from java-tron's table of prices (EnergyCost.java); what a
 * node measured is in devnet/probes.world.test.ts.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import { CALLER, CONTRACT, createState, putContract, runCode } from '../testing/run-code.ts'
import { type ChainPort, NO_CHAIN } from './chain-port.ts'

const OTHER: AccountId = `0x${'0e'.repeat(20)}`
const NOBODY = '33'.repeat(20)
/** mstore(0, top of stack), return 32 bytes: 13 energy */
const RETURN_TOP = '5f5260205ff3'
const RETURN_TOP_ENERGY = 2n + 1n + 3n + 3n + 2n
const top = (code: string, options: Parameters<typeof runCode>[1] = {}) => {
  const result = runCode(`${code}${RETURN_TOP}`, options)
  expect(result.failure?.message).toBeUndefined()
  return {
    ...result,
    word: BigInt(bytesToHex(result.returnData)),
    own: result.energyUsed - RETURN_TOP_ENERGY,
  }
}
/** Energy, address, and what else; no data in or out. */
const call = (opcode: string, to: string, value = '', energy = '5a') =>
  `5f5f5f5f${value}73${to}${energy}${opcode}`
const push = (hex: string) => `7f${hex.padStart(64, '0')}`
const store = (words: readonly string[]) =>
  words.map((word, index) => `${push(word)}61${(32 * index).toString(16).padStart(4, '0')}52`).join('')

describe('words of addresses', () => {
  it('are 20 bytes of who calls, and 21 of what is made and of who makes the block', () => {
    expect(top('33').word).toBe(BigInt(CALLER))
    expect(top('30').word).toBe(BigInt(CONTRACT))
    expect(top('32').word).toBe(BigInt(CALLER))
    expect(top('41').word).toBe(BigInt(`0x41${'31'.repeat(20)}`))
    const created = top('5f5f5ff0').word
    expect(created >> 160n).toBe(0x41n)
    const salted = top(`${push('5a17')}5f5f5ff5`).word
    const code = keccak_256(new Uint8Array(0))
    const preimage = hexToBytes(
      `41${CONTRACT.slice(2)}${'5a17'.padStart(64, '0')}${bytesToHex(code).slice(2)}`,
    )
    expect(salted).toBe(BigInt(`0x41${bytesToHex(keccak_256(preimage)).slice(26)}`))
  })

  it('may have the prefix where an account is named, but not where a built-in contract is', () => {
    expect(top(`${push(`41${CALLER.slice(2)}`)}31`).word).toBe(1_000_000_000n)
    // sha256 of nothing, asked for by its address and by its address with 0x41 before it
    const ask = (address: string) => `60205f5f5f${push(address)}5afa505f51`
    expect(top(ask('2')).word).toBe(BigInt(bytesToHex(sha256(new Uint8Array(0)))))
    expect(top(ask(`41${'0'.repeat(39)}2`)).word).toBe(0n)
  })
})

describe('prices of calls', () => {
  it('are 40, 9,000 with TRX and 25,000 for a new account; 2,300 come with TRX and come back', () => {
    const state = () => {
      const made = createState()
      made.setBalance(CONTRACT, 50n)
      return made
    }
    // four PUSH0, PUSH20, GAS
    const pushes = 4n * 2n + 3n + 2n
    expect(top(call('fa', NOBODY)).own).toBe(pushes + 40n)
    expect(top(call('f1', NOBODY, '5f')).own).toBe(pushes + 2n + 40n)
    const paying = state()
    expect(top(call('f1', NOBODY, '6007'), { state: paying }).own).toBe(pushes + 3n + 40n + 34_000n - 2_300n)
    expect(paying.getBalance(`0x${NOBODY}`)).toBe(7n)
    expect(top(call('f1', CALLER.slice(2), '6007'), { state: state() }).own).toBe(
      pushes + 3n + 40n + 9_000n - 2_300n,
    )
    // CALLCODE with TRX moves none and never pays for an account.
    expect(top(call('f2', NOBODY, '6007'), { state: state() }).own).toBe(pushes + 3n + 40n + 9_000n - 2_300n)
    // More than there is: the call is not made, and answers 0.
    expect(top(call('f1', NOBODY, '6099'), { state: state() })).toMatchObject({
      word: 0n,
      own: pushes + 3n + 40n + 34_000n - 2_300n,
    })
  })

  it('give on all that is left, and no sixty-fourth less', () => {
    const state = createState()
    putContract(state, OTHER, `5a${RETURN_TOP}`)
    const { word } = top(`60205f5f5f73${OTHER.slice(2)}5afa505f51`, { state, energyLimit: 100_000n })
    // PUSH1, three PUSH0, PUSH20, GAS, then 40 and a word of memory; GAS within
    expect(word).toBe(100_000n - (3n + 6n + 3n + 2n) - 43n - 2n)
  })

  it('end at a depth of 64', () => {
    const state = createState()
    // sstore(0, sload(0) + 1), call itself
    runCode(`5f546001015f55${call('f1', CONTRACT.slice(2), '5f')}`, { state, energyLimit: 1_000_000n })
    expect(state.getSlot(CONTRACT, 0n)).toBe(65n)
  })

  it('lose what they were given when they fail, and nothing more when they revert', () => {
    const state = createState()
    putContract(state, OTHER, 'fe')
    const failed = top(call('f1', OTHER.slice(2), '5f', '612710'), { state })
    expect(failed).toMatchObject({ word: 0n, own: 4n * 2n + 2n + 3n + 3n + 40n + 10_000n })
    putContract(state, OTHER, '5f5ffd')
    expect(top(call('f1', OTHER.slice(2), '5f', '612710'), { state })).toMatchObject({
      word: 0n,
      own: 4n * 2n + 2n + 3n + 3n + 40n + 4n,
    })
  })

  it('of a contract to itself with TRX fail as a transfer, which spends no more than was used', () => {
    const state = createState()
    state.setBalance(CONTRACT, 50n)
    const result = runCode(call('f1', CONTRACT.slice(2), '6001'), { state })
    expect(result.failure).toMatchObject({
      result: 'TRANSFER_FAILED',
      message: 'transfer trx failed: Cannot transfer TRX to yourself.',
    })
    expect(result.energyUsed).toBeLessThan(10_000n)
  })
})

describe('built-in contracts', () => {
  it('write all of their answer, whatever room there is, and nobody pays for the memory', () => {
    // identity(32 bytes of 0xab) with no room at 0x40; msize. The first word of memory is there before RETURN_TOP.
    const code = `${push('ab'.repeat(32))}5f525f604060205f60045afa5059`
    const { word, own } = top(code)
    expect(word).toBe(0x60n)
    expect(own).toBe(3n + 2n + 1n + 3n + 2n + 3n + 3n + 2n + 3n + 2n + 40n + 18n + 2n + 2n - 3n)
  })

  it('that cannot be paid answer 0 and keep what they were given', () => {
    const { word, own } = top('5f5f5f5f600160fffa')
    expect(word).toBe(0n)
    expect(own).toBe(4n * 2n + 3n + 3n + 40n + 255n)
  })

  it('of other networks, 0x20003 and 0x20009, are nobody, and 0x05 of a modulus of 0 answers nothing', () => {
    expect(top('5f5f5f5f620200095afa503d').word).toBe(0n)
    expect(top(`${store(['1', '1', '1'])}5f5f60635f60055afa503d`).word).toBe(0n)
  })

  const KEYS = [1, 2].map((fill) => new Uint8Array(32).fill(fill))
  const addressOf = (key: Uint8Array) =>
    bytesToHex(keccak_256(secp256k1.getPublicKey(key, false).subarray(1)).slice(12)).slice(2)
  const sign = (hash: Uint8Array, key: Uint8Array) => {
    const bytes = secp256k1.sign(hash, key, { prehash: false, format: 'recovered' })
    return bytesToHex(Uint8Array.of(...bytes.slice(1), bytes[0]! + 27)).slice(2)
  }
  /** An ABI list of 65-byte signatures, as words. */
  const listOf = (signatures: readonly string[]) => [
    signatures.length.toString(16),
    ...signatures.map((_, index) => (32 * signatures.length + 128 * index).toString(16)),
    ...signatures.flatMap((each) => ['41', ...each.padEnd(192, '0').match(/.{64}/g)!]),
  ]
  /** The first word of the answer to these words. */
  const ask = (words: readonly string[], address: string) => {
    const size = (32 * words.length).toString(16).padStart(4, '0')
    return `${store(words)}602061100061${size}5f${address}5afa5061100051`
  }

  it('tell which of many signatures are whose (0x09), at 1,500 each', () => {
    const hash = new Uint8Array(32).fill(9)
    const signatures = [sign(hash, KEYS[0]!), sign(hash, KEYS[0]!)]
    const list = listOf(signatures)
    const words = [
      bytesToHex(hash).slice(2),
      '60',
      (0x60 + 32 * list.length).toString(16),
      ...list,
      '2',
      addressOf(KEYS[0]!),
      addressOf(KEYS[1]!),
    ]
    expect(top(ask(words, '6009')).word).toBe(1n << 248n)
    expect(top(ask(['0'], '6009')).word).toBe(0n)
  })

  it('tell whether an account’s permission is reached (0x0a)', () => {
    const state = createState()
    state.setBalance(OTHER, 0n)
    const keys = KEYS.map((key) => ({ address: `0x${addressOf(key)}` as AccountId, weight: 1n }))
    const permission = { type: 'Active', id: 2, name: 'two', threshold: 2n, parentId: 0, keys } as const
    const chain: ChainPort = {
      ...NO_CHAIN,
      findPermission: (_state, id, permissionId) =>
        id === OTHER && permissionId === 2 ? { ...permission, operations: new Uint8Array(0) } : undefined,
    }
    const data = '77'.repeat(32)
    const hash = sha256(hexToBytes(`41${OTHER.slice(2)}00000002${data}`))
    const code = (signers: readonly Uint8Array[], permissionId = '2') => {
      const list = listOf(signers.map((key) => sign(hash, key)))
      return ask([OTHER.slice(2), permissionId, data, '80', ...list], '600a')
    }
    expect(top(code(KEYS), { state, chain }).word).toBe(1n)
    expect(top(code(KEYS, '3'), { state, chain }).word).toBe(0n)
    expect(top(code(KEYS.slice(1)), { state, chain }).word).toBe(0n)
    expect(top(code([KEYS[0]!, KEYS[0]!]), { state, chain }).word).toBe(0n)
  })
})

describe('creations', () => {
  it('cost 32,000 and 200 for each byte, and refuse code that begins with 0xef', () => {
    // create(no TRX, 8 bytes of memory), which hold: mstore8(0, byte), return 1 byte
    const inner = (byte: string) => `6760${byte}5f5360015ff35f52600860185ff0`
    const good = top(inner('01'))
    expect(good.word >> 160n).toBe(0x41n)
    // PUSH8, PUSH0, MSTORE, PUSH1, PUSH1, PUSH0, CREATE; within PUSH1, PUSH0, MSTORE8, PUSH1, PUSH0, RETURN; one byte of code
    expect(good.own).toBe(3n + 2n + 4n + 3n + 3n + 2n + 32_000n + (3n + 2n + 4n + 3n + 2n) + 200n - 3n)
    const bad = runCode(`${inner('ef')}${RETURN_TOP}`, { energyLimit: 100_000n })
    // All that was left went with it.
    expect(bad.failure?.result).toBe('OUT_OF_ENERGY')
  })

  it('by a transaction whose code cannot be paid fail in words with figures', () => {
    const result = runCode('', {
      to: null,
      data: hexToBytes('6101005ff3'),
      energyLimit: 1_000n,
    })
    expect(result.failure?.message).toBe(
      "Not enough energy for 'save just created contract code' executing: needEnergy[51200], leftEnergy[971];",
    )
  })
})

describe('an end by SUICIDE', () => {
  it('costs 25,000 for an heir without an account, and leaves TRX and tokens', () => {
    const state = createState()
    state.setBalance(CONTRACT, 9n)
    state.setTokenBalance(CONTRACT, '1000001', 4n)
    expect(runCode(`73${NOBODY}ff`, { state }).energyUsed).toBe(25_003n)
    expect(state.getBalance(`0x${NOBODY}`)).toBe(9n)
    expect(state.getTokenBalance(`0x${NOBODY}`, '1000001')).toBe(4n)
    expect(state.accountExists(CONTRACT)).toBe(false)
    const again = createState()
    expect(runCode(`73${CALLER.slice(2)}ff`, { state: again }).energyUsed).toBe(3n)
  })
})

describe('transient storage', () => {
  it('costs 100 each way, goes back with a call that reverts, and ends with the transaction', () => {
    const state = createState()
    expect(top('600760015d60015c', { state })).toMatchObject({ word: 7n, own: 209n })
    expect(top('60015c', { state }).word).toBe(0n)
    // delegatecall of: tstore(1, 9), revert
    putContract(state, OTHER, '600960015d5f5ffd')
    expect(top(`600760015d${call('f4', OTHER.slice(2))}5060015c`, { state }).word).toBe(7n)
    putContract(state, OTHER, '600960015d')
    expect(top(`600760015d${call('fa', OTHER.slice(2), '', '612710')}`, { state }).word).toBe(0n)
  })
})

describe('staking by code', () => {
  it.each([
    ['FREEZE', '5f5f5fd5', 6n + 20_000n + 25_000n, 0n],
    ['UNFREEZE', '5f5fd6', 4n + 20_000n, 0n],
    ['FREEZEEXPIRETIME', '5f5fd7', 4n + 50n, 0n],
    // Its arrays' first word of memory is RETURN_TOP's too.
    ['VOTEWITNESS', '5f5f5f5fd8', 8n + 30_000n, 0n],
    ['WITHDRAWREWARD', 'd9', 20_000n, 0n],
    ['FREEZEBALANCEV2', '5f5fda', 4n + 10_000n, 0n],
    ['UNFREEZEBALANCEV2', '5f5fdb', 4n + 10_000n, 0n],
    ['CANCELALLUNFREEZEV2', 'dc', 10_000n, 1n],
    ['WITHDRAWEXPIREUNFREEZE', 'dd', 10_000n, 0n],
    ['DELEGATERESOURCE', '5f5f5fde', 6n + 10_000n, 0n],
    ['UNDELEGATERESOURCE', '5f5f5fdf', 6n + 10_000n, 0n],
  ])('%s has its price', (_name, code, energy, word) => {
    const result = top(code)
    expect(result.own).toBe(energy)
    expect(result.word).toBe(word)
  })
})

describe('the time of a transaction', () => {
  const recoveries = (count: number) => {
    const hash = new Uint8Array(32).fill(7)
    const bytes = secp256k1.sign(hash, new Uint8Array(32).fill(1), { prehash: false, format: 'recovered' })
    const words = [bytesToHex(hash), `0x${(bytes[0]! + 27).toString(16)}`].map((each) => each.slice(2))
    const rs = bytesToHex(bytes.slice(1)).slice(2).match(/.{64}/g)!
    return `${store([...words, ...rs])}${'6020608060805f60015afa50'.repeat(count)}`
  }

  it('is over after 60 recovered signatures, and the whole limit is spent', () => {
    expect(runCode(recoveries(60)).failure).toBeNull()
    const result = runCode(recoveries(61))
    expect(result.failure).toMatchObject({
      result: 'OUT_OF_TIME',
      message: "CPU timeout for 'POP' operation executing",
    })
    expect(result.energyUsed).toBe(10_000_000n)
  })

  it('is over after too much of the curve’s and of the powers’ work', () => {
    // 0x07 of nothing, and 0x05 of a long exponent: [0, 2^20, 1]
    const times = (count: number) => '5f5f5f5f60075afa50'.repeat(count)
    expect(runCode(times(190)).failure).toBeNull()
    expect(runCode(times(210)).failure?.result).toBe('OUT_OF_TIME')
    expect(runCode(`${store(['0', '100000', '1'])}5f5f60615f60055afa50`).failure?.result).toBe('OUT_OF_TIME')
  })

  it('is over within a call too, and nothing of the transaction stays', () => {
    const state = createState()
    putContract(state, OTHER, '5b5f56')
    const result = runCode(`6001600155${call('f1', OTHER.slice(2), '5f')}`, { state })
    expect(result.failure?.result).toBe('OUT_OF_TIME')
    expect(state.depth).toBe(1)
    expect(state.getSlot(CONTRACT, 1n)).toBe(0n)
  })
})

describe('a delegated call', () => {
  it('has the TRX of the call that it stands for, and none of its tokens (java-tron, callToAddress)', () => {
    const state = createState()
    state.setTokenBalance(CALLER, '1000001', 9n)
    putContract(state, OTHER, `3460801bd217${RETURN_TOP}`)
    const { word } = top(`60205f5f5f73${OTHER.slice(2)}5af4505f51`, {
      state,
      valueSun: 5n,
      token: { tokenId: 1_000_001n, amount: 4n },
    })
    expect(word).toBe(5n << 128n)
  })
})
