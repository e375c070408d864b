import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployment, type Devnet, deployContracts, startDevnet } from '../index.ts'
import { connectTronWeb } from '../testing/connect-tronweb.ts'

let devnet: Devnet
let deployment: Deployment
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'api test', controls: true })
  deployment = await deployContracts(devnet)
})
afterAll(() => devnet.stop())

const send = (path: string, body?: string) =>
  fetch(`${devnet.url}/${path}`, body === undefined ? {} : { method: 'POST', body })
const isAlive = async () => (await (await send('wallet/getnowblock')).json()).blockID.length === 64

describe('bad input', () => {
  it.each([
    ['malformed JSON', 'wallet/getaccount', '{"address":'],
    ['a list', 'wallet/getaccount', '[]'],
    ['deep nesting', 'wallet/getaccount', '['.repeat(200_000)],
    ['an address of the wrong type', 'wallet/getaccount', '{"address":{"toString":1}}'],
    [
      'an address with a bad checksum',
      'wallet/getaccount',
      '{"address":"TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp5"}',
    ],
    ['odd hex that is no transaction', 'wallet/broadcasthex', '{"transaction":"abc"}'],
    ['hex that is no transaction', 'wallet/broadcasthex', '{"transaction":"ffffffff"}'],
    ['a transaction of no contract', 'wallet/broadcasttransaction', '{"raw_data":{}}'],
    ['raw data of the wrong type', 'wallet/broadcasttransaction', '{"raw_data":[1,2]}'],
    [
      'an unknown contract type',
      'wallet/broadcasttransaction',
      '{"raw_data":{"contract":[{"type":"Nope","parameter":{"value":{}}}]}}',
    ],
    ['a number too large', 'wallet/createtransaction', '{"amount":1e300}'],
    ['an id that is no hex', 'wallet/gettransactionbyid', '{"value":"0x0g"}'],
  ])('answers %s with an error', async (_name, path, body) => {
    const answer = await (await send(path, body)).json()
    expect(typeof answer.Error).toBe('string')
    expect(await isAlive()).toBe(true)
  })

  it('answers an unreadable call in its result', async () => {
    const answer = await (await send('wallet/triggerconstantcontract', '{"call_value":1e300}')).json()
    expect(answer.result.code).toBe('OTHER_ERROR')
  })

  it('refuses a body above 4 MiB, as a node does by default', async () => {
    const response = await send('wallet/getaccount', `{"address":"${'x'.repeat(4_200_000)}"}`)
    expect(response.status).toBe(200)
    expect((await response.json()).Error).toContain('body size is too big')
    expect(await isAlive()).toBe(true)
  })

  it('answers what is not there with a page of an error', async () => {
    for (const path of [
      'nope',
      'wallet/constructor',
      'wallet/nope',
      'v1/nope',
      'wallet/%ff',
      'devnet/nope',
      '/nope',
    ]) {
      expect((await send(path)).status).toBeGreaterThanOrEqual(400)
    }
  })

  it('says that a block, account or transaction is unknown by an empty object', async () => {
    for (const [path, body] of [
      ['wallet/getblockbynum', '{"num":999999}'],
      ['wallet/getblockbynum', '{"num":-1}'],
      ['wallet/gettransactionbyid', '{"value":"00"}'],
      ['wallet/gettransactioninfobyid', '{"value":"00"}'],
      ['wallet/gettransactionbyid', `{"value":"${'0'.repeat(64)}"}`],
      ['wallet/getaccount', `{"address":"41${'0'.repeat(39)}9"}`],
      ['wallet/getaccount', '{}'],
      ['wallet/getcontract', `{"value":"41${'0'.repeat(39)}9"}`],
    ] as const) {
      expect(await (await send(path, body)).json()).toEqual({})
    }
  })
})

