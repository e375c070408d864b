import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from './index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from './testing/connect-tronweb.ts'

const LAG_BLOCKS = 3
let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'solidified test', solidLagBlocks: LAG_BLOCKS })
  await mine(LAG_BLOCKS)
})
afterAll(() => devnet.stop())

const ask = (path: string, body: unknown = {}) =>
  fetch(`${devnet.url}/${path}`, { method: 'POST', body: JSON.stringify(body) }).then((response) =>
    response.json(),
  )
const mine = async (blocks: number) => {
  for (let count = 0; count < blocks; count++) await devnet.mine()
}

describe('the solidified view', () => {
  it('shows a transfer only when its block is solidified: balance, transaction, receipt and head', async () => {
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const { txid } = await tronWeb.trx.sendTransaction(bob.address, 7)
    const look = async (room: string) => {
      const account = await ask(`${room}/getaccount`, { address: bob.address, visible: true })
      const transaction = await ask(`${room}/gettransactionbyid`, { value: txid })
      const info = await ask(`${room}/gettransactioninfobyid`, { value: txid })
      return [account.balance, transaction.txID, info.id]
    }
    expect(await look('wallet')).toEqual([10_000_000_007, txid, txid])
    expect(await look('walletsolidity')).toEqual([10_000_000_000, undefined, undefined])
    const head = await ask('wallet/getnowblock')
    const solid = await ask('walletsolidity/getnowblock')
    expect(head.block_header.raw_data.number - solid.block_header.raw_data.number).toBe(LAG_BLOCKS)
    await mine(LAG_BLOCKS)
    expect(await look('walletsolidity')).toEqual([10_000_000_007, txid, txid])
  })

  it('runs constant calls on the solidified storage, and leaves it as it was', async () => {
    const { alice } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    // With calldata: sstore(0, calldataload(4)). Without: return sload(0).
    const runtime = '36600f5760005460005260206000f35b600435600055'
    const { address } = await deployWith(tronWeb, { abi: [], bytecode: wrapRuntime(runtime) })
    const call = { owner_address: tronWeb.address.toHex(alice.address), contract_address: address }
    const read = async (room: string) => {
      const answer = await ask(`${room}/triggerconstantcontract`, call)
      return answer.constant_result ? Number.parseInt(answer.constant_result[0], 16) : answer.result.code
    }
    expect(await read('walletsolidity')).toBe('CONTRACT_VALIDATE_ERROR')
    await mine(LAG_BLOCKS)
    const built = await tronWeb.transactionBuilder.triggerSmartContract(
      address,
      'set(uint256)',
      { feeLimit: 1e8 },
      [{ type: 'uint256', value: 42 }],
    )
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
    expect([await read('wallet'), await read('walletsolidity')]).toEqual([42, 0])
    await ask('walletsolidity/triggerconstantcontract', { ...call, data: `00000000${'9'.padStart(64, '0')}` })
    expect([await read('wallet'), await read('walletsolidity')]).toEqual([42, 0])
    await mine(LAG_BLOCKS)
    expect([await read('wallet'), await read('walletsolidity')]).toEqual([42, 42])
  })

  it('is 19 blocks behind when blocks take 3 s, as on TRON', async () => {
    const slow = await startDevnet({ chainLabel: 'three seconds', blockTime: 3_000 })
    for (let count = 0; count < 25; count++) await slow.mine()
    expect(slow.chain.head.number - slow.chain.solidNumber).toBe(19)
    await slow.stop()
  })
})
