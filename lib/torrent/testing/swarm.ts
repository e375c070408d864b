/** For tests: engines in this process that meet over loopback TCP, and extensions that do as they are told. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskEngine, type DiskEngine, type DiskEngineOptions } from '../disk/index.ts'
import type { TorrentSnapshot } from '../engine.ts'
import type { BlockClass, ExtensionLink, ExtensionWire, WireExtension } from '../wire-extension.ts'

export interface Swarm {
  folder(): Promise<string>
  engine(options?: Partial<DiskEngineOptions>): Promise<DiskEngine>
  close(): Promise<void>
}

export function createSwarm(): Swarm {
  const folders: string[] = []
  const engines: DiskEngine[] = []
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'piecemeal-swarm-'))
    folders.push(made)
    return made
  }
  return {
    folder,
    async engine(options = {}) {
      const made = await createDiskEngine({
        path: await folder(),
        trackers: [],
        iceServers: [],
        extensions: [],
        upload: { enabled: true, maxBytesPerSec: null },
        ...options,
      })
      engines.push(made)
      return made
    },
    async close() {
      await Promise.all(engines.map((each) => each.destroy()))
      await Promise.all(folders.map((each) => rm(each, { recursive: true, force: true })))
    },
  }
}

/** Bytes that differ everywhere and are the same in each run. */
export function sampleBytes(lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes)
  let state = 0x9e3779b9
  for (let index = 0; index < lengthBytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}

/** Writes a file and seeds it; returns the info-hash and the .torrent bytes. */
export async function seedSample(
  swarm: Swarm,
  engine: DiskEngine,
  lengthBytes: number,
): Promise<{ infoHash: string; torrentFile: Uint8Array; path: string }> {
  const path = await swarm.folder()
  const file = join(path, 'sample.bin')
  await writeFile(file, sampleBytes(lengthBytes))
  const infoHash = await engine.seedPath(file, { name: 'sample.bin', lengthBytes })
  const torrentFile = engine.getTorrentFile(infoHash)
  if (!torrentFile) throw new Error('no torrent file')
  return { infoHash, torrentFile, path }
}

/** Resolves when a snapshot matches, and rejects when the torrent failed. */
export function whenSnapshot(
  engine: DiskEngine,
  infoHash: string,
  matches: (snapshot: TorrentSnapshot) => boolean,
): Promise<TorrentSnapshot> {
  return new Promise((resolve, reject) => {
    const stop = engine.onChange(look)
    function look(): void {
      const snapshot = engine.getSnapshot(infoHash)
      if (!snapshot) return
      if (matches(snapshot)) resolve(snapshot)
      else if (snapshot.state.status === 'failed') reject(new Error(snapshot.state.message))
      else return
      stop()
    }
    look()
  })
}

interface PuppetWire extends ExtensionWire {
  readonly link: ExtensionLink
  readonly greetings: unknown[]
  readonly messages: Uint8Array[]
  readonly sent: { blockClass: BlockClass; lengthBytes: number }[]
  readonly verified: { pieceIndex: number; paidBytes: number; freeBytes: number }[]
  /** Requests that arrived, by class. */
  readonly requests: BlockClass[]
  isClosed: boolean
}

export interface Puppet {
  readonly extension: WireExtension
  readonly sessions: PuppetWire[]
  uploadClass: BlockClass
  downloadClass: BlockClass
  maxPieces: number
  gate: ExtensionWire['gate']
  onVerified: (session: PuppetWire) => void
}

/** An extension "tst" whose answers the test sets. */
export function createPuppet(): Puppet {
  const puppet: Puppet = {
    sessions: [],
    uploadClass: 'free',
    downloadClass: 'free',
    maxPieces: 1,
    gate: () => 'serve',
    onVerified: () => undefined,
    extension: { name: 'tst', attach },
  }
  function attach(link: ExtensionLink): ExtensionWire {
    const session: PuppetWire = {
      link,
      greetings: [],
      messages: [],
      sent: [],
      verified: [],
      requests: [],
      isClosed: false,
      handshake: { v: 1 },
      onHandshake: (theirs) => void session.greetings.push(theirs),
      onMessage: (payload) => void session.messages.push(payload),
      onClose: () => {
        session.isClosed = true
      },
      getUploadClass: () => puppet.uploadClass,
      onRequest: (blockClass) => void session.requests.push(blockClass),
      beforeRequest: () => undefined,
      gate: (block) => puppet.gate(block),
      onBlockSent: (block) => void session.sent.push(block),
      getDownloadClass: () => puppet.downloadClass,
      maxPaidPiecesUnderWay: () => puppet.maxPieces,
      onPieceVerified: (piece) => {
        session.verified.push(piece)
        puppet.onVerified(session)
      },
    }
    puppet.sessions.push(session)
    return session
  }
  return puppet
}
