import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import fixtures from 'webtorrent-fixtures'
import { type Devnet, deployContracts, startDevnet } from '../devnet/index.ts'
import { connectChain } from '../lib/channels/index.ts'
import { createPayee } from '../lib/payments/index.ts'
import { createFileLedger } from '../lib/payments/ledger-file.ts'
import { pieceReason, testKey } from '../lib/payments/testing/accounts.ts'
import { createStranger } from '../lib/payments/testing/stranger.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { makeTorrentFolder, type ProgramRun, runSeeder } from './testing/run-seeder.ts'

let devnet: Devnet
let folder: string
let config: string
let film: string
let removeFolder: () => Promise<void>
const KEY = randomBytes(32).toString('hex')

async function writeConfig(name: string, changes: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(folder, name)
  const network = devnet.toNetwork()
  await writeFile(path, JSON.stringify({ network, trackers: [], iceServers: [], demos: [], ...changes }))
  return path
}

beforeAll(async () => {
  devnet = await startDevnet()
  await deployContracts(devnet)
  ;({ folder, removeFolder } = await makeTorrentFolder())
  config = await writeConfig('config.json', {})
  film = join(folder, 'film.bin')
  await writeFile(film, randomBytes(100_000))
})
afterAll(async () => {
  await devnet?.stop()
  await removeFolder()
})

const start = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = { PIECEMEAL_SEEDER_KEY: KEY },
) => runSeeder(args, env)

