import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoAccount } from './chain/demo-accounts.ts'
import { type Deployment, type Devnet, deployContracts, startDevnet } from './index.ts'
import { connectTronWeb, deployWith, readArtifact, wrapRuntime } from './testing/connect-tronweb.ts'

let devnet: Devnet
let deployment: Deployment
beforeAll(async () => {
  devnet = await startDevnet({
    chainLabel: 'tronweb test',
    prefund: [{ address: createDemoAccount('alice').address, trxSun: 0n, bttoldAmount: 1_000n }],
  })
  deployment = await deployContracts(devnet)
})
afterAll(() => devnet.stop())

const FEE = { feeLimit: 1_000_000_000 }

describe('unmodified tronweb', () => {
  it('deploys both contracts at the addresses that it computed', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.carol)
    const token = await deployWith(tronWeb, readArtifact('BttToken'))
    const channels = await deployWith(tronWeb, {
      ...readArtifact('SwarmChannels'),
      parameters: [tronWeb.address.fromHex(token.address)],
    })
    for (const { address, txId } of [token, channels]) {
      const info = await tronWeb.trx.getTransactionInfo(txId)
      expect(info.contract_address).toBe(address)
      expect(info.receipt.result).toBe('SUCCESS')
      expect((await tronWeb.trx.getContract(address)).contract_address).toBe(address)
    }
  })

  it('sends TRX and charges bandwidth, free while it lasts', async () => {
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const before = await tronWeb.trx.getBalance(bob.address)
    const sent = await tronWeb.trx.sendTransaction(bob.address, 1_500_000)
    expect(sent.result).toBe(true)
    expect(await tronWeb.trx.getBalance(bob.address)).toBe(before + 1_500_000)
    const info = await tronWeb.trx.getTransactionInfo(sent.txid)
    expect(info.receipt.net_usage).toBeGreaterThan(200)
    expect(info.fee).toBeUndefined()
  })

  it('charges 1.1 TRX more when a transfer makes the account', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const fresh = tronWeb.utils.accounts.generateAccount().address.base58
    const sent = await tronWeb.trx.sendTransaction(fresh, 7)
    const info = await tronWeb.trx.getTransactionInfo(sent.txid)
    expect(info.fee).toBe(1_100_000)
    expect((await tronWeb.trx.getAccount(fresh)).balance).toBe(7)
  })

  it('sends the TRC-10 token', async () => {
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    expect((await tronWeb.trx.sendToken(bob.address, 12, '1002000')).result).toBe(true)
    const account = await tronWeb.trx.getAccount(bob.address)
    expect(account.assetV2).toContainEqual({ key: '1002000', value: 12 })
  })

  it('moves BTT for about 15,000 energy, 30,000 to a new holder, and burns TRX for it', async () => {
    const { alice, bob } = devnet.accounts
    await devnet.fundAccount(alice.address, { trxSun: 0n as never, bttAmount: (10n ** 21n) as never })
    const tronWeb = connectTronWeb(devnet, alice)
    const token = await tronWeb.contract().at(deployment.token)
    const first = await tronWeb.trx.getTransactionInfo(await token.transfer(bob.address, 5).send(FEE))
    const second = await tronWeb.trx.getTransactionInfo(await token.transfer(bob.address, 6).send(FEE))
    expect(await token.balanceOf(bob.address).call()).toBe(11n)
    expect(first.receipt.energy_usage_total).toBeGreaterThan(26_000)
    expect(first.receipt.energy_usage_total).toBeLessThan(31_000)
    expect(second.receipt.energy_usage_total).toBeGreaterThan(12_000)
    expect(second.receipt.energy_usage_total).toBeLessThan(16_000)
    expect(second.receipt.energy_fee).toBe(second.receipt.energy_usage_total! * 100)
    expect(second.fee).toBe(second.receipt.energy_fee! + (second.receipt.net_fee ?? 0))
  })

  it('estimates the energy of a call from above, to ten thousand: to one TRX of its fee (java-tron, Wallet.estimateEnergy)', async () => {
    const { alice, carol } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const args = [
      { type: 'address', value: carol.address },
      { type: 'uint256', value: 3 },
    ]
    const call = 'transfer(address,uint256)'
    const estimate = await tronWeb.transactionBuilder.estimateEnergy(deployment.token, call, {}, args)
    const built = await tronWeb.transactionBuilder.triggerSmartContract(deployment.token, call, FEE, args)
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
    const info = await tronWeb.trx.getTransactionInfo(built.transaction.txID)
    const used = info.receipt.energy_usage_total!
    expect(estimate.energy_required).toBeGreaterThanOrEqual(used)
    expect(estimate.energy_required).toBeLessThanOrEqual(used + 10_000)
  })

  it('decodes events by the ABI given at the deployment, newest first', async () => {
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const token = await tronWeb.contract().at(deployment.token)
    const txId = await token.transfer(bob.address, 77).send(FEE)
    const byContract = await tronWeb.getEventResult(deployment.token, { eventName: 'Transfer', limit: 1 })
    const byTransaction = await tronWeb.getEventByTransactionID(txId)
    expect(byContract.data).toEqual(byTransaction.data)
    expect(byContract.data?.[0]).toMatchObject({
      contract_address: deployment.token,
      event_name: 'Transfer',
      transaction_id: txId,
      result: { from: `0x${tronWeb.address.toHex(alice.address).slice(2)}`, value: '77' },
      result_type: { value: 'uint256' },
    })
  })

  it('gets the data of a revert from a call, and from the receipt of a transaction', async () => {
    const { viewer, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, viewer)
    const args = [
      { type: 'address', value: bob.address },
      { type: 'uint256', value: 1 },
    ]
    const call = 'transfer(address,uint256)'
    const selector = tronWeb.sha3('BttToken_BalanceTooLow(address,uint256,uint256)').slice(2, 10)
    await expect(
      tronWeb.transactionBuilder.triggerConstantContract(deployment.token, call, {}, args),
    ).rejects.toThrow('REVERT opcode executed')
    const raw = await fetch(`${devnet.url}/wallet/triggerconstantcontract`, {
      method: 'POST',
      body: JSON.stringify({
        owner_address: viewer.address,
        contract_address: deployment.token,
        function_selector: call,
        parameter: `${tronWeb.address.toHex(bob.address).slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}`,
        visible: true,
      }),
    }).then((response) => response.json())
    expect(raw.constant_result[0].slice(0, 8)).toBe(selector)

    const built = await tronWeb.transactionBuilder.triggerSmartContract(deployment.token, call, FEE, args)
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
    const info = await tronWeb.trx.getTransactionInfo(built.transaction.txID)
    expect(info).toMatchObject({ result: 'FAILED', receipt: { result: 'REVERT' } })
    expect(tronWeb.toUtf8(info.resMessage)).toBe('REVERT opcode executed')
    expect(info.contractResult[0]?.slice(0, 8)).toBe(selector)
    expect((await tronWeb.trx.getTransaction(built.transaction.txID)).ret?.[0]?.contractRet).toBe('REVERT')
  })
})

