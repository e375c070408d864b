import { afterEach, expect, test } from 'vitest'
import { connectNode } from './connection.ts'
import { startTestNode, type TestAnswer, type TestNode } from './testing/node.ts'

const CHAIN_ID = 0xcd8690dc
const ADDRESS = 'TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp4'

const nodes: TestNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()))
})

/** A node of the chain whose accounts hold `balance`. */
function serve(balance: number, chainId = CHAIN_ID): TestAnswer {
  return (path) => {
    if (path === '/wallet/getblockbynum') return { blockID: chainId.toString(16).padStart(64, '0') }
    if (path === '/wallet/getaccount') return { balance }
    return 404
  }
}

async function start(answer: TestAnswer): Promise<TestNode> {
  const node = await startTestNode(answer)
  nodes.push(node)
  return node
}

async function connect(...[first, ...others]: readonly [TestNode, ...TestNode[]]) {
  const { getTrxBalance } = await connectNode({
    fullHost: first.url,
    otherHosts: others.map(({ url }) => url),
    chainId: CHAIN_ID,
    label: 'Nile',
  })
  return () => getTrxBalance(ADDRESS as Parameters<typeof getTrxBalance>[0])
}

test('while one node is away the next is asked, until that is away in its turn', async () => {
  const first = await start(serve(1))
  const second = await start(serve(2))
  const read = await connect(first, second)
  expect(await read()).toBe(1n)
  first.answer = () => null
  expect(await read()).toBe(2n)
  first.answer = serve(1)
  // Whoever answered stays: two nodes are never a moment apart within one command.
  expect(await read()).toBe(2n)
  second.answer = () => 500
  expect(await read()).toBe(1n)
})

test('a further node is held to the chain, too: of another one nothing is believed', async () => {
  const first = await start(() => null)
  const wrong = await start(serve(99, 1))
  const read = await connect(first, wrong)
  await expect(read()).rejects.toMatchObject({ code: 'unreachable' })
  const right = await start(serve(3))
  expect(await (await connect(first, wrong, right))()).toBe(3n)
  expect(wrong.asked).not.toContain('/wallet/getaccount')
})

test('a broadcast is asked of one node only: nobody else is given it before it is looked up', async () => {
  const { node } = await connectNode({
    fullHost: (await start(serve(1))).url,
    otherHosts: [(await start(serve(2))).url],
    chainId: CHAIN_ID,
    label: 'Nile',
  })
  const [first, second] = nodes
  await node.post('/wallet/broadcasttransaction', {}).catch(() => undefined)
  expect(first?.asked.at(-1)).toBe('/wallet/broadcasttransaction')
  expect(second?.asked).toEqual([])
})
