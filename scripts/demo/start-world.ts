/**
 * Everything that a visit needs, in one process: chain, contracts, tracker, seeder, site.
 * `npm run demo` and the browser tests start the same world; it listens on this machine only.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { connectChain } from '../../lib/channels/index.ts'
import { type Address, type Network, parseAddress } from '../../lib/tron/index.ts'
import { BTT, parseMoney, toAmount, toFeeSun, ZERO_AMOUNT } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { type Seeder, startSeeder } from '../../seeder/start-seeder.ts'
import { startTracker } from '../../tracker/tracker.ts'
import { serveSite } from '../site/serve-site.ts'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface WorldOptions {
  readonly ports: { readonly site: number; readonly devnet: number; readonly tracker: number }
  /** Where the chain and the seeder keep their state; null forgets all at the end. */
  readonly stateDir: string | null
  readonly blockTime: 'instant' | number
  /** BTT per MiB, as people write it. */
  readonly ask: string
  readonly freeAllowanceBytes: number
  readonly freeBytesPerSec: number
  /** What the seeder sends to all together, at most; no cap by default. */
  readonly maxUploadBytesPerSec?: number
  /** Changes what the page is told, e.g. to put a line that can be cut in between. */
  readonly editConfig?: (config: WorldConfig) => WorldConfig
  /** The built site; out/ by default. */
  readonly siteRoot?: string
  /** Told as each part comes up. */
  readonly onStep?: (words: string) => void
}

/** What /config.json says. */
export interface WorldConfig {
  readonly network: Network
  readonly trackers: readonly string[]
  readonly iceServers: readonly RTCIceServer[]
  readonly demos: unknown
  readonly rates: { readonly asOf: string; readonly bttPerTrx: string }
}

/** The devnet's coins are worth nothing: at this rate a visit's earnings are worth redeeming, and fees are weighed all the same. */
const BTT_PER_TRX = '1'

export interface World {
  readonly siteUrl: string
  readonly network: Network
  readonly devnet: Devnet
  readonly trackerUrl: string
  /** The one that was started last. */
  readonly seeder: Seeder
  /** Starts a stopped seeder again: same key, same terms, and what it kept on the disk. */
  restartSeeder(): Promise<void>
  readonly seederPayee: Address
  /** BTT of an account, in base units, straight from the chain. */
  readBtt(address: string): Promise<bigint>
  stop(): Promise<void>
}

/** The world of `npm run demo`. Throws when a port is taken or the site is not built. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const step = options.onStep ?? (() => undefined)
  const closers: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const devnet = await startDevnet({
      port: options.ports.devnet,
      stateDir: options.stateDir ? join(options.stateDir, 'devnet') : null,
      blockTime: options.blockTime,
    })
    closers.push(() => devnet.stop())
    const { contract, token } = await deployContracts(devnet)
    step(`chain      ${devnet.url}`)
    const tracker = await startTracker({ port: options.ports.tracker, host: '127.0.0.1' })
    closers.push(() => tracker.stop())
    step(`tracker    ${tracker.url}`)

    const network = devnet.toNetwork({ contract, token })
    const site = await serveSite({
      root: options.siteRoot ?? join(projectRoot, 'out'),
      port: options.ports.site,
      host: '127.0.0.1',
      configJson: JSON.stringify(
        (options.editConfig ?? ((config) => config))({
          network,
          trackers: [tracker.url],
          iceServers: [],
          demos: JSON.parse(readFileSync(join(projectRoot, 'public/demo/demos.json'), 'utf8')),
          rates: { asOf: new Date().toISOString().slice(0, 10), bttPerTrx: BTT_PER_TRX },
        }),
      ),
    })
    closers.push(() => site.stop())

    const account = devnet.accounts.seeder
    await devnet.fundAccount(account.address, { trxSun: toFeeSun(10_000_000_000n), bttAmount: toAmount(0n) })
    const bringSeeder = (): Promise<Seeder> =>
      startSeeder({
        network,
        trackers: [tracker.url],
        torrents: ['film', 'extras'].map((name) => ({
          torrentFile: join(projectRoot, 'public/demo', `${name}.torrent`),
          dataDir: join(projectRoot, 'public/demo'),
        })),
        wallet: createKeySigner(account.privateKey),
        askPerMiB: parseMoney(options.ask, BTT) ?? ZERO_AMOUNT,
        freeAllowanceBytes: options.freeAllowanceBytes,
        freeBytesPerSec: options.freeBytesPerSec,
        maxUploadBytesPerSec: options.maxUploadBytesPerSec ?? null,
        dataDir: options.stateDir ? join(options.stateDir, 'seeder') : null,
        bttPerTrx: parseMoney(BTT_PER_TRX, BTT) ?? ZERO_AMOUNT,
      })
    let seeder = await bringSeeder()
    closers.push(() => seeder.stop())
    step(`seeder     ${options.ask} BTT per MiB, paid to ${account.address}`)
    const chain = await connectChain(network)
    return {
      siteUrl: site.url,
      network,
      devnet,
      trackerUrl: tracker.url,
      get seeder() {
        return seeder
      },
      async restartSeeder() {
        await seeder.stop()
        seeder = await bringSeeder()
      },
      seederPayee: account.address,
      async readBtt(text) {
        const address = parseAddress(text)
        if (!address) throw new RangeError(`${text} is no TRON address`)
        return chain.getBttBalance(address)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
