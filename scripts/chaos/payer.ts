/**
 * A payer as a program, to be killed: lib/payments, lib/exchange and lib/torrent over a file ledger and pieces on the disk.
 * It goes on wherever the last one died: starts, pays, settles, and ends with 'settled' or 'closing'.
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { ChainError, hexToBytes } from '../../lib/base/index.ts'
import { connectChain } from '../../lib/channels/index.ts'
import { createExchange } from '../../lib/exchange/index.ts'
import { createPayer } from '../../lib/payments/index.ts'
import { createFileLedger } from '../../lib/payments/ledger-file.ts'
import { createDiskEngine, type DiskEngine } from '../../lib/torrent/disk/index.ts'
import { addressOfPrivateKey, type Network, signDigest } from '../../lib/tron/index.ts'
import { toAmount, ZERO_AMOUNT } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'
import { createJsonLog, describeFailure } from '../../seeder/log.ts'

export interface ChaosPayerArguments {
  readonly network: Network
  readonly infoHash: string
  readonly torrentFile: string
  readonly piecesDir: string
  readonly ledgerPath: string
  readonly walletKey: string
  readonly sessionKey: string
  /** Decimal base units. */
  readonly budget: string
  readonly maxAskPerMiB: string
  /** How far the chain's clock is ahead of this machine's. */
  readonly clockOffsetMs: number
  /** How many sessions of this ledger are over once this one is. */
  readonly sessions: number
}

const RELEASE_TIMEOUT_MS = 3_000
const RETRY_MS = 300

const args = JSON.parse(process.argv[2] ?? '{}') as ChaosPayerArguments
const log = createJsonLog((line) => process.stdout.write(line))
const clock = {
  nowMs: () => Date.now() + args.clockOffsetMs,
  schedule(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_MS))

/** Looks again and again: what it waits for has no common event. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause()
}

async function run(): Promise<void> {
  const sessionKey = hexToBytes(args.sessionKey)
  const chain = await connectChain(args.network)
  const wallet = { ...createKeySigner(args.walletKey), canSignSilently: true }
  const ledger = await createFileLedger(args.ledgerPath)
  ledger.onReceipts((receipts) => {
    for (const { kind, id } of receipts) log({ event: 'receipt', kind, id })
  })
  const payer = createPayer({
    bttPerTrx: ZERO_AMOUNT,
    chain,
    ledger,
    clock,
    sessionKey: {
      address: addressOfPrivateKey(sessionKey),
      sign: async (digest) => signDigest(sessionKey, digest),
    },
    onError: (error) => log({ event: 'failed', ...describeFailure(error) }),
  })
  await payer.restore()
  payer.setWallet(wallet)
  const countSettled = async (): Promise<number> =>
    (await ledger.list('sessions')).filter(({ state }) => state.status === 'settled').length
  log({ event: 'restored', state: payer.getState()?.status ?? null })
  if ((await countSettled()) === args.sessions) return log({ event: 'settled' })

  const exchange = createExchange({
    domain: args.network,
    payer,
    payee: null,
    selling: null,
    torrentName: () => 'film.bin',
    onError: (error) => log({ event: 'exchangeFailed', ...describeFailure(error) }),
  })
  const engine: DiskEngine = await createDiskEngine({
    trackers: [],
    iceServers: [],
    extensions: [exchange.extension],
    upload: { enabled: false, maxBytesPerSec: null },
    onDrop: (reason) => log({ event: 'dropped', ...describeFailure(reason) }),
  })
  const { infoHash } = args
  const bytes = new Uint8Array(await readFile(args.torrentFile))
  await engine.addAt({ kind: 'torrentFile', bytes, infoHash, name: 'film.bin' }, args.piecesDir)
  const snapshot = () => engine.getSnapshot(infoHash)
  createInterface(process.stdin).on('line', (address) => engine.addPeer(infoHash, address))
  const isSellerHere = (): boolean =>
    (snapshot()?.peers ?? []).some(({ peerKey }) => exchange.getPeerMoney(peerKey).status !== 'free')

  await until(isSellerHere)
  await startOrResume()
  log({ event: 'paying' })
  // A channel that closes buys nothing more.
  const isClosing = payer.getState()?.status === 'closing'
  if (!isClosing) await until(() => snapshot()?.state.status === 'seeding')
  log({ event: 'whole' })
  await until(isSellerHere)
  const outcome = await payer.settle({
    wallet,
    onStep: ({ step, waitingFor }) => log({ event: 'step', step, waitingFor }),
    collectReleases: (channelIds) => exchange.collectReleases(channelIds, RELEASE_TIMEOUT_MS),
  })
  log({ event: outcome.status })

  async function startOrResume(): Promise<void> {
    for (;;) {
      await payer.resolvePending()
      const status = payer.getState()?.status
      if (status === 'paying' || status === 'closing' || status === 'settling') return
      // Killed between a transaction's number and its sending: nothing may be sent before that one has surely expired.
      const isUnderWay = status === 'starting' || (await ledger.list('pending')).length > 0
      if (isUnderWay) throw new ChainError('pending', 'an earlier transaction is under way')
      if (status === 'stopped') return payer.resume()
      await payer.start({
        budget: toAmount(BigInt(args.budget)),
        maxAskPerMiB: toAmount(BigInt(args.maxAskPerMiB)),
        torrents: [infoHash],
        wallet,
        onStep: ({ step, waitingFor }) => log({ event: 'step', step, waitingFor }),
      })
    }
  }
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    log({ event: 'failed', ...describeFailure(error) })
    process.exit(1)
  },
)
