/** The torrents of this browser: what the page sees of them, what came back from earlier visits, and which pieces were paid. */
import { createStore } from '../../base/index.ts'
import type { Capabilities, Feature, RunningFeature, RunningSwarm } from '../../kernel/index.ts'
import type { Receipt } from '../../ledger/index.ts'
import type { PageEngine, TorrentStorage } from '../../torrent/index.ts'
import { createTorrentCommands } from './commands.ts'
import { INITIAL_LIBRARY } from './initial.ts'
import { createRemovals, readRemovals, writeRemovals } from './removals.ts'
import type { LibraryCommands, WatchSnapshot } from './snapshot.ts'
import { toWatchSnapshot } from './watch-snapshot.ts'

type Need = 'swarm' | 'ledger' | 'publish' | 'report'

export function startLibrary(
  capabilities: Pick<Capabilities, Need>,
): RunningFeature<readonly WatchSnapshot[], LibraryCommands> {
  const { swarm, ledger, publish: joinPublisher, report } = capabilities
  const store = createStore<readonly WatchSnapshot[]>(INITIAL_LIBRARY)
  const removals = createRemovals(show, report)
  const endings: (() => void)[] = [removals.stop]
  let isStopped = false

  function show(): void {
    const running = swarm.getRunning()
    if (!running || isStopped) return
    const nowMs = Date.now()
    const shown = running.engine.list().filter(({ infoHash }) => !removals.isHidden(infoHash))
    const getMoney = running.exchange.getPeerMoney
    store.set(Object.freeze(shown.map((torrent) => toWatchSnapshot(torrent, getMoney, nowMs))))
  }

  /** What the last visit left: its removals first, so that nothing that was removed comes back. */
  async function restore(): Promise<RunningSwarm> {
    const running = await swarm.started
    if (isStopped) return running
    const publish = joinPublisher(show)
    endings.push(running.engine.onChange(publish), running.exchange.onChange(publish))
    await removeForgotten(running.storage).catch(report)
    await running.engine.restore()
    await paintPaid(running.engine).catch(report)
    return running
  }

  /** The page closed before their removal was over. */
  async function removeForgotten(storage: TorrentStorage): Promise<void> {
    for (const infoHash of readRemovals()) await storage.remove(infoHash, 'delete')
    writeRemovals([])
  }

  /**
   * The map's paid pieces are no state of their own: they follow from the receipts, those that come included. A torrent's are read when
   * it appears, and no others.
   */
  async function paintPaid(engine: PageEngine): Promise<void> {
    const receipts = await ledger()
    if (isStopped) return
    const paint = (receipt: Receipt): void => {
      if (receipt.kind === 'piece' && receipt.pieceIndex !== null)
        engine.markPaid(receipt.infoHash, receipt.pieceIndex)
    }
    const paintTorrent = async (infoHash: string): Promise<void> => {
      for await (const receipt of receipts.eachReceipt({ kinds: ['piece'], infoHash })) paint(receipt)
    }
    let painted: ReadonlySet<string> = new Set()
    const paintNew = async (): Promise<void> => {
      const here = new Set(engine.list().map(({ infoHash }) => infoHash))
      const fresh = [...here].filter((infoHash) => !painted.has(infoHash))
      // One that is taken off and put on again is read again.
      painted = here
      for (const infoHash of fresh) await paintTorrent(infoHash)
    }
    endings.push(
      receipts.onReceipts((added) => added.forEach(paint)),
      engine.onChange(() => void paintNew().catch(report)),
    )
    await paintNew()
  }

  const restored = restore()
  // That the swarm cannot start is told by the swarm.
  restored.catch((error: unknown) => swarm.getRunning() && report(error))

  return {
    store,
    stop() {
      isStopped = true
      for (const end of endings) end()
    },
    commands: {
      ...createTorrentCommands({
        async engine() {
          await swarm.join()
          return (await restored).engine
        },
        removals,
        report,
      }),
      getStreamUrl: (infoHash, fileIndex) =>
        swarm.getRunning()?.streams.getStreamUrl(infoHash, fileIndex) ?? null,
      saveTorrentFile: (infoHash) => swarm.getRunning()?.engine.getTorrentFile(infoHash) ?? null,
    },
  }
}

export const libraryFeature: Feature<'library', readonly WatchSnapshot[], LibraryCommands, Need> = {
  name: 'library',
  needs: ['swarm', 'ledger', 'publish', 'report'],
  initial: INITIAL_LIBRARY,
  start: startLibrary,
}
