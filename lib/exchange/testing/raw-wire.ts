/** For tests: a peer written on the bare wire, which says and sends whatever a test wants, over TCP on loopback. */

import { createRequire } from 'node:module'
import { connect, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { bytesToHex, type Hex } from '../../base/index.ts'
import { type AgreementKey, createVisitKey } from '../../tron/index.ts'
import { BLOCK_BYTES } from '../../units/index.ts'
import { decodeMessage, encodeMessage } from '../wire/codec.ts'
import {
  EXTENSION_NAME,
  type ExchangeDomain,
  encodeHandshake,
  type Greeting,
  NONCE_BYTES,
  parseHandshake,
} from '../wire/handshake.ts'
import type { WireMessage } from '../wire/message.ts'
import { DOMAIN } from './world.ts'

/** What of bittorrent-protocol's Wire the tests use. */
interface BareWire extends Duplex {
  readonly peerChoking: boolean
  readonly peerExtendedMapping: Record<string, number>
  extendedHandshake: Record<string, unknown>
  use(extension: unknown): void
  handshake(infoHash: string, peerId: string, extensions: { fast: boolean }): void
  interested(): void
  choke(): void
  unchoke(): void
  have(index: number): void
  bitfield(bits: Uint8Array): void
  extended(name: string, payload: Uint8Array): void
  request(index: number, offset: number, length: number, done: (error: Error | null) => void): void
  cancel(index: number, offset: number, length: number): void
  piece(index: number, offset: number, bytes: Uint8Array): void
}

export interface RawPeer {
  readonly wire: BareWire
  /** What we said of ourselves, and the key behind it. */
  readonly ours: Greeting
  readonly visitKey: AgreementKey
  /** What the other side said of itself; null before its handshake. */
  readonly theirs: Greeting | null
  /** What the other side said in the extension, oldest first. */
  readonly heard: readonly WireMessage[]
  readonly receivedBytes: number
  readonly isClosed: boolean
  say(message: WireMessage | Uint8Array): void
  /** Resolves with the first message of this type that came after the `since`-th; throws when the wire closes before. */
  hear<T extends WireMessage['type']>(type: T, since?: number): Promise<Extract<WireMessage, { type: T }>>
  /** Asks for every block of a piece. */
  takePiece(index: number, lengthBytes: number): void
  /** Until the wire is gone. */
  whenClosed(): Promise<void>
  close(): Promise<void>
}

/** The engine's own wire class, which is no dependency of ours by name. */
const wireModule = pathToFileURL(
  join(
    dirname(createRequire(import.meta.url).resolve('webtorrent/package.json')),
    '../bittorrent-protocol/index.js',
  ),
).href
let peerCount = 0

/** A peer id that nobody had before, as 40 hex digits. */
export function makePeerId(): string {
  return `2d585830303031${(++peerCount).toString(16).padStart(26, '0')}`
}

export interface RawPeerOptions {
  readonly infoHash: string
  readonly domain?: ExchangeDomain
  /** 40 hex digits; another one for each wire when left out. */
  readonly peerId?: string
  /** What to say of ourselves in the handshake, where a test forges it. */
  readonly nonce?: Hex
  readonly publicKey?: Hex
  readonly visitKey?: AgreementKey
  /** Runs at each message of the extension. */
  readonly onMessage?: (peer: RawPeer, message: WireMessage) => void
  /** Runs before the handshake goes out. */
  readonly prepare?: (wire: BareWire) => void
}

async function attachWire(socket: Socket, options: RawPeerOptions): Promise<RawPeer> {
  const { default: Wire } = (await import(wireModule)) as {
    default: new () => BareWire
  }
  const wire = new Wire()
  const heard: WireMessage[] = []
  const waiting = new Set<() => void>()
  let receivedBytes = 0
  let isClosed = false
  const notify = (): void => {
    for (const look of [...waiting]) look()
  }
  const visitKey = options.visitKey ?? createVisitKey()
  const nonce = options.nonce ?? bytesToHex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)))
  const ours = { publicKey: options.publicKey ?? visitKey.publicKey, nonce }
  const domain = options.domain ?? DOMAIN
  let theirs: Greeting | null = null
  class Handler {
    onExtendedHandshake(handshake: Record<string, unknown>): void {
      const verdict = parseHandshake(handshake[EXTENSION_NAME], domain)
      if (verdict.status === 'same') theirs = verdict
    }
    onMessage(payload: Uint8Array): void {
      const message = decodeMessage(new Uint8Array(payload))
      if (!message) return
      heard.push(message)
      options.onMessage?.(peer, message)
      notify()
    }
  }
  Object.defineProperty(Handler.prototype, 'name', { value: EXTENSION_NAME })
  wire.use(Handler)
  wire.extendedHandshake[EXTENSION_NAME] = encodeHandshake(domain, ours)
  wire.on('download', (lengthBytes: number) => {
    receivedBytes += lengthBytes
  })
  const onClose = (): void => {
    isClosed = true
    notify()
  }
  socket.once('close', onClose)
  socket.on('error', () => socket.destroy())
  wire.on('error', () => socket.destroy())
  wire.on('close', () => socket.destroy())
  socket.pipe(wire).pipe(socket)
  options.prepare?.(wire)
  const peerId = options.peerId ?? makePeerId()
  wire.handshake(options.infoHash, peerId, { fast: true })

  const until = <T>(find: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find()
        if (found === undefined && !isClosed) return
        waiting.delete(look)
        if (found === undefined) reject(new Error(`the wire closed before ${what}`))
        else resolve(found)
      }
      waiting.add(look)
      look()
    })

  const peer: RawPeer = {
    wire,
    ours,
    visitKey,
    get theirs() {
      return theirs
    },
    heard,
    get receivedBytes() {
      return receivedBytes
    },
    get isClosed() {
      return isClosed
    },
    say(message) {
      wire.extended(EXTENSION_NAME, message instanceof Uint8Array ? message : encodeMessage(message))
    },
    hear: <T extends WireMessage['type']>(type: T, since = 0) =>
      until(
        () =>
          heard.slice(since).find((each): each is Extract<WireMessage, { type: T }> => each.type === type),
        type,
      ),
    takePiece(index, lengthBytes) {
      for (let offset = 0; offset < lengthBytes; offset += BLOCK_BYTES) {
        wire.request(index, offset, Math.min(BLOCK_BYTES, lengthBytes - offset), () => undefined)
      }
    },
    whenClosed: () => until(() => (isClosed ? true : undefined), 'it closed').then(() => undefined),
    async close() {
      socket.destroy()
      if (!isClosed) await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    },
  }
  return peer
}

