import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { TronWeb } from 'tronweb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRandom } from '../lib/base/testing/repeatable-random.ts'
import { createDemoAccount } from './chain/demo-accounts.ts'
import { startDevnet } from './index.ts'

const ROUNDS = 20
const SENDERS = 3
const RECIPIENT = createDemoAccount('bob').address

let stateDir: string
let child: ChildProcess | null = null
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'piecemeal-kill-'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await rm(stateDir, { recursive: true })
})

/** Starts `devnet/main.ts` on the state; resolves with its URL once it answers. */
async function spawnDevnet(blockTime: string): Promise<{ process: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const process_ = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      main,
      ...['--state', stateDir, '--port', '0', '--block-time', blockTime, '--json'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  child = process_
  const [line] = (await once(createInterface(process_.stdout!), 'line')) as [string]
  return { process: process_, url: JSON.parse(line).network.fullHost }
}

interface Served {
  readonly txId: string
  readonly amountSun: number
  readonly blockNumber: number
  readonly blockId: string
}

/** What the node serves of a transaction once a block has it; null before. */
async function readServed(tronWeb: TronWeb, txId: string, amountSun: number): Promise<Served | null> {
  const { blockNumber } = await tronWeb.trx.getUnconfirmedTransactionInfo(txId)
  if (!blockNumber) return null
  const block = await tronWeb.trx.getBlockByNumber(blockNumber)
  return { txId, amountSun, blockNumber, blockId: (block as unknown as { blockID: string }).blockID }
}

let lastAmountSun = 0
/** Sends one transfer after the other, looking each one up, until the node dies. */
async function sendUntilDeath(url: string, account: string, note: (served: Served) => void): Promise<void> {
  const { privateKey, address } = createDemoAccount(account)
  const tronWeb = new TronWeb({ fullHost: url, privateKey: privateKey.slice(2) })
  const waiting = new Map<string, number>()
  for (;;) {
    lastAmountSun += 1
    const amountSun = lastAmountSun
    try {
      const unsigned = await tronWeb.transactionBuilder.sendTrx(RECIPIENT, amountSun, address)
      await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(unsigned))
      waiting.set(unsigned.txID, amountSun)
      for (const [txId, sun] of waiting) {
        const served = await readServed(tronWeb, txId, sun)
        if (!served) continue
        waiting.delete(txId)
        note(served)
      }
    } catch {
      // The connection died with the node, at whatever step: that is the test.
      return
    }
  }
}

/** Leaves the last line as a kill within its write would. Returns what was left of it. */
async function tearLastLine(random: (below: number) => number): Promise<string> {
  const path = join(stateDir, 'chain.jsonl')
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  const last = lines.at(-1)!
  const torn = last.slice(0, 1 + random(last.length))
  await appendFile(path, torn)
  return torn
}

describe('a devnet that is killed', () => {
  it(`keeps every block that it served, over ${ROUNDS} kills at random moments`, async () => {
    const random = createRandom(20_260_101)
    const served: Served[] = []
    let lastHead = 0
    for (let round = 0; round < ROUNDS; round++) {
      // The same state under both kinds of blocks: in time, some transactions wait for theirs when the end comes.
      const devnet = await spawnDevnet(round % 2 === 0 ? 'instant' : '50')
      const tronWeb = new TronWeb({ fullHost: devnet.url })
      for (const { txId, amountSun, ...block } of served.slice(-40))
        expect(await readServed(tronWeb, txId, amountSun)).toEqual({ txId, amountSun, ...block })
      const exited = once(devnet.process, 'exit')
      const killAfter = served.length + 1 + random(25)
      const note = (seen: Served) => {
        served.push(seen)
        lastHead = Math.max(lastHead, seen.blockNumber)
        // The other senders' requests are under way.
        if (served.length >= killAfter) devnet.process.kill('SIGKILL')
      }
      const senders = ['alice', 'carol', 'viewer'].slice(0, SENDERS)
      await Promise.all(senders.map((account) => sendUntilDeath(devnet.url, account, note)))
      expect((await exited)[1]).toBe('SIGKILL')
      if (random(3) === 0) await tearLastLine(random)
    }
    const devnet = await startDevnet({ stateDir })
    for (const { txId, blockNumber, blockId } of served) {
      expect(devnet.chain.getBlock(blockNumber)).toMatchObject({ id: blockId })
      expect(devnet.chain.getBlock(blockNumber)!.txIds).toContain(txId)
      expect(devnet.chain.getTransaction(txId)?.info).toMatchObject({ blockNumber, result: 'SUCCESS' })
    }
    expect(served.length).toBeGreaterThan(ROUNDS)
    const { head } = devnet.chain
    expect(head.number).toBeGreaterThan(lastHead)
    await devnet.mine()
    expect(devnet.chain.head.parentId).toBe(head.id)
    await devnet.stop()
  }, 300_000)

  it('cuts a torn last line off wherever it tore, and writes on after the last whole one', async () => {
    const random = createRandom(7)
    const path = join(stateDir, 'chain.jsonl')
    const first = await startDevnet({ stateDir })
    await first.mine()
    await first.stop()
    for (let round = 0; round < 10; round++) {
      const whole = await readFile(path, 'utf8')
      const torn = await tearLastLine(random)
      expect(await readFile(path, 'utf8')).toBe(whole + torn)
      const devnet = await startDevnet({ stateDir })
      await devnet.stop()
      const text = await readFile(path, 'utf8')
      expect(text.startsWith(whole)).toBe(true)
      expect(text.slice(whole.length).split('\n')).toHaveLength(2)
    }
  })

  it('starts over a file that was cut within its first line', async () => {
    await (await startDevnet({ stateDir })).stop()
    const file = await open(join(stateDir, 'chain.jsonl'), 'r+')
    await file.truncate(20)
    await file.close()
    const devnet = await startDevnet({ stateDir })
    expect(devnet.chain.head.number).toBe(1)
    await devnet.stop()
  })
})
