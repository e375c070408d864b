import type { TronWeb } from 'tronweb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployment, type Devnet, deployContracts, startDevnet } from './index.ts'
import { connectTronWeb } from './testing/connect-tronweb.ts'

let devnet: Devnet
let deployment: Deployment
let alice: TronWeb
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'staking test' })
  deployment = await deployContracts(devnet)
  alice = connectTronWeb(devnet, devnet.accounts.alice)
})
afterAll(() => devnet.stop())

const TRX = 1_000_000
const words = (message: string | undefined) => Buffer.from(message ?? '', 'hex').toString()
const send = async (tronWeb: TronWeb, unsigned: Parameters<TronWeb['trx']['sign']>[0]) =>
  tronWeb.trx.sendRawTransaction((await tronWeb.trx.sign(unsigned as never)) as never)
const approve = async (tronWeb: TronWeb) => {
  const token = await tronWeb.contract().at(deployment.token)
  const spender = devnet.accounts.viewer.address
  const txId = await token.approve(spender, Date.now() % 1_000_000).send({ feeLimit: 100 * TRX })
  return tronWeb.trx.getTransactionInfo(txId)
}

describe('staked TRX', () => {
  it('gives energy in proportion, which calls use before TRX is burned', async () => {
    const { address } = devnet.accounts.alice
    const before = await alice.trx.getBalance(address)
    await send(alice, await alice.transactionBuilder.freezeBalanceV2(1_000 * TRX, 'ENERGY'))
    expect(await alice.trx.getBalance(address)).toBe(before - 1_000 * TRX)
    const resources = await alice.trx.getAccountResources(address)
    // 1,000 TRX of 19,000,000,000 share 180,000,000,000 energy a day.
    expect(resources.EnergyLimit).toBe(9_473)
    const { receipt } = await approve(alice)
    const total = receipt.energy_usage_total!
    expect(receipt.energy_usage).toBe(9_473)
    expect(receipt.energy_fee).toBe((total - 9_473) * 100)
    expect((await alice.trx.getAccountResources(address)).EnergyUsed).toBeGreaterThan(9_400)
  })

  it('recovers over a day', async () => {
    const { address } = devnet.accounts.alice
    await devnet.advance(43_200)
    const half = await alice.trx.getAccountResources(address)
    expect(half.EnergyUsed).toBeGreaterThan(4_600)
    expect(half.EnergyUsed).toBeLessThan(4_800)
    await devnet.advance(43_300)
    expect((await alice.trx.getAccountResources(address)).EnergyUsed).toBeUndefined()
  })

  it('gives bandwidth, which is used before the free one', async () => {
    const { bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, bob)
    await send(tronWeb, await tronWeb.transactionBuilder.freezeBalanceV2(1_000 * TRX, 'BANDWIDTH'))
    const free = (await tronWeb.trx.getAccountResources(bob.address)).freeNetUsed
    await tronWeb.trx.sendTransaction(devnet.accounts.carol.address, 1)
    const resources = await tronWeb.trx.getAccountResources(bob.address)
    expect(resources.NetLimit).toBe(1_661)
    expect(resources.NetUsed).toBeGreaterThan(200)
    expect(resources.freeNetUsed).toBe(free)
  })

  it('comes back 14 days after it was unstaked, and not before', async () => {
    const { address } = devnet.accounts.alice
    await send(alice, await alice.transactionBuilder.unfreezeBalanceV2(400 * TRX, 'ENERGY'))
    const account = await alice.trx.getAccount(address)
    expect(account.frozenV2).toContainEqual({ type: 'ENERGY', amount: 600 * TRX })
    expect(account.unfrozenV2?.[0]).toMatchObject({ type: 'ENERGY', unfreeze_amount: 400 * TRX })
    const early = await send(alice, await alice.transactionBuilder.withdrawExpireUnfreeze())
    expect(words(early.message)).toBe('Contract validate error : no unFreeze balance to withdraw ')
    await devnet.advance(14 * 86_400)
    const before = await alice.trx.getBalance(address)
    const { txid } = await send(alice, await alice.transactionBuilder.withdrawExpireUnfreeze())
    expect(await alice.trx.getBalance(address)).toBe(before + 400 * TRX)
    expect(await alice.trx.getTransactionInfo(txid)).toMatchObject({ withdraw_expire_amount: 400 * TRX })
  })

  it('can be staked again while it waits', async () => {
    const { address } = devnet.accounts.alice
    await send(alice, await alice.transactionBuilder.unfreezeBalanceV2(100 * TRX, 'ENERGY'))
    await send(alice, await alice.transactionBuilder.cancelUnfreezeBalanceV2())
    const account = await alice.trx.getAccount(address)
    expect(account.unfrozenV2).toBeUndefined()
    expect(account.frozenV2).toContainEqual({ type: 'ENERGY', amount: 600 * TRX })
  })

  it.each([
    ['less than 1 TRX', 999_999, 'frozenBalance must be greater than or equal to 1 TRX'],
    ['more than there is', 9_000_000_000_000, 'frozenBalance must be less than or equal to accountBalance'],
  ])('is refused for %s (java-tron, FreezeBalanceV2Actuator)', async (_name, amountSun, reason) => {
    const answer = await send(alice, await alice.transactionBuilder.freezeBalanceV2(amountSun, 'ENERGY'))
    expect(words(answer.message)).toBe(`Contract validate error : ${reason}`)
  })

  it('cannot be unstaked beyond what is staked (java-tron, UnfreezeBalanceV2Actuator)', async () => {
    const answer = await send(alice, await alice.transactionBuilder.unfreezeBalanceV2(601 * TRX, 'ENERGY'))
    expect(words(answer.message)).toBe(
      'Contract validate error : Invalid unfreeze_balance, [601000000] is error',
    )
    const none = await send(alice, await alice.transactionBuilder.unfreezeBalanceV2(TRX, 'BANDWIDTH'))
    expect(words(none.message)).toBe('Contract validate error : no frozenBalance(BANDWIDTH)')
  })
})

