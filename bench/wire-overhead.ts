/** What paying adds to the wire: a real transfer over loopback TCP between two engines, every message of ours counted. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBencode } from '../lib/base/index.ts'
import { createExchange } from '../lib/exchange/index.ts'
import { createMemoryLedger, createPayee, createPayer } from '../lib/payments/index.ts'
import { testKey, testWallet } from '../lib/payments/testing/accounts.ts'
import { createLedgerChain } from '../lib/payments/testing/ledger-chain.ts'
import { createDiskEngine, type DiskEngine } from '../lib/torrent/disk/index.ts'
import type { WireExtension } from '../lib/torrent/index.ts'
import { parseTorrentFile } from '../lib/torrent/index.ts'
import { toAmount, ZERO_AMOUNT } from '../lib/units/index.ts'

/** 128 pieces of 256 KiB. */
const FILE_BYTES = 32 * 1_048_576
const BTT = 10n ** 18n
const ASK = toAmount(3n * BTT + 1n)
/** Length, message id and extended id before each payload (BEP 10). */
const FRAME_BYTES = 6

export interface WireOverhead {
  readonly messages: number
  /** Ours, both directions, frames and handshake entries included. */
  readonly messageBytes: number
  readonly fileBytes: number
  readonly paidBytes: number
}

/** Transfers a file against payment. Throws when less than nine tenths of it were paid for. */
export async function measureWireOverhead(): Promise<WireOverhead> {
  const folder = await mkdtemp(join(tmpdir(), 'piecemeal-bench-'))
  const engines: DiskEngine[] = []
  let messages = 0
  let messageBytes = 0
  const counting = (inner: WireExtension): WireExtension => ({
    name: inner.name,
    attach(link) {
      const session = inner.attach({
        ...link,
        send(payload) {
          messages += 1
          messageBytes += FRAME_BYTES + payload.length
          link.send(payload)
        },
      })
      messageBytes += encodeBencode({ [inner.name]: { ...session.handshake } }).length
      return session
    },
  })
  const engine = async (name: string, extension: WireExtension): Promise<DiskEngine> => {
    const made = await createDiskEngine({
      path: join(folder, name),
      trackers: [],
      iceServers: [],
      extensions: [counting(extension)],
      upload: { enabled: true, maxBytesPerSec: null },
    })
    engines.push(made)
    return made
  }
  try {
    const wallet = testWallet(1)
    const chain = createLedgerChain(new Map([[wallet.address, 1_000n * BTT]]))
    const shared = { domain: chain.network, torrentName: () => 'film.bin' }
    const payee = createPayee({
      chain,
      ledger: createMemoryLedger(),
      payee: testKey(10).address,
      delegateKey: testKey(11),
    })
    const selling = { askPerMiB: ASK, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: null }
    const seller = await engine(
      'seller',
      createExchange({ ...shared, payer: null, payee, selling }).extension,
    )
    const ledger = createMemoryLedger()
    const payer = createPayer({ bttPerTrx: ZERO_AMOUNT, chain, ledger, sessionKey: testKey(2) })
    await payer.restore()
    const buying = createExchange({ ...shared, payer, payee: null, selling: null })
    const buyer = await engine('buyer', buying.extension)

    const film = join(folder, 'film.bin')
    await writeFile(film, randomBytes(FILE_BYTES))
    const infoHash = await seller.seedPath(film, { name: 'film.bin', lengthBytes: FILE_BYTES })
    const torrentFile = seller.getTorrentFile(infoHash)
    if (!torrentFile) throw new Error('the seller has no .torrent file')
    const until = (isTrue: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isTrue()) return
          stopEngine()
          stopExchange()
          resolve()
        }
        const stopEngine = buyer.onChange(look)
        const stopExchange = buying.onChange(look)
        look()
      })
    const snapshot = () => buyer.getSnapshot(infoHash)
    await buyer.add(parseTorrentFile(torrentFile))
    await until(() => (snapshot()?.pieces.length ?? 0) > 0)
    buyer.addPeer(infoHash, `127.0.0.1:${seller.getPort()}`)
    await until(() => {
      const [peer] = snapshot()?.peers ?? []
      return peer !== undefined && buying.getPeerMoney(peer.peerKey).status === 'quoted'
    })
    await payer.start({ budget: toAmount(500n * BTT), maxAskPerMiB: ASK, torrents: [infoHash], wallet })
    await until(() => snapshot()?.state.status === 'seeding')
    let paidBytes = 0
    for await (const receipt of ledger.eachReceipt({ kinds: ['piece'] })) {
      if (receipt.kind === 'piece') paidBytes += receipt.lengthBytes
    }
    if (paidBytes < 0.9 * FILE_BYTES) throw new Error(`only ${paidBytes} bytes were paid for`)
    return { messages, messageBytes, fileBytes: FILE_BYTES, paidBytes }
  } finally {
    await Promise.all(engines.map((each) => each.destroy()))
    await rm(folder, { recursive: true, force: true })
  }
}