/** A port of this machine where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function expectEnd(program: ProgramRun, code: number, words: RegExp): Promise<void> {
  expect([await program.ended, program.errors()]).toEqual([code, expect.stringMatching(words)])
  // One plain sentence: no stack, and nothing started.
  expect(program.errors().trimEnd()).not.toContain('\n')
  expect(program.output()).not.toContain('"started"')
}

describe('what it is given wrongly is one plain sentence and an exit code', () => {
  test('a command line that makes no sense', async () => {
    await expectEnd(start([]), 2, /name a file, a folder or a \.torrent to seed \(--help/)
    await expectEnd(start([film, '--ask', 'much']), 2, /--ask is not an amount of BTT: much/)
    await expectEnd(start([film, '--config', join(folder, 'none.json')]), 2, /none\.json cannot be read/)
  })

  test('files that are missing, and a folder with nothing in it', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty, { recursive: true })
    await expectEnd(start([join(folder, 'gone.mkv'), '--config', config]), 3, /gone\.mkv cannot be read/)
    await expectEnd(start([empty, '--config', config]), 3, /there is nothing in .*empty/)
  })

  test('a .torrent that is none, or whose content is elsewhere', async () => {
    const lonely = join(folder, 'lonely.torrent')
    await writeFile(lonely, fixtures.leaves?.torrent ?? '')
    const broken = join(folder, 'broken.torrent')
    await writeFile(broken, 'rubbish')
    await expectEnd(start([lonely, '--config', config]), 3, /Leaves of Grass.*is not there: give its folder/)
    await expectEnd(start([broken, '--config', config]), 3, /The torrent is damaged/)
  })

  test('a key that is none, or missing, which is never repeated', async () => {
    await expectEnd(start([film, '--config', config], {}), 4, /There is no key/)
    const bad = start([film, '--config', config], { PIECEMEAL_SEEDER_KEY: `${KEY}00` })
    await expectEnd(bad, 4, /not a private key: 64 hexadecimal digits/)
    expect(bad.errors()).not.toContain(KEY)
    const keystore = ['--keystore', join(folder, 'no-keystore.json')]
    await expectEnd(start([film, '--config', config, ...keystore]), 4, /no-keystore\.json cannot be read/)
  })

  test('a data folder that cannot be written to, or that another seeder has', async () => {
    const ask = [film, '--config', config, '--data']
    await expectEnd(start([...ask, join(film, 'x')]), 5, /the ledger at .* cannot be opened/)
    const taken = await createFileLedger(join(folder, 'taken', 'ledger.jsonl'))
    await expectEnd(start([...ask, join(folder, 'taken')]), 5, /another process uses the ledger/)
    await taken.close()
  })

  test('a chain or a tracker that does not answer, and another chain', async () => {
    const port = await deadPort()
    const network = devnet.toNetwork()
    const noChain = await writeConfig('no-chain.json', {
      network: { ...network, fullHost: `http://127.0.0.1:${port}` },
    })
    const otherChain = await writeConfig('other-chain.json', { network: { ...network, chainId: 7 } })
    const noTracker = await writeConfig('no-tracker.json', { trackers: [`ws://127.0.0.1:${port}`] })
    const data = ['--data', join(folder, 'data-network')]
    await expectEnd(start([film, '--config', noChain, ...data]), 6, /The chain at http.* cannot be used/)
    await expectEnd(start([film, '--config', otherChain, ...data]), 6, /serves chain \d+/)
    await expectEnd(start([film, '--config', noTracker, ...data]), 6, /No tracker answers \(ws:/)
  })
})

describe('a seeder that runs', () => {
  test('gives a .torrent and a magnet link, its status and metrics, shows no secret, and ends with 0 on SIGTERM', async () => {
    const data = join(folder, 'data')
    const program = start([film, '--config', config, '--data', data, '--ask', '2', '--http', '0'])
    const status = await program.event('status')
    const seeding = await program.event('seeding')
    expect(seeding).toMatchObject({
      name: 'film.bin',
      torrentFile: join(data, 'torrents', 'film.bin.torrent'),
    })
    expect(seeding.magnetUri).toContain(`magnet:?xt=urn:btih:${seeding.infoHash}`)
    expect((await readFile(String(seeding.torrentFile))).subarray(0, 1).toString()).toBe('d')
    const url = String(status.url)
    const json: unknown = await (await fetch(`${url}/status`)).json()
    expect(json).toMatchObject({
      askPerMiB: '2000000000000000000',
      torrents: [{ infoHash: seeding.infoHash, state: 'seeding' }],
      chain: { status: 'up' },
      earned: '0',
    })
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('piecemeal_chain_up 1\n')
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404)

    const asked = start(['--status', '--http', new URL(url).port])
    expect(await asked.ended).toBe(0)
    expect(JSON.parse(asked.output())).toMatchObject({ askPerMiB: '2000000000000000000' })

    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
    expect(program.output()).toContain('"event":"stopped"')
    expect(program.output() + program.errors()).not.toContain(KEY)
    await expectEnd(start(['--status', '--http', new URL(url).port]), 6, /No seeder serves its status/)
  })

  test('takes the data folder of one that was killed over', async () => {
    const data = join(folder, 'data-killed')
    const killed = start([film, '--config', config, '--data', data])
    await killed.event('started')
    killed.child.kill('SIGKILL')
    await killed.ended
    const next = start([film, '--config', config, '--data', data])
    await next.event('started')
    next.child.kill('SIGINT')
    expect(await next.ended).toBe(0)
  })
})

describe('what the chain does not pay', () => {
  test('is in the log, the metrics and the exit code, and nothing is sent for it', async () => {
    const BTT = 10n ** 18n
    const chain = await connectChain(devnet.toNetwork())
    const { viewer } = devnet.accounts
    const seller = createKeySigner(KEY)
    const trxSun = toFeeSun(1_000_000_000n)
    await devnet.fundAccount(viewer.address, { trxSun, bttAmount: toAmount(100n * BTT) })
    await devnet.fundAccount(seller.address, { trxSun, bttAmount: toAmount(0n) })
    const data = join(folder, 'data-unpaid')
    const ledger = await createFileLedger(join(data, 'ledger.jsonl'))
    const payee = createPayee({ chain, ledger, payee: seller.address, delegateKey: testKey(33) })
    const payer = createStranger({ chain, wallet: createKeySigner(viewer.privateKey), signer: testKey(34) })
    await payer.fund(toAmount(50n * BTT))
    const seat = await payer.offer(payee, toAmount(50n * BTT))
    await payer.open(seat)
    await payee.acceptSeat(seat)
    await payee.acceptVoucher(await payer.promise(seat, toAmount(9n * BTT)), pieceReason(0))
    // As after a fault of ours or of the contract: a voucher that counts here and not there.
    const [record] = await ledger.list('payeeSeats')
    if (!record?.voucher) throw new Error('no voucher')
    const voucher = { ...record.voucher, cumulative: toAmount(10n * BTT) }
    const value = { ...record, voucher }
    await ledger.commit({ puts: [{ table: 'payeeSeats', key: seat.channelId, value }] })
    await ledger.close()
    const before = await chain.getTrxBalance(seller.address)

    const redeem = ['--redeem-at', '1', '--redeem-floor', '1']
    const program = start([film, '--config', config, '--data', data, '--http', '0', ...redeem])
    expect(await program.event('redeemFailed')).toMatchObject({ code: 'nothing-to-redeem', rows: 1 })
    const metrics = await (await fetch(`${String((await program.event('status')).url)}/metrics`)).text()
    expect(metrics).toContain('piecemeal_redeem_failures_total{code="nothing-to-redeem"} 1\n')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(7)
    expect(program.output()).not.toContain('"event":"redeemed"')
    expect(await chain.getTrxBalance(seller.address)).toBe(before)
  })
})

describe('the rate at which fees are weighed', () => {
  test.each([
    ['is missing', {}, /No rate is known: only a channel that owes 5,000,000 BTT/],
    [
      'is old',
      { rates: { asOf: '2025-01-31', bttPerTrx: '500000' } },
      /rates of config\.json are of 2025-01-31/,
    ],
  ])('%s: the operator is warned, unless a rate is given', async (name, changes, words) => {
    const path = await writeConfig(`rates-${name.slice(-3)}.json`, changes)
    const data = ['--data', join(folder, `data-rates-${name.slice(-3)}`)]
    const warned = start([film, '--config', path, ...data])
    await warned.event('warning', ({ message }) => words.test(String(message)))
    warned.child.kill('SIGTERM')
    expect(await warned.ended).toBe(0)
    const told = start([film, '--config', path, ...data, '--btt-per-trx', '1'])
    await told.event('started')
    told.child.kill('SIGTERM')
    expect(await told.ended).toBe(0)
    expect(told.output()).not.toMatch(words)
  })
})
