import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bytesToHex, type Hex, hexToBytes } from '../base/index.ts'
import { addressOfPrivateKey, type Network } from '../tron/index.ts'
import { startTestNode, type TestAnswer, type TestNode } from '../tron/testing/node.ts'
import { toAmount } from '../units/index.ts'
import { createKeySigner } from '../wallet/key-signer.ts'
import type { Chain } from './chain.ts'
import { connectChain } from './connect-chain.ts'

const CHAIN_ID = 0x1234abcd
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const me = addressOfPrivateKey(key(1))
const word = (value: bigint): string => value.toString(16).padStart(64, '0')
const genesis = { blockID: `${'0'.repeat(56)}${CHAIN_ID.toString(16)}` }
const headTimeMs = 1_800_000_000_000
const head = {
  blockID: `${(9).toString(16).padStart(16, '0')}${'ab'.repeat(24)}`,
  block_header: { raw_data: { number: 9, timestamp: headTimeMs } },
}
const parameters = {
  chainParameter: [
    { key: 'getEnergyFee', value: 100 },
    { key: 'getTransactionFee', value: 1000 },
    { key: 'getNothing' },
  ],
}

/** A node that does all right; tests replace single answers. */
const honest: TestAnswer = (path, body) => {
  switch (path) {
    case '/wallet/getblockbynum':
      return genesis
    case '/wallet/getblock':
      return head
    case '/wallet/getchainparameters':
      return parameters
    case '/wallet/triggerconstantcontract':
      return { result: { result: true }, energy_used: 20_000, constant_result: [word(1n)] }
    case '/wallet/getaccount':
      return { balance: 5_000_000_000 }
    case '/wallet/broadcasttransaction':
      return { result: true, txid: body.txID }
    case '/wallet/gettransactioninfobyid':
      return {
        id: body.value,
        blockNumber: 10,
        fee: 77,
        receipt: { result: 'SUCCESS', energy_usage_total: 5 },
      }
    default:
      return {}
  }
}
const but =
  (path: string, reply: (body: Record<string, unknown>) => ReturnType<TestAnswer>): TestAnswer =>
  (asked, body) =>
    asked === path ? reply(body) : honest(asked, body)

let node: TestNode
let chain: Chain
const signer = createKeySigner(bytesToHex(key(1)))
const approve = { kind: 'approve', amount: toAmount(1n) } as const

beforeAll(async () => {
  node = await startTestNode(honest)
})
beforeEach(async () => {
  node.answer = honest
  node.asked.length = 0
  const network: Network = {
    name: 'devnet',
    label: 'Test',
    fullHost: node.url,
    chainId: CHAIN_ID,
    contract: addressOfPrivateKey(key(2)),
    token: addressOfPrivateKey(key(3)),
    explorerUrl: null,
    isTestnet: true,
    faucetUrl: null,
  }
  chain = await connectChain(network)
})
afterAll(() => node.stop())

