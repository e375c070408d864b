import { afterEach, expect, test } from 'vitest'
import { createNodeClient } from './node-client.ts'
import { startTestNode, type TestNode } from './testing/node.ts'

let node: TestNode | null = null
afterEach(() => node?.stop())

/** A client whose waits pass at once and are written down. */
function connect(url: string) {
  const waits: number[] = []
  const client = createNodeClient(url, { wait: async (durationMs) => void waits.push(durationMs) })
  return { client, waits }
}

test('a call that was turned away for its pace is made again, later each time', async () => {
  const replies: (object | number)[] = [429, 503, { good: true }]
  node = await startTestNode(() => replies.shift() ?? 500)
  const { client, waits } = connect(node.url)
  expect(await client.post('/wallet/x', {})).toEqual({ good: true })
  expect(waits).toEqual([600, 1_500])
})

test('a node that stays closed is away, after four tries', async () => {
  node = await startTestNode(() => 429)
  const { client, waits } = connect(node.url)
  await expect(client.post('/wallet/x', {})).rejects.toMatchObject({ code: 'unreachable' })
  expect(waits).toHaveLength(3)
  expect(node.asked).toHaveLength(4)
})

test('any other refusal is final', async () => {
  node = await startTestNode(() => 400)
  const { client, waits } = connect(node.url)
  await expect(client.post('/wallet/x', {})).rejects.toThrow('answered 400')
  expect(waits).toEqual([])
})

test('who gives up is not kept waiting', async () => {
  node = await startTestNode(() => 429)
  const stopping = new AbortController()
  const asked = createNodeClient(node.url).post('/wallet/x', {}, stopping.signal)
  await expect.poll(() => node?.asked.length).toBe(1)
  stopping.abort(new Error('gave up'))
  await expect(asked).rejects.toThrow('gave up')
})

test('a list is a list, and nothing is an empty one', async () => {
  const replies: unknown[] = [[{ id: 1 }], {}, { strange: true }]
  node = await startTestNode(() => replies.shift() as object)
  const { client } = connect(node.url)
  expect(await client.postForList('/wallet/x', {})).toEqual([{ id: 1 }])
  expect(await client.postForList('/wallet/x', {})).toEqual([])
  await expect(client.postForList('/wallet/x', {})).rejects.toMatchObject({ code: 'bad-reply' })
})
