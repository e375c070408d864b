import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { deployContracts, startDevnet } from './index.ts'
import { connectTronWeb } from './testing/connect-tronweb.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'piecemeal-devnet-'))
})
afterEach(() => rm(stateDir, { recursive: true }))

/** A chain with contracts and a gift of 5 BTT to bob; stopped. */
async function runOnce() {
  const devnet = await startDevnet({ stateDir })
  const deployment = await deployContracts(devnet)
  const { bob } = devnet.accounts
  const txIds = await devnet.fundAccount(bob.address, { trxSun: toFeeSun(9n), bttAmount: toAmount(5n) })
  await devnet.advance(3_600)
  const head = devnet.chain.head
  await devnet.stop()
  return { deployment, head, txIds }
}

describe('a chain on disk', () => {
  it('comes back with its balances, contracts, receipts, blocks and time', async () => {
    const before = await runOnce()
    const devnet = await startDevnet({ stateDir })
    const { bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, bob)
    expect(devnet.chain.getBlock(before.head.number)).toEqual(before.head)
    expect(devnet.chain.head.timestampMs).toBeGreaterThan(before.head.timestampMs)
    expect(await deployContracts(devnet)).toEqual(before.deployment)
    expect(await tronWeb.trx.getBalance(bob.address)).toBe(10_000_000_009)
    const token = await tronWeb.contract().at(before.deployment.token)
    expect(await token.balanceOf(bob.address).call()).toBe(5n)
    for (const txId of before.txIds) expect((await tronWeb.trx.getTransactionInfo(txId)).id).toBe(txId)
    await devnet.fundAccount(bob.address, { trxSun: toFeeSun(1n), bttAmount: toAmount(1n) })
    expect(await token.balanceOf(bob.address).call()).toBe(6n)
    await devnet.stop()
  })

  it('drops a line that a crash cut short', async () => {
    const before = await runOnce()
    await appendFile(join(stateDir, 'chain.jsonl'), '{"id":"00')
    const devnet = await startDevnet({ stateDir })
    expect(devnet.chain.getBlock(before.head.number)).toEqual(before.head)
    await devnet.stop()
    const again = await startDevnet({ stateDir })
    expect(again.chain.getBlock(before.head.number)).toEqual(before.head)
    await again.stop()
  })

  it('refuses the state of another genesis, and damaged state, and leaves both as they are', async () => {
    await runOnce()
    const path = join(stateDir, 'chain.jsonl')
    await expect(startDevnet({ stateDir, chainLabel: 'another' })).rejects.toMatchObject({
      code: 'devnet-genesis',
    })
    const lines = (await readFile(path, 'utf8')).split('\n')
    lines[3] = 'garbage'
    await writeFile(path, lines.join('\n'))
    await expect(startDevnet({ stateDir })).rejects.toMatchObject({ code: 'devnet-state' })
    expect(await readFile(path, 'utf8')).toBe(lines.join('\n'))
  })
})

describe('blocks in time', () => {
  it('shows a transaction’s effect at once and its receipt once its block is sealed', async () => {
    const devnet = await startDevnet({ blockTime: 60_000 })
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const sent = await tronWeb.trx.sendTransaction(bob.address, 4)
    expect(await tronWeb.trx.getBalance(bob.address)).toBe(10_000_000_004)
    expect(await tronWeb.trx.getUnconfirmedTransactionInfo(sent.txid)).toEqual({})
    await devnet.mine()
    expect((await tronWeb.trx.getUnconfirmedTransactionInfo(sent.txid)).id).toBe(sent.txid)
    expect(devnet.chain.head.timestampMs % 60_000).toBe(0)
    await devnet.stop()
  })

  it('seals blocks by itself', async () => {
    const devnet = await startDevnet({ blockTime: 50 })
    const start = devnet.chain.head.number
    await expect.poll(() => devnet.chain.head.number, { interval: 20 }).toBeGreaterThan(start + 2)
    await devnet.stop()
  })

  it('keeps the solidified view behind when asked', async () => {
    const devnet = await startDevnet({ solidLagBlocks: 2 })
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const sent = await tronWeb.trx.sendTransaction(bob.address, 4)
    expect(await tronWeb.trx.getTransactionInfo(sent.txid)).toEqual({})
    expect((await tronWeb.trx.getUnconfirmedTransactionInfo(sent.txid)).id).toBe(sent.txid)
    await devnet.mine()
    await devnet.mine()
    expect((await tronWeb.trx.getTransactionInfo(sent.txid)).id).toBe(sent.txid)
    await devnet.stop()
  })
})
