import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES } from '../../units/index.ts'
import type { BlockClass } from '../wire-extension.ts'
import { createRateLimit } from './rate-limit.ts'
import { MAX_QUEUED_REQUESTS, UploadQueue, type UploadQueueOptions } from './upload-queue.ts'

function setUp(options: Partial<UploadQueueOptions> & { hasFast?: boolean } = {}) {
  const log: string[] = []
  const offences: string[] = []
  const state = {
    isOpen: { free: true, paid: true },
    blockClass: 'free' as BlockClass,
    arrived: [] as BlockClass[],
    buffered: 0,
    debited: 0,
  }
  const wire = {
    hasFast: options.hasFast ?? true,
    destroyed: false,
    peerInterested: true,
    piece: (index: number, offset: number) => void log.push(`piece ${index}:${offset}`),
    reject: (index: number, offset: number) => void log.push(`reject ${index}:${offset}`),
    choke: () => void log.push('choke'),
    unchoke: () => void log.push('unchoke'),
    _readableState: {
      get buffered() {
        return state.buffered
      },
    },
  }
  const queue = new UploadQueue({
    wire,
    session: {
      getUploadClass: () => state.blockClass,
      onRequest: (blockClass) => void state.arrived.push(blockClass),
      gate: ({ blockClass }) => (state.isOpen[blockClass] ? 'serve' : 'hold'),
      onBlockSent: ({ lengthBytes }) => {
        state.debited += lengthBytes
      },
    },
    limit: createRateLimit(null),
    inspect: (index) => (index < 100 ? 'present' : index < 200 ? 'absent' : 'invalid'),
    read: async (_index, _offset, length) => new Uint8Array(length),
    answersCancels: () => true,
    onOffence: (error) => void offences.push(error.code),
    ...options,
  })
  return { queue, log, offences, state }
}

describe('UploadQueue', () => {
  it('serves in order and debits what was handed to the wire', async () => {
    const { queue, log, state } = setUp()
    for (let index = 0; index < 3; index++) queue.onRequest(index, 0, BLOCK_BYTES)
    await expect.poll(() => log).toEqual(['piece 0:0', 'piece 1:0', 'piece 2:0'])
    expect(state.debited).toBe(3 * BLOCK_BYTES)
  })

  it('holds at the gate until woken', async () => {
    const { queue, log, state } = setUp()
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    expect(queue.length).toBe(1)
    state.isOpen.free = true
    queue.wake()
    await expect.poll(() => log).toEqual(['piece 0:0'])
  })

  it('tells of each accepted request once, in the class of its arrival, however often it looks again', async () => {
    const { queue, log, state } = setUp({ maxHoldMs: 20 })
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    queue.onRequest(1, 0, BLOCK_BYTES)
    // Refused: there is no such piece here.
    queue.onRequest(150, 0, BLOCK_BYTES)
    for (let look = 0; look < 5; look++) queue.wake()
    // Held too long: the wire is choked, which asks for the present class too.
    await expect.poll(() => log).toContain('choke')
    queue.wake()
    state.blockClass = 'paid'
    state.isOpen.free = true
    queue.wake()
    queue.onRequest(2, 0, BLOCK_BYTES)
    expect(state.arrived).toEqual(['free', 'free', 'paid'])
  })

  it('lets paid requests pass held free ones', async () => {
    const { queue, log, state } = setUp()
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    state.blockClass = 'paid'
    queue.onRequest(1, 0, BLOCK_BYTES)
    await expect.poll(() => log).toEqual(['piece 1:0'])
    expect(queue.length).toBe(1)
  })

  it('answers a cancelled request with a reject and never sends it', async () => {
    const { queue, log, state } = setUp()
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    queue.onRequest(1, 0, BLOCK_BYTES)
    queue.onCancel(0, 0, BLOCK_BYTES)
    state.isOpen.free = true
    queue.wake()
    await expect.poll(() => log).toEqual(['reject 0:0', 'piece 1:0'])
    expect(state.debited).toBe(BLOCK_BYTES)
  })

  it('does not send or debit what is cancelled while it is read', async () => {
    const reading = Promise.withResolvers<Uint8Array>()
    const { queue, log, state } = setUp({ read: () => reading.promise })
    queue.onRequest(0, 0, BLOCK_BYTES)
    queue.onCancel(0, 0, BLOCK_BYTES)
    reading.resolve(new Uint8Array(BLOCK_BYTES))
    await expect.poll(() => log).toEqual(['reject 0:0'])
    expect(state.debited).toBe(0)
  })

  it('waits while the wire has not passed on what it was given', async () => {
    const { queue, log, state } = setUp()
    state.buffered = 1 << 20
    queue.onRequest(0, 0, BLOCK_BYTES)
    expect(log).toEqual([])
    state.buffered = 0
    queue.wake()
    await expect.poll(() => log).toEqual(['piece 0:0'])
  })

  it('refuses and chokes after holding too long, and unchokes when the gate would serve again', async () => {
    const { queue, log, state } = setUp({ maxHoldMs: 20 })
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    await expect.poll(() => log).toEqual(['reject 0:0', 'choke'])
    expect(queue.isChokedByGate).toBe(true)
    queue.wake()
    expect(log).toHaveLength(2)
    state.isOpen.free = true
    queue.wake()
    expect(log.at(-1)).toBe('unchoke')
  })

  it('refuses stale free requests of a payer without choking it', async () => {
    const { queue, log, state } = setUp({ maxHoldMs: 20 })
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    state.blockClass = 'paid'
    await expect.poll(() => log).toEqual(['reject 0:0'])
    expect(queue.isChokedByGate).toBe(false)
  })

  it('says nothing to peers without the fast extension, but chokes them', async () => {
    const { queue, log, state } = setUp({ maxHoldMs: 20, hasFast: false })
    state.isOpen.free = false
    queue.onRequest(0, 0, BLOCK_BYTES)
    await expect.poll(() => log).toEqual(['choke'])
  })

  it('rejects what it lacks, drops peers that ask for what cannot be, and floods', () => {
    const { queue, log, offences, state } = setUp()
    queue.onRequest(150, 0, BLOCK_BYTES)
    expect(log).toEqual(['reject 150:0'])
    queue.onRequest(250, 0, BLOCK_BYTES)
    expect(offences).toEqual(['bad-request'])
    state.isOpen.free = false
    for (let count = 0; count < MAX_QUEUED_REQUESTS; count++) queue.onRequest(1, count, BLOCK_BYTES)
    expect(queue.length).toBe(MAX_QUEUED_REQUESTS)
    queue.onRequest(2, 0, BLOCK_BYTES)
    expect(log.at(-1)).toBe('reject 2:0')
    for (let count = 0; count < 5_000 && offences.length === 1; count++) queue.onRequest(2, 0, BLOCK_BYTES)
    expect(offences).toEqual(['bad-request', 'request-flood'])
  })

  it('refuses a block that cannot be read', async () => {
    const { queue, log, state } = setUp({ read: () => Promise.reject(new Error('disk')) })
    queue.onRequest(0, 0, BLOCK_BYTES)
    await expect.poll(() => log).toEqual(['reject 0:0'])
    expect(state.debited).toBe(0)
  })
})

describe('createRateLimit', () => {
  it('lets its rate through and no more', () => {
    let now = 0
    const limit = createRateLimit(100_000, () => now)
    expect(limit.take(100_000)).toBe(0)
    expect(limit.take(50_000)).toBe(500)
    now = 500
    expect(limit.take(50_000)).toBe(0)
    limit.setRate(null)
    expect(limit.take(1e9)).toBe(0)
  })
})