describe('what the TronLink adapter asks of a node', () => {
  it('tells the chain id by the end of block 0’s id', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const { blockID } = await tronWeb.trx.getBlockByNumber(0)
    expect(Number.parseInt(blockID.slice(-8), 16)).toBe(devnet.chainId)
    expect(devnet.toNetwork()).toMatchObject({
      chainId: devnet.chainId,
      fullHost: devnet.url,
      isTestnet: true,
    })
  })

  it('answers a browser of any origin, also from a private network', async () => {
    const response = await fetch(`${devnet.url}/wallet/getnowblock`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'content-type,tron-pro-api-key' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,tron-pro-api-key')
    expect(response.headers.get('access-control-allow-private-network')).toBe('true')
  })

  it('prints addresses in base58 when asked to be visible', async () => {
    const { alice } = devnet.accounts
    const ask = (query: string) =>
      fetch(`${devnet.url}/walletsolidity/getaccount?${query}`).then((response) => response.json())
    expect(await ask(`address=${alice.address}&visible=true`)).toMatchObject({ address: alice.address })
    const hex = connectTronWeb(devnet, alice).address.toHex(alice.address)
    expect(await ask(`address=${hex}`)).toMatchObject({ address: hex })
  })

  it('gives the chain id to contracts', async () => {
    // chainid, mstore, return 32 bytes
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const { address } = await deployWith(tronWeb, { abi: [], bytecode: wrapRuntime('4660005260206000f3') })
    const run = await tronWeb.transactionBuilder.triggerConstantContract(address, 'any()')
    expect(Number.parseInt(run.constant_result![0]!, 16)).toBe(devnet.chainId)
  })
})