describe('the faucet', () => {
  it('gives TRX and BTT to a new address, once a minute', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const address = tronWeb.utils.accounts.generateAccount().address.base58
    const gift = await (await send('faucet', JSON.stringify({ address }))).json()
    expect(gift).toMatchObject({ trxSun: '2000000000', bttAmount: '5000000000000000000000' })
    expect(gift.txIds).toHaveLength(2)
    expect(await tronWeb.trx.getBalance(address)).toBe(2_000_000_000)
    const token = await tronWeb.contract().at(deployment.token)
    expect(await token.balanceOf(address).call()).toBe(5_000n * 10n ** 18n)
    const again = await send('faucet', JSON.stringify({ address }))
    expect(again.status).toBe(429)
    expect((await again.json()).retryAfterSec).toBeGreaterThan(50)
  })

  it('refuses what is no address, and GET', async () => {
    expect((await send('faucet', '{"address":"nobody"}')).status).toBe(400)
    expect((await send('faucet')).status).toBe(405)
  })
})

describe('the explorer', () => {
  it('shows a BTT transfer in words, with its fee', async () => {
    const { alice, bob } = devnet.accounts
    await devnet.fundAccount(alice.address, { trxSun: 0n as never, bttAmount: (10n ** 19n) as never })
    const tronWeb = connectTronWeb(devnet, alice)
    const token = await tronWeb.contract().at(deployment.token)
    const txId = await token
      .transfer(bob.address, (25n * 10n ** 17n).toString())
      .send({ feeLimit: 100_000_000 })
    const response = await send(`explorer/transaction/${txId}`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const text = await response.text()
    for (const words of ['Success', 'BttToken.transfer', 'BTT moved', '<td>2.5</td>', bob.address, ' TRX']) {
      expect(text).toContain(words)
    }
    expect(text).not.toContain('<script')
    const account = await (await send(`explorer/address/${bob.address}`)).text()
    expect(account).toContain('2.5')
    expect(await (await send('explorer')).text()).toContain('BttToken.transfer')
  })

  it('shows why a call was reverted', async () => {
    const { carol, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, carol)
    const built = await tronWeb.transactionBuilder.triggerSmartContract(
      deployment.token,
      'transfer(address,uint256)',
      { feeLimit: 100_000_000 },
      [
        { type: 'address', value: bob.address },
        { type: 'uint256', value: 9 },
      ],
    )
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
    const text = await (await send(`explorer/transaction/${built.transaction.txID}`)).text()
    expect(text).toContain('Revert')
    expect(text).toContain(`BttToken_BalanceTooLow(owner: ${carol.address}, balance: 0, needed: 9)`)
  })

  it('escapes names that strangers chose, and knows what it does not know', async () => {
    const { alice } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const unsigned = await tronWeb.transactionBuilder.createSmartContract(
      { abi: [] as never, bytecode: '00', name: '<script>alert(1)</script>', feeLimit: 100_000_000 },
      alice.address,
    )
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(unsigned))
    const text = await (await send(`explorer/transaction/${unsigned.txID}`)).text()
    expect(text).not.toContain('<script')
    expect(text).toContain('&#60;script&#62;')
    expect((await send(`explorer/transaction/${'0'.repeat(64)}`)).status).toBe(404)
    expect((await send('explorer/address/nobody')).status).toBe(404)
  })
})

describe('test controls', () => {
  it('mine, move time and tell the status', async () => {
    const before = await (await send('devnet/status')).json()
    const after = await (await send('devnet/advance', '{"seconds":7200}')).json()
    expect(after.blockTimestampMs - before.blockTimestampMs).toBeGreaterThanOrEqual(7_200_000)
    const mined = await (await send('devnet/mine', '{}')).json()
    expect(mined.blockNumber).toBe(after.blockNumber + 1)
    expect((await send('devnet/advance', '{"seconds":-1}')).status).toBe(200)
    expect((await (await send('devnet/status')).json()).blockNumber).toBe(mined.blockNumber)
  })

  it('are absent unless asked for', async () => {
    const plain = await startDevnet({})
    expect((await fetch(`${plain.url}/devnet/mine`, { method: 'POST' })).status).toBe(405)
    await plain.stop()
  })
})