describe('a node that speaks nonsense', () => {
  const nonsense: readonly [what: string, path: string, reply: ReturnType<TestAnswer>][] = [
    ['text that is no JSON', '/wallet/getaccount', '<html>'],
    ['a list', '/wallet/getaccount', []],
    ['a balance below zero', '/wallet/getaccount', { balance: -1 }],
    ['a balance in words', '/wallet/getaccount', { balance: '12' }],
    ['a balance with a fraction', '/wallet/getaccount', { balance: 1.5 }],
    ['a genesis block without an id', '/wallet/getblockbynum', {}],
  ]
  it.each(nonsense)('is refused: %s', async (_what, path, reply) => {
    node.answer = but(path, () => reply)
    await expect(chain.getTrxBalance(me)).rejects.toMatchObject({ name: 'ChainError', code: 'bad-reply' })
  })

  it.each([
    ['too few words', '01'],
    ['no hex', 'zz'.repeat(32)],
    ['nothing', ''],
  ])('is refused: a result of %s', async (_what, result) => {
    node.answer = but('/wallet/triggerconstantcontract', () => ({
      result: { result: true },
      constant_result: [result],
    }))
    await expect(chain.getBttBalance(me)).rejects.toMatchObject({ code: 'bad-reply' })
  })

  it.each([
    ['OutOfTimeException', "CPU timeout for 'PUSH1' operation executing", 'out-of-time'],
    ['OutOfEnergyException', "Not enough energy for 'SSTORE' operation executing: …", 'out-of-energy'],
    ['IllegalOperationException', 'Invalid operation code: opCode[fe];', 'refused'],
  ])('says why a call failed in it: %s', async (exception, words, code) => {
    const message = `class org.tron.core.vm.program.Program$${exception} : ${words}`
    node.answer = but('/wallet/triggerconstantcontract', () => ({
      result: { code: 'OTHER_ERROR', message: Buffer.from(message).toString('hex') },
    }))
    await expect(chain.getBttBalance(me)).rejects.toMatchObject({ name: 'ChainError', code })
  })

  it('has BTTOLD among other tokens, and nonsense of them is refused', async () => {
    const having = (assetV2: unknown): void => {
      node.answer = but('/wallet/getaccount', () => ({ balance: 1, assetV2 }))
    }
    having([
      { key: '1000001', value: 9 },
      { key: '1002000', value: 7 },
    ])
    expect((await chain.getMeans(me)).bttold).toBe(7n)
    having([{ key: '1000001', value: 9 }])
    expect((await chain.getMeans(me)).bttold).toBe(0n)
    for (const nonsense of [{}, [7], [{ key: '1002000', value: -1 }], [{ key: '1002000', value: '7' }]]) {
      having(nonsense)
      await expect(chain.getMeans(me)).rejects.toMatchObject({ code: 'bad-reply' })
    }
  })

  it('is refused: a reply without end', async () => {
    node.answer = but('/wallet/getaccount', () => `{"a":"${'x'.repeat(9_000_000)}"}`)
    await expect(chain.getTrxBalance(me)).rejects.toMatchObject({ code: 'bad-reply' })
  })

  it.each([500, 404, null])('counts as away: %s', async (reply) => {
    node.answer = but('/wallet/getaccount', () => reply)
    await expect(chain.getTrxBalance(me)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('is asked for its chain again once it has failed', async () => {
    node.answer = () => null
    await expect(chain.getTrxBalance(me)).rejects.toMatchObject({ code: 'unreachable' })
    node.answer = honest
    expect(await chain.getTrxBalance(me)).toBe(5_000_000_000n)
  })
})

describe('a node that wants too much', () => {
  it('cannot name an absurd price of energy', async () => {
    node.answer = but('/wallet/getchainparameters', () => ({
      chainParameter: [
        { key: 'getEnergyFee', value: 9_000_000 },
        { key: 'getTransactionFee', value: 1000 },
      ],
    }))
    await expect(chain.estimateFee(approve, me)).rejects.toMatchObject({ code: 'bad-reply' })
  })

  it('cannot raise the fee limit by naming absurd energy', async () => {
    node.answer = but('/wallet/triggerconstantcontract', () => ({
      result: { result: true },
      energy_used: 10 ** 9,
      constant_result: [word(1n)],
    }))
    await expect(chain.estimateFee(approve, me)).rejects.toMatchObject({ code: 'fee-too-high' })
  })

  it('that is behind has nothing signed: the network would refuse it', async () => {
    const timestamp = Date.now() - 20 * 60_000
    node.answer = but('/wallet/getblock', () => ({
      ...head,
      block_header: { raw_data: { number: 9, timestamp } },
    }))
    let asked = 0
    const watching = {
      address: me,
      signTransaction: (transaction: unknown) => {
        asked += 1
        return signer.signTransaction(transaction)
      },
    }
    await expect(chain.send(approve, watching)).rejects.toMatchObject({
      code: 'node-behind',
      message: expect.stringContaining('20 minutes'),
    })
    expect(asked).toBe(0)
  })

  it('cannot have another transaction signed: what is signed is built here', async () => {
    let seen: { raw_data_hex: string; raw_data: Record<string, unknown> } | null = null
    const watching = {
      address: me,
      signTransaction: (transaction: unknown) => {
        seen = transaction as typeof seen
        return signer.signTransaction(transaction)
      },
    }
    const receipt = await chain.send(approve, watching)
    expect(receipt).toMatchObject({ blockNumber: 10, feeSun: 77n, energy: 5 })
    expect(node.asked).not.toContain('/wallet/triggersmartcontract')
    // approve(address,uint256) and the contract's 20 bytes stand in what was signed.
    expect(seen!.raw_data_hex).toContain('095ea7b3')
    expect(seen!.raw_data).toMatchObject({ fee_limit: 3_600_000, expiration: headTimeMs + 120_000 })
  })
})

describe('a broadcast', () => {
  it('is not sent again when its answer was lost but the node has it', async () => {
    let isTaken = false
    node.answer = (path, body) => {
      if (path === '/wallet/broadcasttransaction') {
        isTaken = true
        return null
      }
      return path === '/wallet/gettransactionbyid' && isTaken ? { txID: body.value } : honest(path, body)
    }
    const kept: Hex[] = []
    await chain.send(approve, signer, (txId) => kept.push(txId))
    expect(kept).toHaveLength(1)
    expect(node.asked.filter((path) => path === '/wallet/broadcasttransaction')).toHaveLength(1)
  })

  it('keeps the id of a transaction whose fate is unknown', async () => {
    node.answer = but('/wallet/broadcasttransaction', () => null)
    const kept: Hex[] = []
    await expect(chain.send(approve, signer, (txId) => kept.push(txId))).rejects.toMatchObject({
      code: 'unreachable',
    })
    expect(kept).toHaveLength(1)
    expect(hexToBytes(kept[0]!)).toHaveLength(32)
  })

  it('counts as unknown when it is refused after an answer was lost', async () => {
    let isFirst = true
    node.answer = but('/wallet/broadcasttransaction', () => {
      const reply = isFirst ? 'garbage' : { code: 'TAPOS_ERROR' }
      isFirst = false
      return reply
    })
    const kept: Hex[] = []
    await expect(chain.send(approve, signer, (txId) => kept.push(txId))).rejects.toMatchObject({
      code: 'bad-reply',
    })
    expect(kept).toHaveLength(1)
  })

  it('takes a duplicate as sent', async () => {
    node.answer = but('/wallet/broadcasttransaction', () => ({ code: 'DUP_TRANSACTION_ERROR', message: '' }))
    expect((await chain.send(approve, signer)).blockNumber).toBe(10)
  })

  it.each([
    ['TRANSACTION_EXPIRATION_ERROR', 'expired'],
    ['BANDWITH_ERROR', 'too-little-trx'],
    ['SIGERROR', 'bad-signature'],
    ['OTHER_ERROR', 'refused'],
  ])('that the node refuses with %s is %s, and no id is kept', async (code, ours) => {
    node.answer = but('/wallet/broadcasttransaction', () => ({ code, message: '6e6f' }))
    const kept: Hex[] = []
    await expect(chain.send(approve, signer, (txId) => kept.push(txId))).rejects.toMatchObject({ code: ours })
    expect(kept).toEqual([])
  })
})

describe('a transaction that failed in its block', () => {
  const failed = (fields: object) =>
    but('/wallet/gettransactioninfobyid', (body) => ({ id: body.value, result: 'FAILED', ...fields }))

  it.each([
    ['out of energy', { receipt: { result: 'OUT_OF_ENERGY' } }, 'out-of-energy'],
    ['an error of the contract', { receipt: { result: 'REVERT' }, contractResult: ['e5bfdd7a'] }, 'reverted'],
    [
      'words',
      {
        receipt: { result: 'REVERT' },
        contractResult: [`08c379a0${word(32n)}${word(2n)}${'6e6f'.padEnd(64, '0')}`],
      },
      'reverted',
    ],
  ])('says why: %s', async (_what, fields, code) => {
    node.answer = failed(fields)
    await expect(chain.send(approve, signer)).rejects.toMatchObject({ name: 'ChainError', code })
  })

  it('is not believed when the receipt is of another', async () => {
    node.answer = but('/wallet/gettransactioninfobyid', () => ({ id: '00'.repeat(32), blockNumber: 1 }))
    await expect(chain.send(approve, signer)).rejects.toMatchObject({ code: 'bad-reply' })
  })
})
