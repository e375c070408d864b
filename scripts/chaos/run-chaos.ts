/**
 * Kills a payer or a seller with SIGKILL again and again, at points that a seed chooses, while chain and tracker stay. The
 * payer buys the same film session after session. After each kill both ledgers and the pieces on the disk are looked at;
 * at the end the last session is brought to its settlement and the chain's sums are compared with the ledgers'.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { createRandom } from '../../lib/base/testing/repeatable-random.ts'
import { type Chain, connectChain } from '../../lib/channels/index.ts'
import { createDiskEngine } from '../../lib/torrent/disk/index.ts'
import type { Network } from '../../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../../lib/units/index.ts'
import { startTracker } from '../../tracker/tracker.ts'
import { type Child, spawnChild } from './child.ts'
import type { ChaosPayerArguments } from './payer.ts'
import { checkLedgers, listPaidPieces, readLedger, type Vouchers } from './read-ledger.ts'
import { sampleContent } from './sample-content.ts'
import type { ChaosSeederArguments } from './seeder.ts'
import { type ChaosSums, sumUp } from './sum-up.ts'

export interface ChaosOptions {
  readonly rounds: number
  readonly seed: number
  /** Told after each round. */
  readonly onRound?: (round: number, words: string) => void
}

export interface ChaosReport extends ChaosSums {
  readonly rounds: number
  readonly seed: number
  readonly payerKills: number
  readonly sellerKills: number
  /** Times that the payer gave up by itself and was started again. */
  readonly failures: number
  /** Channels that waited for their delay, their seller being away. */
  readonly closings: number
  /** Times that a transaction that was killed before it was sent had to expire first. */
  readonly waits: number
}

const BTT = 10n ** 18n
const WALLET_AMOUNT = 1_000_000n * BTT
const BUDGET = 60n * BTT
const ASK = 10n * BTT
const FILE_BYTES = 3 * 1_048_576 + 4_321
const PIECE_BYTES = 65_536
/** So that a session takes seconds and is hit at all of its points. */
const UPLOAD_BYTES_PER_SEC = 1_500_000
const CLOSE_DELAY_SEC = 3_700
/** After so long a transaction that the chain does not know will never come. */
const EXPIRY_SEC = 200
/** A round strikes at a victim's event up to this one … */
const MAX_EVENTS = 25
/** … or, where so many do not come, after this. */
const MAX_ROUND_MS = 3_000
const MAX_JITTER_MS = 40
const MAX_FAILURES_IN_A_ROW = 10
const LAST_SESSION_MS = 240_000

/** Holds no process up: chain and programs do, as long as they are needed. */
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

