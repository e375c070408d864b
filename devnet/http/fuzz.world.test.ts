/** Whatever comes in over HTTP, the answer is JSON and the chain goes on. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from '../testing/connect-tronweb.ts'
import { walletAccounts } from './wallet-accounts.ts'
import { walletBuilders } from './wallet-builders.ts'
import { walletChecks } from './wallet-checks.ts'
import { walletReads } from './wallet-reads.ts'
import { walletWrites } from './wallet-writes.ts'

let devnet: Devnet
let signed: Record<string, unknown>
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'fuzz test', solidLagBlocks: 2 })
  const alice = connectTronWeb(devnet, devnet.accounts.alice)
  const unsigned = await alice.transactionBuilder.sendTrx(devnet.accounts.bob.address, 5)
  signed = (await alice.trx.sign(unsigned)) as unknown as Record<string, unknown>
})
afterAll(() => devnet.stop())

const ENDPOINTS = Object.keys({
  ...walletReads,
  ...walletAccounts,
  ...walletBuilders,
  ...walletChecks,
  ...walletWrites,
})
const FIELDS = [
  ...['address', 'owner_address', 'to_address', 'contract_address', 'receiver_address', 'value', 'visible'],
  ...['num', 'startNum', 'endNum', 'id_or_num', 'detail', 'amount', 'call_value', 'token_id', 'fee_limit'],
  ...['data', 'parameter', 'function_selector', 'transaction', 'raw_data', 'signature', 'frozen_balance'],
  ...['owner', 'actives', 'abi', 'bytecode', 'asset_name', 'Permission_id', 'limit', 'fingerprint'],
  ...['event_name', 'block_number', '__proto__', 'constructor'],
]

const address = fc.constantFrom(
  'TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp4',
  'TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp5',
  `41${'11'.repeat(20)}`,
  '0x',
)
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', '0x', 'zz', 'a', '9'.repeat(30), -1, 1e300, Number.MAX_SAFE_INTEGER, true, null),
  fc.string({ unit: 'binary', maxLength: 40 }),
  address,
)
const body = fc.dictionary(fc.constantFrom(...FIELDS), odd, { maxKeys: 8 })
const request = fc.record({
  room: fc.constantFrom('wallet', 'walletsolidity'),
  endpoint: fc.constantFrom(...ENDPOINTS),
  body,
  text: fc.option(fc.string({ unit: 'binary', maxLength: 60 }), { freq: 8 }),
})

async function expectJson(path: string, init?: RequestInit) {
  const response = await fetch(`${devnet.url}/${path}`, init)
  const text = await response.text()
  // Of what a node has not, its web server says so in a page.
  if (response.status === 405) return null
  expect(response.status, `${path} ${String(init?.body)} ${text}`).toBeLessThan(500)
  return JSON.parse(text)
}

const makesBlocks = async () => {
  const before = devnet.chain.head.number
  const alice = connectTronWeb(devnet, devnet.accounts.alice)
  const sent = await alice.trx.sendTransaction(devnet.accounts.bob.address, before + 1)
  expect(sent.result).toBe(true)
  expect(devnet.chain.head.number).toBeGreaterThan(before)
}

describe('any request', () => {
  it('to any endpoint is answered in JSON, and blocks are made afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        const text = each.text ?? JSON.stringify(each.body)
        await expectJson(`${each.room}/${each.endpoint}`, { method: 'POST', body: text })
      }),
      { numRuns: 400 },
    )
    await makesBlocks()
  })

  it('with odd queries and paths is answered in JSON', async () => {
    const path = fc.oneof(
      fc.constantFrom(...ENDPOINTS).map((name) => `wallet/${name}`),
      fc
        .tuple(
          fc.constantFrom('contracts', 'transactions', 'blocks', 'accounts'),
          fc.oneof(address, fc.string()),
        )
        .map(([kind, key]) => `v1/${kind}/${encodeURIComponent(key)}/events`),
    )
    const query = fc.dictionary(fc.constantFrom(...FIELDS), fc.string({ maxLength: 30 }), { maxKeys: 5 })
    await fc.assert(
      fc.asyncProperty(path, query, async (where, params) => {
        await expectJson(`${where}?${new URLSearchParams(Object.entries(params))}`)
      }),
      { numRuns: 200 },
    )
    await makesBlocks()
  })

  it('with a transaction that is broken in one place is refused, and changes nothing', async () => {
    const balance = () =>
      connectTronWeb(devnet, devnet.accounts.bob).trx.getUnconfirmedBalance(devnet.accounts.bob.address)
    const before = await balance()
    const breakAt = fc.record({
      path: fc.constantFrom(
        ['raw_data'],
        ['signature'],
        ['raw_data', 'contract'],
        ['raw_data', 'expiration'],
        ['raw_data', 'contract', '0', 'type'],
        ['raw_data', 'contract', '0', 'parameter'],
        ['raw_data', 'contract', '0', 'parameter', 'value'],
        ['raw_data', 'contract', '0', 'parameter', 'value', 'amount'],
        ['raw_data', 'contract', '0', 'parameter', 'value', 'to_address'],
      ),
      value: odd,
    })
    await fc.assert(
      fc.asyncProperty(breakAt, async ({ path, value }) => {
        const broken = structuredClone(signed)
        const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, broken)
        parent[path.at(-1)!] = value
        const answer = await expectJson('wallet/broadcasttransaction', {
          method: 'POST',
          body: JSON.stringify(broken),
        })
        expect(answer.result).toBeUndefined()
        expect(answer.Error ?? answer.code).toBeTypeOf('string')
      }),
      { numRuns: 200 },
    )
    expect(await balance()).toBe(before)
  })

  it('as hex that is no transaction is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const answer = await expectJson('wallet/broadcasthex', {
          method: 'POST',
          body: JSON.stringify({ transaction: Buffer.from(bytes).toString('hex') }),
        })
        expect(answer.Error ?? answer.code).toBeTypeOf('string')
      }),
      { numRuns: 100 },
    )
  })
})

describe('many at once', () => {
  it('a hundred sends are each answered, and each is in exactly one block', async () => {
    const alice = connectTronWeb(devnet, devnet.accounts.alice)
    const first = devnet.chain.head.number + 1
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        alice.trx.sendTransaction(devnet.accounts.carol.address, 1_000 + index),
      ),
    )
    expect(answers.every(({ result }) => result)).toBe(true)
    const sent = answers.map(({ txid }) => txid).sort()
    expect(new Set(sent).size).toBe(100)
    const inBlocks: string[] = []
    for (let number = first; number <= devnet.chain.head.number; number++) {
      const block = devnet.chain.getBlock(number)!
      expect(block.parentId).toBe(devnet.chain.getBlock(number - 1)!.id)
      inBlocks.push(...block.txIds)
    }
    expect(inBlocks.sort()).toEqual(sent)
  })

  it('a body that never ends keeps nobody waiting', async () => {
    const { hostname, port } = new URL(devnet.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
    socket.write('POST /wallet/getaccount HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"address":')
    await makesBlocks()
    socket.destroy()
    await makesBlocks()
  })
})

describe('a query over very many events', () => {
  it('is answered a page at a time, each event once, whatever comes meanwhile', async () => {
    const alice = connectTronWeb(devnet, devnet.accounts.alice)
    // log0 of nothing, 10,000 times: push2 n, [jumpdest, push1 0, push1 0, log0, push1 1, swap1, sub, dup1, push1 3, jumpi]
    const loop = '6127105b60006000a060019003806003575000'
    const { address: contract } = await deployWith(alice, { abi: [], bytecode: wrapRuntime(loop) })
    const emit = async () => {
      const built = await alice.transactionBuilder.triggerSmartContract(contract, 'any()', {
        feeLimit: 15_000_000_000,
      })
      await alice.trx.sendRawTransaction(await alice.trx.sign(built.transaction))
      const info = await alice.trx.getUnconfirmedTransactionInfo(built.transaction.txID)
      expect(info.log).toHaveLength(10_000)
    }
    await emit()
    const seen: string[] = []
    let fingerprint = ''
    for (let pages = 0; pages < 3; pages++) {
      const answer = await expectJson(
        `v1/contracts/${contract}/events?limit=5000&order_by=block_timestamp,desc&fingerprint=${fingerprint}`,
      )
      expect(answer.data).toHaveLength(200)
      seen.push(...answer.data.map((event: { event_index: number }) => `${event.event_index}`))
      fingerprint = answer.meta.fingerprint
      if (pages === 0) await emit()
    }
    expect(seen).toEqual(Array.from({ length: 600 }, (_, index) => `${9_999 - index}`))
    const none = await expectJson(`v1/contracts/${contract}/events?event_name=Nothing`)
    expect(none).toMatchObject({ success: true, data: [] })
    const confirmed = await expectJson(`v1/contracts/${contract}/events?only_confirmed=true`)
    expect(confirmed.data).toEqual([])
  })
})