describe('delegated TRX', () => {
  it('pays another account’s energy until it is taken back', async () => {
    const { carol } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, carol)
    await send(alice, await alice.transactionBuilder.delegateResource(500 * TRX, carol.address, 'ENERGY'))
    expect((await tronWeb.trx.getAccountResources(carol.address)).EnergyLimit).toBe(4_736)
    expect((await approve(tronWeb)).receipt.energy_usage).toBe(4_736)
    const tooMuch = await send(
      alice,
      await alice.transactionBuilder.undelegateResource(501 * TRX, carol.address, 'ENERGY'),
    )
    expect(words(tooMuch.message)).toContain('insufficient delegatedFrozenBalance(ENERGY), request=501000000')
    await send(alice, await alice.transactionBuilder.undelegateResource(500 * TRX, carol.address, 'ENERGY'))
    expect((await tronWeb.trx.getAccountResources(carol.address)).EnergyLimit).toBeUndefined()
    expect((await alice.trx.getAccount(devnet.accounts.alice.address)).frozenV2).toContainEqual({
      type: 'ENERGY',
      amount: 600 * TRX,
    })
  })

  it('stays locked for as long as was said', async () => {
    const { seeder } = devnet.accounts
    const delegate = alice.transactionBuilder.delegateResource(
      10 * TRX,
      seeder.address,
      'ENERGY',
      undefined,
      true,
      10,
    )
    await send(alice, await delegate)
    const takeBack = async () =>
      send(alice, await alice.transactionBuilder.undelegateResource(10 * TRX, seeder.address, 'ENERGY'))
    expect(words((await takeBack()).message)).toContain('unlock_balance=0')
    await devnet.advance(31)
    expect((await takeBack()).result).toBe(true)
  })
})

describe('a deployer’s stake', () => {
  it('pays its share of a call, and no more than it allowed', async () => {
    const deployer = connectTronWeb(devnet, devnet.accounts.seeder)
    await send(deployer, await deployer.transactionBuilder.freezeBalanceV2(5_000 * TRX, 'ENERGY'))
    // sstore(0, calldataload(4))
    const unsigned = await deployer.transactionBuilder.createSmartContract(
      {
        abi: [] as never,
        bytecode: '6006600c60003960066000f3600435600055',
        name: 'Sponsored',
        feeLimit: 1_000 * TRX,
        userFeePercentage: 40,
        originEnergyLimit: 10_000,
      },
      devnet.accounts.seeder.address,
    )
    await send(deployer, unsigned)
    await devnet.advance(86_500)
    const { address } = devnet.accounts.viewer
    const viewer = connectTronWeb(devnet, devnet.accounts.viewer)
    const store = async (value: number) => {
      const built = await viewer.transactionBuilder.triggerSmartContract(
        unsigned.contract_address as string,
        'set(uint256)',
        { feeLimit: 100 * TRX },
        [{ type: 'uint256', value }],
        address,
      )
      await send(viewer, built.transaction)
      return (await viewer.trx.getTransactionInfo(built.transaction.txID)).receipt
    }
    expect(await store(1)).toMatchObject({
      energy_usage_total: 20_009,
      origin_energy_usage: 10_000,
      energy_fee: 1_000_900,
    })
    expect(await store(2)).toMatchObject({
      energy_usage_total: 5_009,
      origin_energy_usage: 3_005,
      energy_fee: 200_400,
    })
  })
})
