import { afterEach, describe, expect, it } from 'vitest'
import { startTestNode, type TestNode } from '../../lib/tron/testing/node.ts'
import { createPacedClient } from './paced-client.ts'

let node: TestNode
afterEach(() => node.stop())

describe('a client that keeps its distance', () => {
  it('lets so many calls through in a second', async () => {
    node = await startTestNode(() => ({}))
    const waitedMs: number[] = []
    const client = createPacedClient(node.url, 4, async (durationMs) => void waitedMs.push(durationMs))
    await Promise.all([1, 2, 3].map(() => client.post('/wallet/getblock', {})))
    expect(waitedMs.map((durationMs) => Math.round(durationMs / 50) * 50)).toEqual([250, 500])
  })

  it('waits where it is turned away, and not for long where that does not end', async () => {
    const replies: (object | number)[] = [429, 403, { good: true }]
    node = await startTestNode(() => replies.shift() ?? 429)
    const waitedMs: number[] = []
    const client = createPacedClient(node.url, null, async (durationMs) => void waitedMs.push(durationMs))
    expect(await client.post('/wallet/getblock', {})).toEqual({ good: true })
    expect(waitedMs).toHaveLength(2)
    await expect(client.post('/wallet/getblock', {})).rejects.toMatchObject({ code: 'unreachable' })
    expect(node.asked).toHaveLength(3 + 8)
  })

  it('does not ask again for anything else that fails', async () => {
    node = await startTestNode(() => 500)
    await expect(createPacedClient(node.url, null).post('/wallet/getblock', {})).rejects.toThrow('500')
    expect(node.asked).toHaveLength(1)
  })
})
