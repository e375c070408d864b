import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TronWeb } from 'tronweb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toAmount, toFeeSun } from '../../lib/units/index.ts'
import { type Deployment, type Devnet, deployContracts, startDevnet } from '../index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from '../testing/connect-tronweb.ts'

const LAG_BLOCKS = 19
let stateDir: string
let devnet: Devnet
let deployment: Deployment
let tronWeb: TronWeb
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'piecemeal-reorganise-'))
  await start()
  deployment = await deployContracts(devnet)
  tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
})
afterEach(async () => {
  await devnet.stop()
  await rm(stateDir, { recursive: true })
})

async function start() {
  devnet = await startDevnet({ stateDir, solidLagBlocks: LAG_BLOCKS })
}

const post = async (path: string, body: unknown) =>
  (await fetch(`${devnet.url}/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()

/** Everything that a reader could see of bob and of some transactions. */
async function look(txIds: readonly string[]) {
  const { bob } = devnet.accounts
  const token = await tronWeb.contract().at(deployment.token)
  const events = await (await fetch(`${devnet.url}/v1/contracts/${deployment.token}/events?limit=200`)).json()
  return {
    headId: devnet.chain.head.id,
    trx: await tronWeb.trx.getUnconfirmedBalance(bob.address),
    btt: await token.balanceOf(bob.address).call(),
    events: events.data.map((event: { transaction_id: string }) => event.transaction_id),
    receipts: await Promise.all(txIds.map((value) => post('wallet/gettransactioninfobyid', { value }))),
    transactions: await Promise.all(txIds.map((value) => post('wallet/gettransactionbyid', { value }))),
    named: devnet.chain.listTransactions(`0x${tronWeb.address.toHex(bob.address).slice(2)}`).length,
  }
}

const giveBob = () =>
  devnet.fundAccount(devnet.accounts.bob.address, { trxSun: toFeeSun(7n), bttAmount: toAmount(5n) })

describe('dropping blocks', () => {
  it('takes state, receipts, events, indexes and the disk back, and another branch grows', async () => {
    const before = await look([])
    const txIds = await giveBob()
    const [first] = txIds
    const droppedHead = devnet.chain.head
    const sent = await look(txIds)
    expect(sent).toMatchObject({ trx: before.trx + 7, btt: 5n, named: before.named + 1 })
    const { dropped, requeued, forgotten } = await devnet.reorganise({
      dropBlocks: 2,
      transactions: 'forget',
    })
    expect(dropped.at(-1)).toEqual(droppedHead)
    expect({ requeued, forgotten }).toEqual({ requeued: [], forgotten: txIds })
    expect(await look(txIds)).toEqual({ ...before, receipts: [{}, {}], transactions: [{}, {}] })
    expect(await post('wallet/getblockbynum', { num: droppedHead.number })).toEqual({})
    const again = await giveBob()
    expect(again).not.toContain(first)
    expect(devnet.chain.head.number).toBe(droppedHead.number)
    expect(devnet.chain.head.id).not.toBe(droppedHead.id)
    const after = await look(again)
    expect(after).toMatchObject({ trx: before.trx + 7, btt: 5n })
    await devnet.stop()
    await start()
    await deployContracts(devnet)
    tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    expect(await look(again)).toEqual({ ...after, headId: devnet.chain.head.id })
    expect(devnet.chain.getBlockById(after.headId)).toBeDefined()
    expect(devnet.chain.getBlockById(droppedHead.id)).toBeUndefined()
  })

  it('puts the transactions back where asked: they have run, and the next block takes them', async () => {
    const { alice, bob } = devnet.accounts
    const before = await look([])
    // Built before either is sent, so that neither refers to a block that will be dropped.
    const unsigned = [
      await tronWeb.transactionBuilder.sendTrx(bob.address, 7, alice.address),
      (
        await tronWeb.transactionBuilder.triggerSmartContract(
          deployment.token,
          'approve(address,uint256)',
          { feeLimit: 100_000_000 },
          [
            { type: 'address', value: bob.address },
            { type: 'uint256', value: 5 },
          ],
          alice.address,
        )
      ).transaction,
    ]
    const signed = await Promise.all(unsigned.map((transaction) => tronWeb.trx.sign(transaction)))
    for (const transaction of signed) await tronWeb.trx.sendRawTransaction(transaction)
    const txIds = signed.map(({ txID }) => txID)
    const sent = await look(txIds)
    expect(sent.events).toEqual([txIds[1], ...before.events])
    const { requeued } = await devnet.reorganise({ dropBlocks: 2, transactions: 'requeue' })
    expect(requeued).toEqual(txIds)
    expect(await look(txIds)).toMatchObject({
      trx: before.trx + 7,
      receipts: [{}, {}],
      events: before.events,
    })
    await devnet.mine()
    const sealed = await look(txIds)
    expect(devnet.chain.head.txIds).toEqual(txIds)
    expect(sealed.receipts.map(({ blockNumber }) => blockNumber)).toEqual(
      txIds.map(() => devnet.chain.head.number),
    )
    expect(sealed.events).toEqual(sent.events)
  })

  it('forgets a transaction that refers to a dropped block', async () => {
    const { bob } = devnet.accounts
    const first = await tronWeb.trx.sendTransaction(bob.address, 1)
    const second = await tronWeb.trx.sendTransaction(bob.address, 2)
    const outcome = await devnet.reorganise({ dropBlocks: 2, transactions: 'requeue' })
    expect(outcome).toMatchObject({ requeued: [first.txid], forgotten: [second.txid] })
    expect(await tronWeb.trx.getUnconfirmedBalance(bob.address)).toBe(10_000_000_001)
  })

  it('lets a forgotten transaction be sent once more', async () => {
    const { bob, alice } = devnet.accounts
    const unsigned = await tronWeb.transactionBuilder.sendTrx(bob.address, 3, alice.address)
    const signed = await tronWeb.trx.sign(unsigned)
    await tronWeb.trx.sendRawTransaction(signed)
    expect(await tronWeb.trx.sendRawTransaction(signed)).toMatchObject({ code: 'DUP_TRANSACTION_ERROR' })
    await devnet.reorganise({ dropBlocks: 1, transactions: 'forget' })
    expect(await tronWeb.trx.sendRawTransaction(signed)).toMatchObject({ result: true })
    expect(await tronWeb.trx.getUnconfirmedBalance(bob.address)).toBe(10_000_000_003)
  })

  it('takes away a contract that a dropped block deployed', async () => {
    const { address } = await deployWith(tronWeb, {
      abi: [],
      bytecode: wrapRuntime('60016000526020 6000f3'.replace(' ', '')),
    })
    expect(await tronWeb.trx.getContract(address)).toMatchObject({ contract_address: address })
    await devnet.reorganise({ dropBlocks: 1, transactions: 'forget' })
    expect(await post('wallet/getcontract', { value: address })).toEqual({})
    expect(
      await post('wallet/triggerconstantcontract', { owner_address: address, contract_address: address }),
    ).toMatchObject({
      result: { code: 'CONTRACT_VALIDATE_ERROR' },
    })
  })

  it('refuses to drop what is solidified, and the solidified head never goes back', async () => {
    for (let mined = 0; mined < LAG_BLOCKS + 2; mined++) await devnet.mine()
    const solidNumber = devnet.chain.head.number - LAG_BLOCKS
    expect(devnet.chain.solidNumber).toBe(solidNumber)
    const refusal = { code: 'bad-request', httpStatus: 400 }
    for (const dropBlocks of [0, -1, 1.5, Number.NaN, LAG_BLOCKS + 1])
      await expect(devnet.reorganise({ dropBlocks, transactions: 'forget' })).rejects.toMatchObject(refusal)
    await devnet.reorganise({ dropBlocks: 10, transactions: 'forget' })
    await devnet.mine()
    expect(devnet.chain.solidNumber).toBe(solidNumber)
    await devnet.stop()
    await start()
    expect(devnet.chain.solidNumber).toBe(solidNumber)
    const left = devnet.chain.head.number - solidNumber
    await expect(devnet.reorganise({ dropBlocks: left + 1, transactions: 'forget' })).rejects.toMatchObject(
      refusal,
    )
    await devnet.reorganise({ dropBlocks: left, transactions: 'forget' })
    expect(devnet.chain.head.number).toBe(solidNumber)
  })
})
