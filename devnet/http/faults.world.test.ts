import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from '../index.ts'
import { connectTronWeb } from '../testing/connect-tronweb.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ controls: true, solidLagBlocks: 19 })
})
afterEach(() => devnet.faults.clear())
afterAll(() => devnet.stop())

const get = (path: string) => fetch(`${devnet.url}/${path}`)
/** The code with which a new connection ends, having asked for the newest block; null when it is answered. */
const knock = () =>
  new Promise<string | null>((resolve) => {
    const asked = request(`${devnet.url}/wallet/getnowblock`, { agent: false }, (response) => {
      response.resume().once('end', () => resolve(null))
    })
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? null)).end()
  })
const control = async (path: string, body: unknown = {}) => {
  const response = await fetch(`${devnet.url}/devnet/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const HOUR_MS = 3_600_000

describe('late answers', () => {
  it('hold back one endpoint while others answer, until they are cleared', async () => {
    const id = devnet.faults.add({
      path: 'wallet/getnowblock',
      effect: { kind: 'delay', delayMs: HOUR_MS },
      times: 1,
    })
    const answered: string[] = []
    const late = get('wallet/getnowblock').then((response) => {
      answered.push('late')
      return response
    })
    expect((await get('wallet/getchainparameters')).status).toBe(200)
    answered.push('other')
    devnet.faults.clear(id)
    expect((await late).status).toBe(200)
    expect(answered).toEqual(['other', 'late'])
  })

  it('come once their time is over', async () => {
    devnet.faults.add({ effect: { kind: 'delay', delayMs: 1 } })
    expect((await get('wallet/getnowblock')).status).toBe(200)
  })
})

describe('errors', () => {
  it('are HTTP statuses, as many times as asked', async () => {
    devnet.faults.add({ path: 'wallet/get*', effect: { kind: 'status', httpStatus: 503 }, times: 2 })
    expect((await get('walletsolidity/getnowblock')).status).toBe(200)
    expect((await get('wallet/getnowblock')).status).toBe(503)
    expect((await get('wallet/getchainparameters')).status).toBe(503)
    expect((await get('wallet/getnowblock')).status).toBe(200)
  })

  it('have the shape of each endpoint’s refusals', async () => {
    devnet.faults.add({ effect: { kind: 'refusal', code: 'SERVER_BUSY', message: 'busy' } })
    const { bob } = devnet.accounts
    const message = Buffer.from('busy').toString('hex')
    const sent = await fetch(`${devnet.url}/wallet/broadcasthex`, { method: 'POST', body: '{}' })
    expect(await sent.json()).toEqual({ code: 'SERVER_BUSY', message })
    const call = await fetch(`${devnet.url}/wallet/triggerconstantcontract`, { method: 'POST', body: '{}' })
    expect(await call.json()).toEqual({ result: { code: 'SERVER_BUSY', message } })
    const read = await fetch(`${devnet.url}/wallet/getaccount?address=${bob.address}&visible=true`)
    expect(await read.json()).toEqual({ Error: 'class SERVER_BUSY : busy' })
  })

  it('after the fact lose the answer and not the transaction', async () => {
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const unsigned = await tronWeb.transactionBuilder.sendTrx(bob.address, 3, alice.address)
    const signed = await tronWeb.trx.sign(unsigned)
    devnet.faults.add({
      path: 'wallet/broadcasttransaction',
      effect: { kind: 'reset' },
      times: 1,
      moment: 'after',
    })
    await expect(tronWeb.trx.sendRawTransaction(signed)).rejects.toThrow()
    expect((await tronWeb.trx.getUnconfirmedTransactionInfo(signed.txID)).id).toBe(signed.txID)
  })
})

describe('a node that is down', () => {
  it('refuses connections and comes back at the same place, the chain having gone on', async () => {
    const { url } = devnet
    const head = devnet.chain.head.number
    await devnet.goDown()
    await devnet.goDown()
    expect(await knock()).toBe('ECONNREFUSED')
    await devnet.mine()
    await devnet.comeBack()
    await devnet.comeBack()
    expect(devnet.url).toBe(url)
    expect(await knock()).toBeNull()
    expect(devnet.chain.head.number).toBeGreaterThan(head)
  })

  it('cuts connections but for the controls when it was told over HTTP', async () => {
    const { faultId } = (await control('down')).body
    expect(await knock()).toBe('ECONNRESET')
    expect((await (await get('devnet/faults')).json()).faults).toEqual([
      { faultId, effect: { kind: 'reset' } },
    ])
    await control('clear', { faultId })
    expect(await knock()).toBeNull()
  })
})

describe('controls over HTTP', () => {
  it('drop blocks, take snapshots, set the time and fail', async () => {
    const { snapshotId, blockId } = (await control('snapshot')).body
    const later = Date.now() + 50 * HOUR_MS
    expect((await control('time', { timestampMs: later })).body.blockTimestampMs).toBeGreaterThanOrEqual(
      later,
    )
    const dropped = await control('reorganise', { dropBlocks: 1, transactions: 'requeue' })
    expect(dropped.body).toMatchObject({ blockId, requeued: [], forgotten: [] })
    await control('mine')
    expect((await control('restore', { snapshotId })).body.blockId).toBe(blockId)
    await control('fault', { kind: 'status', httpStatus: 500, body: { a: 1 }, path: 'v1/*', times: 1 })
    const failed = await get('v1/blocks/latest/events')
    expect([failed.status, await failed.json()]).toEqual([500, { a: 1 }])
    await control('fault', { kind: 'refusal', code: 'SERVER_BUSY', message: 'm', moment: 'after' })
    await control('fault', { kind: 'delay', delayMs: 5, path: 'explorer' })
    await control('clear')
    expect((await (await get('devnet/faults')).json()).faults).toEqual([])
  })

  it.each([
    ['advance', { seconds: 1e12 }],
    ['time', { timestampMs: 1 }],
    ['time', { timestampMs: 9e15 }],
    ['reorganise', { dropBlocks: 0 }],
    ['reorganise', { dropBlocks: 100_000 }],
    ['reorganise', { dropBlocks: 1, transactions: 'lose' }],
    ['restore', { snapshotId: 'nope' }],
    ['restore', {}],
    ['fault', { kind: 'nope' }],
    ['fault', { kind: 'delay', delayMs: 1e12 }],
    ['fault', { kind: 'status', httpStatus: 42 }],
    ['fault', { kind: 'refusal', code: 7, message: 'm' }],
    ['fault', { kind: 'reset', times: 0 }],
    ['fault', { kind: 'reset', moment: 'never' }],
    ['fault', { kind: 'reset', path: 9 }],
    ['clear', { faultId: {} }],
  ])('refuse %s %j and change nothing', async (name, body) => {
    const { head } = devnet.chain
    expect((await control(name, body)).status).toBe(400)
    expect(devnet.chain.head).toEqual(head)
    expect(devnet.faults.list()).toEqual([])
  })
})