/** A downloader that connects to an engine; resolves once it heard the price and was unchoked. */
export async function connectRawPeer(port: number, options: RawPeerOptions): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const peer = await attachWire(socket, options)
  const unchoked = new Promise<void>((resolve) => peer.wire.once('unchoke', () => resolve()))
  await peer.hear('quote')
  // Earlier than that the engine does not listen for it yet.
  peer.wire.interested()
  await unchoked
  return peer
}

/** Connects to an engine as an uploader that has all pieces and answers requests as `onRequest` says. */
export async function connectRawSeeder(
  port: number,
  options: RawPeerOptions & {
    readonly pieceCount: number
    readonly onRequest: (wire: BareWire, index: number, offset: number, lengthBytes: number) => void
    /** The other side's extended handshake is here. */
    readonly onReady: (peer: RawPeer) => void
  },
): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const prepare = (wire: BareWire): void => {
    wire.once('handshake', () => {
      const bits = new Uint8Array(Math.ceil(options.pieceCount / 8))
      for (let i = 0; i < options.pieceCount; i++) bits[i >> 3] = (bits[i >> 3] ?? 0) | (0x80 >> (i & 7))
      wire.bitfield(bits)
    })
    wire.once('interested', () => wire.unchoke())
    wire.on('request', (index: number, offset: number, lengthBytes: number) =>
      options.onRequest(wire, index, offset, lengthBytes),
    )
  }
  const peer = await attachWire(socket, { ...options, prepare })
  peer.wire.on('extended', (kind: string) => {
    if (kind === 'handshake') options.onReady(peer)
  })
  return peer
}