/** Runs it all. Throws at the first thing that is not as it must be. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), 'piecemeal-chaos-'))
  const devnet = await startDevnet()
  const tracker = await startTracker({ port: 0, host: '127.0.0.1' })
  const chaos = new Chaos(options, folder, devnet, tracker.url)
  try {
    await chaos.prepare()
    for (let round = 1; round <= options.rounds; round++) await chaos.playRound(round)
    return await chaos.finish()
  } finally {
    await chaos.stop()
    await tracker.stop()
    await devnet.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

class Chaos {
  readonly #options: ChaosOptions
  readonly #folder: string
  readonly #devnet: Devnet
  readonly #tracker: string
  readonly #random: (below: number) => number
  readonly #content: Uint8Array
  #network: Network | null = null
  #chain: Chain | null = null
  #infoHash = ''
  #seller: Child | null = null
  #payer: Child | null = null
  #port = 0
  #clockOffsetMs = 0
  #session = 1
  #vouchers: Vouchers | null = null
  #payerKills = 0
  #sellerKills = 0
  #failures = 0
  #failuresInARow = 0
  #closings = 0
  #waits = 0
  /** True while the payer's death was ours. */
  #isPayerKilled = false

  constructor(options: ChaosOptions, folder: string, devnet: Devnet, tracker: string) {
    this.#options = options
    this.#folder = folder
    this.#devnet = devnet
    this.#tracker = tracker
    this.#random = createRandom(options.seed)
    this.#content = sampleContent(this.#random, FILE_BYTES)
  }

  /** Contracts, money, the film and its .torrent file. */
  async prepare(): Promise<void> {
    const network = this.#devnet.toNetwork(await deployContracts(this.#devnet))
    this.#network = network
    this.#chain = await connectChain(network)
    const { viewer, seeder } = this.#devnet.accounts
    const trxSun = toFeeSun(1_000_000_000_000n)
    await this.#devnet.fundAccount(viewer.address, { trxSun, bttAmount: toAmount(WALLET_AMOUNT) })
    await this.#devnet.fundAccount(seeder.address, { trxSun, bttAmount: toAmount(0n) })
    await writeFile(this.#file('film.bin'), this.#content)
    await this.#makeTorrentFile()
  }

  async playRound(round: number): Promise<void> {
    await this.#tend()
    const isPayer = this.#random(100) < 60
    // The moment is one of the victim's own, or of the other's: so the seller dies amid a settlement, too.
    const isPayersMoment = this.#random(100) < 50
    const eventCount = 1 + this.#random(MAX_EVENTS)
    const jitterMs = this.#random(MAX_JITTER_MS)
    const isAtEnd = this.#random(100) < 15
    const deadlineMs = Date.now() + MAX_ROUND_MS
    const victim = () => (isPayer ? this.#payer : this.#seller)
    const watched = () => (isPayersMoment || isAtEnd ? this.#payer : this.#seller)
    let from = watched()?.events.length ?? 0
    for (let leftMs = MAX_ROUND_MS; leftMs > 0; leftMs = deadlineMs - Date.now()) {
      const current = watched()
      const isReached = (): boolean =>
        isAtEnd
          ? current?.events.some(({ event }) => event === 'whole') === true
          : (current?.events.length ?? 0) >= from + eventCount
      const reached = isAtEnd ? current?.whenEvent('whole') : current?.whenEvents(from + eventCount)
      await Promise.race([reached, this.#payer?.whenGone, this.#seller?.whenGone, wait(leftMs)])
      if (current?.isAlive() && isReached()) break
      await this.#tend()
      if (watched() !== current) from = 0
    }
    await wait(jitterMs)
    const struck = victim()
    if (isPayer) this.#isPayerKilled = struck?.isAlive() === true
    await struck?.kill()
    if (isPayer) this.#payerKills += 1
    else this.#sellerKills += 1
    await this.#check()
    const last = struck?.events.at(-1)
    this.#options.onRound?.(
      round,
      `${isPayer ? 'payer' : 'seller'} after ${last?.event ?? 'nothing'}, session ${this.#session}`,
    )
  }

  /** The last session to its settlement, and the sums. */
  async finish(): Promise<ChaosReport> {
    const last = this.#session
    const deadlineMs = Date.now() + LAST_SESSION_MS
    while (this.#session === last) {
      if (Date.now() > deadlineMs) throw new Error('violated: the last session does not come to its end')
      await this.#tend()
      if (this.#session !== last) break
      await Promise.race([this.#payer?.whenGone, wait(deadlineMs - Date.now())])
      await this.#settleDeath()
    }
    await this.#check()
    return this.#sumUp()
  }

  async stop(): Promise<void> {
    await this.#payer?.kill()
    await this.#seller?.kill()
  }

  #file(name: string): string {
    return join(this.#folder, name)
  }

  async #makeTorrentFile(): Promise<void> {
    const engine = await createDiskEngine({
      trackers: [],
      iceServers: [],
      extensions: [],
      upload: { enabled: false, maxBytesPerSec: null },
    })
    const name = 'film.bin'
    this.#infoHash = await engine.seedPath(this.#file(name), { name, lengthBytes: FILE_BYTES })
    await writeFile(this.#file('film.torrent'), engine.getTorrentFile(this.#infoHash) ?? '')
    await engine.destroy()
  }

  /** Both programs run, and the payer knows where the seller is. */
  async #tend(): Promise<void> {
    await this.#settleDeath()
    const isNewSeller = !this.#seller?.isAlive()
    if (isNewSeller) await this.#bringSeller()
    // It may have ended meanwhile.
    await this.#settleDeath()
    if (this.#payer?.isAlive()) {
      if (isNewSeller) this.#payer.write(`127.0.0.1:${this.#port}`)
      return
    }
    this.#bringPayer()
  }

  /** A payer that ended by itself: its session is over, waits for its delay, or something failed. */
  async #settleDeath(): Promise<void> {
    const payer = this.#payer
    if (!payer || payer.isAlive()) return
    this.#payer = null
    const last = payer.events.at(-1)
    const isOurs = this.#isPayerKilled
    this.#isPayerKilled = false
    if (last?.event === 'settled') {
      this.#failuresInARow = 0
      this.#session += 1
      return
    }
    if (last?.event === 'closing') {
      this.#failuresInARow = 0
      this.#closings += 1
      await this.#passCloseDelay()
      return
    }
    if (last?.code === 'pending') {
      this.#waits += 1
      await this.#passTime(EXPIRY_SEC)
      return
    }
    if (isOurs) return
    this.#failures += 1
    this.#failuresInARow += 1
    const words = JSON.stringify(last ?? null)
    if (last?.code === 'sums-differ') throw new Error(`violated: ${words}`)
    if (this.#failuresInARow > MAX_FAILURES_IN_A_ROW)
      throw new Error(`violated: the payer is stuck: ${words}`)
  }

  /** The seller takes what it holds, then time passes. */
  async #passCloseDelay(): Promise<void> {
    for (;;) {
      if (!this.#seller?.isAlive()) await this.#bringSeller()
      const seller = this.#seller
      const from = seller?.events.length ?? 0
      seller?.write('redeem')
      if (await seller?.whenEvent('redeemedAll', from)) break
    }
    await this.#passTime(CLOSE_DELAY_SEC)
  }

  async #passTime(sec: number): Promise<void> {
    await this.#devnet.advance(sec)
    this.#clockOffsetMs += sec * 1_000
  }

  async #bringSeller(): Promise<void> {
    const args: ChaosSeederArguments = {
      network: this.#getNetwork(),
      tracker: this.#tracker,
      path: this.#file('film.bin'),
      dataDir: this.#file('seller'),
      privateKey: this.#devnet.accounts.seeder.privateKey,
      askPerMiB: ASK.toString(),
      maxUploadBytesPerSec: UPLOAD_BYTES_PER_SEC,
    }
    const seller = spawnChild('seeder', args)
    this.#seller = seller
    const listening = await seller.whenEvent('listening')
    if (!listening)
      throw new Error(`violated: the seller does not start: ${JSON.stringify(seller.events.at(-1))}`)
    this.#port = Number(listening.port)
  }

  #bringPayer(): void {
    const args: ChaosPayerArguments = {
      network: this.#getNetwork(),
      infoHash: this.#infoHash,
      torrentFile: this.#file('film.torrent'),
      piecesDir: this.#file(`pieces-${this.#session}`),
      ledgerPath: this.#file('payer.jsonl'),
      walletKey: this.#devnet.accounts.viewer.privateKey,
      sessionKey: `0x${'5e'.repeat(32)}`,
      budget: BUDGET.toString(),
      maxAskPerMiB: ASK.toString(),
      clockOffsetMs: this.#clockOffsetMs,
      sessions: this.#session,
    }
    this.#payer = spawnChild('payer', args)
    this.#payer.write(`127.0.0.1:${this.#port}`)
  }

  #getNetwork(): Network {
    if (!this.#network) throw new Error('not prepared')
    return this.#network
  }

  /** The seller's ledger is read first: whatever it holds then must be in the payer's. */
  async #check(): Promise<void> {
    const seller = await readLedger(join(this.#file('seller'), 'ledger.jsonl'))
    const payer = await readLedger(this.#file('payer.jsonl'))
    this.#vouchers = checkLedgers(seller, payer, this.#vouchers)
    const session = payer.list('sessions').at(-1)
    for (const { id } of payer.list('sessions')) listPaidPieces(payer, id)
    if (!session || session.state.status === 'settled') return
    const stored = await readFile(join(this.#file(`pieces-${this.#session}`), 'film.bin')).catch(() =>
      Buffer.of(),
    )
    for (const piece of listPaidPieces(payer, session.id)) {
      const at = piece * PIECE_BYTES
      const isThere = stored
        .subarray(at, at + PIECE_BYTES)
        .equals(this.#content.subarray(at, at + PIECE_BYTES))
      if (!isThere) throw new Error(`violated: piece ${piece} was paid and is not on the disk`)
    }
  }

  async #sumUp(): Promise<ChaosReport> {
    const chain = this.#chain
    if (!chain) throw new Error('not prepared')
    const { viewer, seeder } = this.#devnet.accounts
    const payer = await readLedger(this.#file('payer.jsonl'))
    const [earned, left, locked] = await Promise.all(
      [seeder.address, viewer.address, this.#getNetwork().contract].map((one) => chain.getBttBalance(one)),
    )
    return {
      rounds: this.#options.rounds,
      seed: this.#options.seed,
      payerKills: this.#payerKills,
      sellerKills: this.#sellerKills,
      failures: this.#failures,
      closings: this.#closings,
      waits: this.#waits,
      ...sumUp(payer, {
        held: [...(this.#vouchers?.seller.values() ?? [])],
        earned: earned ?? 0n,
        spent: WALLET_AMOUNT - (left ?? 0n),
        locked: locked ?? 0n,
      }),
    }
  }
}
