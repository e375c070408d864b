/** Busy contracts get dearer: the rules of java-tron's ContractStateCapsule, and what a client sees of them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Devnet, startDevnet } from './index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from './testing/connect-tronweb.ts'
import { catchUp, MAINNET_DYNAMIC_ENERGY, penaltyOf } from './tvm/dynamic-energy.ts'

const SIX_HOURS_SEC = 21_600

describe('the factor of a contract', () => {
  const rules = { ...MAINNET_DYNAMIC_ENERGY, thresholdEnergy: 100 }
  const busy = { energyUsage: 101, energyFactor: 0, cycle: 5 }

  it('grows by a fifth after each busy period, to 3.4 times the price on top of it', () => {
    expect(catchUp(busy, 6, rules)).toEqual({ energyUsage: 0, energyFactor: 2_000, cycle: 6 })
    expect(catchUp({ ...busy, energyFactor: 2_000 }, 6, rules).energyFactor).toBe(4_400)
    expect(catchUp({ ...busy, energyFactor: 33_000 }, 6, rules).energyFactor).toBe(34_000)
  })

  it('shrinks by a twentieth with each idle one, to the plain price', () => {
    expect(catchUp(busy, 7, rules).energyFactor).toBe(1_400)
    expect(catchUp({ energyUsage: 100, energyFactor: 2_000, cycle: 5 }, 6, rules).energyFactor).toBe(1_400)
    expect(catchUp({ energyUsage: 0, energyFactor: 2_000, cycle: 5 }, 60, rules).energyFactor).toBe(0)
  })

  it('is none for a contract that was never seen, and the same within a period', () => {
    expect(catchUp(undefined, 6, rules)).toEqual({ energyUsage: 0, energyFactor: 0, cycle: 6 })
    expect(catchUp(busy, 5, rules)).toBe(busy)
    expect(penaltyOf(99, 2_000)).toBe(19)
  })
})

describe('a busy contract', () => {
  let devnet: Devnet
  beforeAll(async () => {
    devnet = await startDevnet({ chainLabel: 'dynamic energy test', controls: true })
  })
  afterAll(() => devnet.stop())

  const control = async (body: unknown) => {
    const response = await fetch(`${devnet.url}/devnet/dynamic-energy`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
  /** keccak of 32 bytes, over and over. */
  const CODE = wrapRuntime(`${'60205f2050'.repeat(47)}`)

  it('costs a factor more each maintenance period, in calls and in receipts alike', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const { address } = await deployWith(tronWeb, { abi: [], bytecode: CODE })
    const owner_address = tronWeb.defaultAddress.hex
    const constant = async () => {
      const response = await fetch(`${devnet.url}/wallet/triggerconstantcontract`, {
        method: 'POST',
        body: JSON.stringify({ owner_address, contract_address: address, data: '00' }),
      })
      return response.json()
    }
    const send = async () => {
      const { transaction } = await tronWeb.transactionBuilder.triggerSmartContract(address, 'any()', {
        feeLimit: 100_000_000,
      })
      await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(transaction))
      const info = await tronWeb.trx.getTransactionInfo(transaction.txID)
      return info.receipt as { energy_usage_total: number; energy_penalty_total?: number }
    }
    const plain = (await send()).energy_usage_total
    // Each PUSH1 and PUSH0, KECCAK256 of a word, POP; the first touches memory.
    expect(plain).toBe(47 * (3 + 2 + 36 + 2) + 3)
    expect((await control({ thresholdEnergy: 1_000 })).body.dynamicEnergy).toMatchObject({
      thresholdEnergy: 1_000,
      increaseFactor: 2_000,
      maxFactor: 34_000,
    })
    expect((await send()).energy_penalty_total).toBeUndefined()
    await devnet.advance(SIX_HOURS_SEC)
    // A fifth of each operation, rounded down for each.
    const penalty = 47 * (0 + 0 + 7 + 0)
    const answer = await constant()
    expect(answer).toMatchObject({ energy_used: plain + penalty, energy_penalty: penalty })
    expect(await send()).toMatchObject({
      energy_usage_total: plain + penalty,
      energy_penalty_total: penalty,
    })
    await devnet.advance(SIX_HOURS_SEC)
    // The first hash, which pays for memory, loses less of its part.
    expect((await constant()).energy_used).toBe(plain + 47 * (1 + 0 + 15 + 0) + 2)
    const info = await tronWeb.fullNode.request('wallet/getcontractinfo', { value: address }, 'post')
    expect(info).toMatchObject({ contract_state: { energy_factor: 2_000, energy_usage: plain } })
    await control({ off: true })
    expect((await constant()).energy_used).toBe(plain)
  })

  it('is known by the chain’s parameters, and rules that make no sense are refused', async () => {
    const parameters = async () => {
      const response = await fetch(`${devnet.url}/wallet/getchainparameters`)
      const { chainParameter } = (await response.json()) as {
        chainParameter: { key: string; value?: number }[]
      }
      return new Map(chainParameter.map(({ key, value }) => [key, value]))
    }
    expect((await parameters()).get('getAllowDynamicEnergy')).toBeUndefined()
    await control({ maxFactor: 5_000 })
    expect((await parameters()).get('getAllowDynamicEnergy')).toBe(1)
    expect((await parameters()).get('getDynamicEnergyMaxFactor')).toBe(5_000)
    expect((await control({ maintenanceMs: 0 })).status).toBe(400)
    expect((await control({ increaseFactor: 10_001 })).status).toBe(400)
    await devnet.setDynamicEnergy(null)
  })

  it('costs the same after a restart, and goes back with a snapshot', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'devnet-dynamic-'))
    const options = { chainLabel: 'dynamic energy restart', stateDir }
    const first = await startDevnet(options)
    const tronWeb = connectTronWeb(first, first.accounts.alice)
    const { address } = await deployWith(tronWeb, { abi: [], bytecode: CODE })
    const used = async (node: Devnet) => {
      const reader = connectTronWeb(node, node.accounts.alice)
      const call = await reader.transactionBuilder.triggerConstantContract(address, 'any()', {})
      return call.energy_used
    }
    const plain = await used(first)
    await first.setDynamicEnergy({ thresholdEnergy: 1_000 })
    const { transaction } = await tronWeb.transactionBuilder.triggerSmartContract(address, 'any()', {
      feeLimit: 100_000_000,
    })
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(transaction))
    await first.advance(SIX_HOURS_SEC)
    const dear = await used(first)
    expect(dear).toBeGreaterThan(plain!)
    await first.stop()
    const second = await startDevnet(options)
    expect(await used(second)).toBe(dear)
    expect(second.chain.dynamicEnergy).toMatchObject({ thresholdEnergy: 1_000 })
    await second.stop()
    const third = await startDevnet({ chainLabel: 'dynamic energy restart' })
    const mark = await third.takeSnapshot()
    await third.setDynamicEnergy({})
    await third.restoreSnapshot(mark)
    expect(third.chain.dynamicEnergy).toBeNull()
    await third.stop()
    await rm(stateDir, { recursive: true })
  })
})
