/** Commands on torrents: parse what a person gave, wait for consent, hand it to the engine. */

import { AppError } from '../../base/index.ts'
import { describeError } from '../../kernel/index.ts'
import type { PageEngine } from '../../torrent/index.ts'
import { parseSource, parseTorrentFile } from '../../torrent/index.ts'
import type { Removals } from './removals.ts'
import type { AddOutcome, LibraryCommands } from './snapshot.ts'

export interface TorrentCommandsOptions {
  /** Resolves once the user has consented and the engine runs. */
  readonly engine: () => Promise<PageEngine>
  readonly removals: Removals
  /** A failure of a command that answers nothing. */
  readonly report: (error: unknown) => void
}

type TorrentCommands = Pick<LibraryCommands, 'addText' | 'addFiles' | 'pause' | 'resume' | 'remove'>

const isTorrentFile = (file: File): boolean =>
  file.name.toLowerCase().endsWith('.torrent') || file.type === 'application/x-bittorrent'

/** Nothing is transferred before consent: a bad source is refused at once, a good one waits. */
export function createTorrentCommands({ engine, removals, report }: TorrentCommandsOptions): TorrentCommands {
  async function attempt(add: () => Promise<string>): Promise<AddOutcome> {
    try {
      const infoHash = await add()
      removals.undo(await engine(), infoHash)
      return { status: 'added', infoHash }
    } catch (error) {
      if (error instanceof AppError && error.code === 'consent-declined') return { status: 'withdrawn' }
      return { status: 'refused', problem: describeError(error) }
    }
  }

  /** Where this tab does not lead, or the visitor puts the question off, the page says so. */
  const whenReady = (command: (running: PageEngine) => void): void =>
    void engine().then(command).catch(report)

  return {
    addText: (text) =>
      attempt(async () => {
        const source = parseSource(text)
        return (await engine()).add(source)
      }),
    addFiles: (files, onRead) =>
      attempt(async () => {
        const [first] = files
        if (files.length === 1 && first && isTorrentFile(first)) {
          const source = parseTorrentFile(new Uint8Array(await first.arrayBuffer()))
          return (await engine()).add(source)
        }
        const name =
          files.length === 1 && first ? first.name : `${first?.name ?? 'Files'} and ${files.length - 1} more`
        const lengthBytes = files.reduce((sum, file) => sum + file.size, 0)
        return (await engine()).seed(files, name, (hashedBytes) => onRead?.(hashedBytes / lengthBytes))
      }),
    pause: (infoHash) => whenReady((running) => running.pause(infoHash)),
    resume: (infoHash) => whenReady((running) => running.resume(infoHash)),
    async remove(infoHash) {
      const running = await engine()
      removals.remove(running, infoHash)
      return { undo: async () => removals.undo(running, infoHash) }
    },
  }
}
