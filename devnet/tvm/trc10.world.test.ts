import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoAccount } from '../chain/demo-accounts.ts'
import { type Devnet, startDevnet } from '../index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from '../testing/connect-tronweb.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({
    chainLabel: 'trc10 test',
    prefund: [{ address: createDemoAccount('alice').address, trxSun: 0n, bttoldAmount: 1_000_000n }],
  })
})
afterAll(() => devnet.stop())

const TOKEN_ID = 1_002_000
const TOKEN_HEX = TOKEN_ID.toString(16).padStart(6, '0')
const deploy = (runtime: string) =>
  deployWith(connectTronWeb(devnet, devnet.accounts.alice), { abi: [], bytecode: wrapRuntime(runtime) })

async function trigger(address: string, options: { tokenValue?: number; tokenId?: number } = {}) {
  const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
  const built = await tronWeb.transactionBuilder.triggerSmartContract(address, 'any()', {
    feeLimit: 100_000_000,
    ...options,
  } as never)
  await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
  return tronWeb.trx.getTransactionInfo(built.transaction.txID)
}
const balanceOf = async (address: string) => {
  const account = await connectTronWeb(devnet, devnet.accounts.alice).trx.getAccount(address)
  return account.assetV2?.[0]?.value ?? 0
}

describe('TRC-10 in contracts', () => {
  it('tells a contract which token came, how much, and its balance', async () => {
    // mstore(0, calltokenvalue), mstore(32, calltokenid), mstore(64, tokenbalance(this, id)), return 96 bytes
    const { address } = await deploy(`d2600052d36020523062${TOKEN_HEX}d160405260606000f3`)
    const info = await trigger(address, { tokenId: TOKEN_ID, tokenValue: 77 })
    const words = info.contractResult[0]!.match(/.{64}/g)!.map((word) => Number.parseInt(word, 16))
    expect(words.slice(0, 2)).toEqual([77, TOKEN_ID])
    expect(await balanceOf(address)).toBe(77)
  })

  it('moves tokens out of a contract, and takes them back when the call reverts', async () => {
    const to = connectTronWeb(devnet, devnet.accounts.alice)
      .address.toHex(devnet.accounts.carol.address)
      .slice(2)
    // calltoken(gas 0, to, amount 5, id, no data)
    const send = `6000600060006000${`62${TOKEN_HEX}`}600573${to}6000d0`
    const before = await balanceOf(devnet.accounts.carol.address)
    const paying = await deploy(`${send}60005260206000f3`)
    const info = await trigger(paying.address, { tokenId: TOKEN_ID, tokenValue: 9 })
    expect(Number.parseInt(info.contractResult[0]!, 16)).toBe(1)
    expect(await balanceOf(paying.address)).toBe(4)
    expect(await balanceOf(devnet.accounts.carol.address)).toBe(before + 5)

    const reverting = await deploy(`${send}60006000fd`)
    expect((await trigger(reverting.address, { tokenId: TOKEN_ID, tokenValue: 9 })).receipt.result).toBe(
      'REVERT',
    )
    expect(await balanceOf(reverting.address)).toBe(0)
    expect(await balanceOf(devnet.accounts.carol.address)).toBe(before + 5)
  })

  it('answers 0 when a contract sends tokens that it has not', async () => {
    const to = '00'.repeat(19)
    const { address } = await deploy(`6000600060006000${`62${TOKEN_HEX}`}600573${to}996000d060005260206000f3`)
    expect(Number.parseInt((await trigger(address)).contractResult[0]!, 16)).toBe(0)
  })
})

describe('storage energy', () => {
  it('costs 20,000 for a new slot, 5,000 for a change and for clearing it, without refunds', async () => {
    // sstore(0, calldataload(4))
    const { address } = await deploy('600435600055')
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const store = async (value: number) => {
      const built = await tronWeb.transactionBuilder.triggerSmartContract(
        address,
        'set(uint256)',
        { feeLimit: 1e8 },
        [{ type: 'uint256', value }],
      )
      await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
      return (await tronWeb.trx.getTransactionInfo(built.transaction.txID)).receipt.energy_usage_total
    }
    expect(await store(1)).toBe(20_009)
    expect(await store(2)).toBe(5_009)
    expect(await store(0)).toBe(5_009)
  })
})
