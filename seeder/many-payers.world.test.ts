import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { connectChain } from '../lib/channels/index.ts'
import { addressOfPrivateKey, type Network } from '../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { type Buyer, makeBuyer } from './testing/buyer.ts'
import { runSeeder } from './testing/run-seeder.ts'

/** A hundred in `npm run test:deep`. */
const PAYERS = Number(process.env.PIECEMEAL_TEST_PAYERS ?? 16)
const BTT = 10n ** 18n
const ASK = 10n * BTT
const BUDGET = 8n * BTT
/** Four pieces of 64 KiB. */
const FILE_BYTES = 262_144
/** What a seeder with a hundred wires may take; an idle one takes about 130 MB. */
const MAX_RESIDENT_BYTES = 400e6

let devnet: Devnet
let network: Network
let folder: string

beforeAll(async () => {
  devnet = await startDevnet()
  network = devnet.toNetwork(await deployContracts(devnet))
  await devnet.fundAccount(devnet.accounts.seeder.address, {
    trxSun: toFeeSun(5_000_000_000n),
    bttAmount: toAmount(0n),
  })
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-many-'))
})
afterAll(async () => {
  await devnet?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function inTurns<T>(count: number, atOnce: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) made.push(await make(index))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return made
}

test('many payers at once, each in a seat of its own, pay one seeder exactly, and one stop redeems all', async () => {
  const config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify({ network, trackers: [], iceServers: [], demos: [] }))
  await writeFile(join(folder, 'film.bin'), randomBytes(FILE_BYTES))
  const program = runSeeder(
    [
      join(folder, 'film.bin'),
      ...['--config', config, '--data', join(folder, 'data'), '--http', '0', '--ask', '10'],
      ...[
        '--free',
        '0',
        '--free-rate',
        '0',
        '--redeem-at',
        '1',
        '--redeem-floor',
        '1',
        '--stop-within',
        '60',
      ],
    ],
    { PIECEMEAL_SEEDER_KEY: devnet.accounts.seeder.privateKey },
  )
  const url = String((await program.event('status')).url)
  const port = Number((await program.event('started')).port)
  const torrentFile = await readFile(String((await program.event('seeding')).torrentFile))
  const readStatus = async () => (await (await fetch(`${url}/status`)).json()) as Record<string, unknown>

  const buyers: Buyer[] = []
  try {
    await inTurns(PAYERS, 10, async (index) => {
      const privateKey = randomBytes(32)
      await devnet.fundAccount(addressOfPrivateKey(privateKey), {
        trxSun: toFeeSun(200_000_000n),
        bttAmount: toAmount(BUDGET),
      })
      const buyer = await makeBuyer({
        network,
        privateKey: privateKey.toString('hex'),
        torrentFile,
        path: join(folder, `buyer-${index}`),
        maxAskPerMiB: ASK,
      })
      buyers.push(buyer)
      await buyer.start(port, BUDGET)
    })
    // On a busy machine a buyer may take its seller for stalled, and asks it again half a minute later.
    await expect.poll(() => buyers.filter((buyer) => !buyer.isDone()).length, { timeout: 150_000 }).toBe(0)
    const spent = (await Promise.all(buyers.map((buyer) => buyer.spent()))).reduce(
      (sum, each) => sum + each,
      0n,
    )
    expect(spent).toBe(BigInt(PAYERS) * ((BigInt(FILE_BYTES) * ASK) / 1_048_576n))
    await expect.poll(async () => (await readStatus()).earned, { timeout: 20_000 }).toBe(String(spent))
    expect(await readStatus()).toMatchObject({
      wires: PAYERS,
      payers: PAYERS,
      creditBytes: 0,
      vouchersAccepted: PAYERS * 4,
      vouchersRefused: {},
    })
    const metrics = await (await fetch(`${url}/metrics`)).text()
    const resident = Number(/^piecemeal_process_resident_bytes (\d+)$/m.exec(metrics)?.[1])
    expect(resident).toBeGreaterThan(1e6)
    expect(resident).toBeLessThan(MAX_RESIDENT_BYTES)

    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    const chain = await connectChain(network)
    expect(await chain.getBttBalance(devnet.accounts.seeder.address)).toBe(spent)
    const rows = program.events().flatMap(({ event, rows }) => (event === 'redeemed' ? Number(rows) : []))
    expect(rows.reduce((sum, each) => sum + each, 0)).toBe(PAYERS)
  } finally {
    program.child.kill('SIGKILL')
    await Promise.all(buyers.map((buyer) => buyer.engine.destroy()))
  }
}, 300_000)
