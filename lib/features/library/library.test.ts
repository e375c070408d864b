import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SiteError } from '../../base/index.ts'
import type { RunningSwarm } from '../../kernel/index.ts'
import type { LedgerStore } from '../../payments/index.ts'
import { settleTasks } from '../../payments/testing/accounts.ts'
import { startLibrary } from './library.ts'

const HASH = 'ab'.repeat(20)
const MAGNET = `magnet:?xt=urn:btih:${HASH}`
const fail = (error: unknown): void => expect.unreachable(String(error))

let items: Map<string, string>
beforeEach(() => {
  items = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A swarm that writes down what it was told, and whose engine holds what was added. */
function createSwarmLog() {
  const log: string[] = []
  const torrents = new Map<string, string>()
  const listeners = new Set<() => void>()
  const onChange = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const snapshotOf = (infoHash: string) => {
    const status = torrents.get(infoHash)
    return status === undefined
      ? null
      : { infoHash, state: { status }, peers: [], trackers: [], addedAtMs: Date.now() }
  }
  const engine = {
    onChange,
    list: () => [...torrents.keys()].map(snapshotOf),
    getSnapshot: snapshotOf,
    restore: async () => void log.push('restore'),
    add: async (source: { infoHash?: string }) => {
      torrents.set(HASH, 'downloading')
      log.push(`add ${source.infoHash ?? ''}`)
      return HASH
    },
    seed: async (_files: readonly File[], name: string, onHashed: (bytes: number) => void) => {
      torrents.set(HASH, 'seeding')
      log.push(`seed ${name}`)
      onHashed(2)
      return HASH
    },
    pause: (infoHash: string) => {
      torrents.set(infoHash, 'paused')
      log.push('pause')
    },
    resume: (infoHash: string) => {
      torrents.set(infoHash, 'downloading')
      log.push('resume')
    },
    remove: async (infoHash: string) => {
      torrents.delete(infoHash)
      log.push('remove')
    },
    markPaid: (infoHash: string, pieceIndex: number) => void log.push(`paid ${infoHash} ${pieceIndex}`),
    getTorrentFile: () => new Uint8Array([1]),
  }
  const swarm = {
    engine,
    exchange: { onChange, getPeerMoney: () => null },
    storage: { remove: async (infoHash: string) => void log.push(`forget ${infoHash}`) },
    streams: { getStreamUrl: () => '/stream' },
  } as unknown as RunningSwarm
  const change = (): void => {
    for (const listener of [...listeners]) listener()
  }
  return { swarm, log, torrents, listeners, change }
}

interface Options {
  readonly receipts?: readonly unknown[]
  /** Why nothing can be added now. */
  readonly refuse?: string
  readonly report?: (error: unknown) => void
}

function openPage({ receipts = [], refuse, report = fail }: Options = {}) {
  const { swarm, ...rest } = createSwarmLog()
  const started = Promise.withResolvers<RunningSwarm>()
  let running: RunningSwarm | null = null
  const listening = new Set<(added: readonly unknown[]) => void>()
  const asked: string[] = []
  const ledger = {
    async *eachReceipt({ infoHash }: { readonly infoHash: string }) {
      asked.push(infoHash)
      for (const receipt of receipts)
        if ((receipt as { infoHash: string }).infoHash === infoHash) yield receipt
    },
    onReceipts(listener: (added: readonly unknown[]) => void) {
      listening.add(listener)
      return () => listening.delete(listener)
    },
  } as unknown as LedgerStore
  const library = startLibrary({
    swarm: {
      started: started.promise,
      async join() {
        if (refuse !== undefined) throw new SiteError(refuse as never, refuse)
        return started.promise
      },
      requireExchange: async () => swarm.exchange,
      onExchange: () => undefined,
      getRunning: () => running,
    },
    ledger: async () => ledger,
    publish: (publish) => publish,
    report,
  })
  return {
    ...library,
    ...rest,
    asked,
    earn: (added: readonly unknown[]) => {
      for (const listener of listening) listener(added)
    },
    startSwarm() {
      running = swarm
      started.resolve(swarm)
    },
  }
}

async function openStarted(options?: Options) {
  const page = openPage(options)
  page.startSwarm()
  await expect.poll(() => page.log).toContain('restore')
  await settleTasks()
  return page
}

test('what was removed at the last visit is deleted before the rest comes back', async () => {
  items.set('piecemeal.removals', JSON.stringify([HASH]))
  const { log } = await openStarted()
  expect(log).toEqual([`forget ${HASH}`, 'restore'])
  expect(items.has('piecemeal.removals')).toBe(false)
})

test('a torrent has its paid pieces when it appears, and those that are paid from then on', async () => {
  const receipts = [
    { kind: 'piece', infoHash: HASH, pieceIndex: 3 },
    { kind: 'piece', infoHash: HASH, pieceIndex: null },
    { kind: 'piece', infoHash: 'cd', pieceIndex: 5 },
  ]
  const { commands, change, log, asked, earn } = await openStarted({ receipts })
  // Nothing is read for what is not here.
  expect(asked).toEqual([])
  await commands.addText(MAGNET)
  change()
  change()
  await settleTasks()
  expect(asked).toEqual([HASH])
  earn([
    { kind: 'piece', infoHash: HASH, pieceIndex: 4 },
    { kind: 'tip', infoHash: HASH, pieceIndex: null },
  ])
  expect(log.filter((line) => line.startsWith('paid'))).toEqual([`paid ${HASH} 3`, `paid ${HASH} 4`])
})

test('a torrent that is added waits for the swarm and is then shown', async () => {
  const { commands, startSwarm, store, log, change } = openPage()
  const adding = commands.addText(MAGNET)
  await settleTasks()
  expect(log).toEqual([])
  startSwarm()
  expect(await adding).toEqual({ status: 'added', infoHash: HASH })
  change()
  expect(store.get().map(({ infoHash }) => infoHash)).toEqual([HASH])
})

test('what is no torrent is refused at once in words', async () => {
  const { commands, log } = openPage()
  expect(await commands.addText('hello')).toMatchObject({ status: 'refused', problem: expect.anything() })
  expect(log).toEqual([])
})

test('a consent sheet that is put off withdraws what waited for it', async () => {
  const { commands } = openPage({ refuse: 'consent-declined' })
  expect(await commands.addText(MAGNET)).toEqual({ status: 'withdrawn' })
})

test('while another tab leads, adding is refused in words', async () => {
  const { commands } = openPage({ refuse: 'other-tab' })
  const outcome = await commands.addText(MAGNET)
  expect(outcome).toMatchObject({ status: 'refused', problem: { code: 'other-tab' } })
})

test('files become one torrent, named after the first, and say how much of them was read', async () => {
  const { commands, log } = await openStarted()
  const shares: number[] = []
  const files = [new File(['ab'], 'a.txt'), new File(['cd'], 'b.txt')]
  expect(await commands.addFiles(files, (share) => shares.push(share))).toMatchObject({ status: 'added' })
  expect(log).toContain('seed a.txt and 1 more')
  expect(shares).toEqual([0.5])
})

test('a torrent file that is none is refused in words', async () => {
  const { commands } = await openStarted()
  const outcome = await commands.addFiles([new File(['nothing'], 'a.torrent')])
  expect(outcome).toMatchObject({ status: 'refused', problem: expect.anything() })
})

test('pausing and resuming reach the engine', async () => {
  const { commands, log } = await openStarted()
  await commands.addText(MAGNET)
  commands.pause(HASH)
  commands.resume(HASH)
  await expect.poll(() => log.slice(-2)).toEqual(['pause', 'resume'])
})

test('what is removed is hidden at once, and an undo brings it back', async () => {
  const { commands, store, change } = await openStarted()
  await commands.addText(MAGNET)
  change()
  const { undo } = await commands.remove(HASH)
  expect(store.get()).toEqual([])
  expect(await undo()).toBe(true)
  expect(store.get()).toHaveLength(1)
})

test('streams and torrent files are there once the swarm is', async () => {
  const { commands, startSwarm } = openPage()
  expect([commands.getStreamUrl(HASH, 0), commands.saveTorrentFile(HASH)]).toEqual([null, null])
  startSwarm()
  expect([commands.getStreamUrl(HASH, 0), commands.saveTorrentFile(HASH)?.length]).toEqual(['/stream', 1])
})

test('stopped, it listens to nothing and deletes nothing any more', async () => {
  const { commands, store, stop, listeners, log, change } = await openStarted()
  await commands.addText(MAGNET)
  change()
  vi.useFakeTimers()
  await commands.remove(HASH)
  await stop()
  expect([listeners.size, vi.getTimerCount()]).toEqual([0, 0])
  expect(log).not.toContain('remove')
  const before = store.get()
  change()
  expect(store.get()).toBe(before)
})

test('stopped before the swarm runs, it restores nothing', async () => {
  const { stop, startSwarm, log, listeners } = openPage()
  await stop()
  startSwarm()
  await settleTasks()
  expect([log, listeners.size]).toEqual([[], 0])
})
