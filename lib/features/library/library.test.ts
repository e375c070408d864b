import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SiteError } from '../../base/index.ts'
import type { Exchange } from '../../exchange/index.ts'
import { writeMemory } from '../../kernel/index.ts'
import { fakeCapabilities, fakeSwarm } from '../../kernel/testing/capabilities.ts'
import type { StreamServer } from '../../media/index.ts'
import { pieceReason, settleTasks, testKey } from '../../payments/testing/accounts.ts'
import type { TorrentEngine, TorrentSnapshot, TorrentStorage } from '../../torrent/index.ts'
import { toAmount } from '../../units/index.ts'
import { startLibrary } from './library.ts'

const HASH = 'ab'.repeat(20)
const GONE = 'cd'.repeat(20)

/** What localStorage gives a page. */
function stubStorage(): void {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  })
}
beforeEach(stubStorage)
afterEach(() => vi.unstubAllGlobals())

function snapshot(infoHash: string): TorrentSnapshot {
  return {
    infoHash,
    name: 'clip',
    state: { status: 'downloading' },
    peers: [],
    trackers: [{ url: 'ws://x', status: 'ok', message: null }],
    addedAtMs: Date.now(),
  } as unknown as TorrentSnapshot
}

function createWorld(join?: () => Promise<never>) {
  const log: string[] = []
  const listeners = new Set<() => void>()
  let list: TorrentSnapshot[] = []
  const engine = {
    restore: async () => void log.push('restore'),
    markPaid: (infoHash: string, piece: number) => void log.push(`paid ${infoHash.slice(0, 2)} ${piece}`),
    list: () => list,
    getSnapshot: (infoHash: string) => list.find((one) => one.infoHash === infoHash) ?? null,
    add: async ({ infoHash }: { infoHash: string }) => {
      list = [snapshot(infoHash)]
      return infoHash
    },
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    getTorrentFile: () => Uint8Array.of(1),
    onChange(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as TorrentEngine
  const fake = fakeSwarm()
  const swarm = join ? { ...fake.swarm, join } : fake.swarm
  const { capabilities, errors } = fakeCapabilities({ swarm })
  const run = (): void =>
    fake.run({
      engine,
      exchange: {
        getPeerMoney: () => ({ status: 'free' }),
        onChange: () => () => undefined,
      } as unknown as Exchange,
      streams: { getStreamUrl: () => '/stream/x' } as unknown as StreamServer,
      storage: {
        remove: async (infoHash: string) => void log.push(`forget ${infoHash.slice(0, 2)}`),
      } as unknown as TorrentStorage,
    })
  const change = (): void => {
    for (const listener of listeners) listener()
  }
  return { log, errors, run, capabilities, change }
}

test('at the start what was removed goes first, then torrents come back, then paid pieces are painted', async () => {
  writeMemory('removals', [GONE])
  const { log, run, capabilities, errors } = createWorld()
  const ledger = await capabilities.ledger()
  const { torrentName, memo, lengthBytes, pieceIndex } = pieceReason(3)
  const [amount, cumulative] = [toAmount(1n), toAmount(1n)]
  const payee = testKey(1).address
  await ledger.commit({
    receipts: [
      {
        kind: 'piece',
        atMs: 1,
        channelId: '0x01',
        payee,
        amount,
        cumulative,
        infoHash: HASH,
        torrentName,
        pieceIndex,
        lengthBytes,
        memo,
      },
    ],
  })
  startLibrary(capabilities)
  await settleTasks()
  expect(log).toEqual([])
  run()
  await settleTasks()
  expect(log).toEqual(['forget cd', 'restore', 'paid ab 3'])
  expect(errors).toEqual([])
})

test('a torrent is added, shown, taken off and had back', async () => {
  const { run, capabilities, change, log } = createWorld()
  const { store, commands, stop } = startLibrary(capabilities)
  run()
  expect(await commands.addText(HASH)).toEqual({ status: 'added', infoHash: HASH })
  change()
  expect(store.get()).toMatchObject([{ infoHash: HASH, problem: null }])
  expect(commands.getStreamUrl(HASH, 0)).toBe('/stream/x')
  expect(commands.saveTorrentFile(HASH)).toEqual(Uint8Array.of(1))
  const { undo } = await commands.remove(HASH)
  expect(store.get()).toEqual([])
  expect(await undo()).toBe(true)
  expect(store.get()).toHaveLength(1)
  expect(log).toContain('pause')
  await stop()
  change()
})

test('nonsense is refused in words before anything waits; a question put off withdraws', async () => {
  const put = createWorld(() => Promise.reject(new SiteError('consent-declined', 'put off')))
  const { commands } = startLibrary(put.capabilities)
  expect(await commands.addText('not a link')).toMatchObject({
    status: 'refused',
    problem: { code: 'unrecognised' },
  })
  expect(await commands.addText(HASH)).toEqual({ status: 'withdrawn' })
})

test('in a tab that follows a link is refused with the words of that', async () => {
  const follower = createWorld(() => Promise.reject(new SiteError('other-tab', 'another leads')))
  const { commands } = startLibrary(follower.capabilities)
  expect(await commands.addText(HASH)).toMatchObject({ status: 'refused', problem: { code: 'other-tab' } })
  expect(commands.getStreamUrl(HASH, 0)).toBeNull()
})
