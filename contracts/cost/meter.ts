/** Transactions on one rule book: gas by Ethereum's Shanghai rules, or energy by TRON's. */
import { readFileSync } from 'node:fs'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { createAddressFromString } from '@ethereumjs/util'
import { utils } from 'tronweb'
import { TvmState } from '../../devnet/tvm/state.ts'
import { createdAddress, Tvm } from '../../devnet/tvm/tvm.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../lib/base/index.ts'
import { swarmChannelsAbi } from '../../lib/channels/index.ts'
import { type Address, addressFromBytes, type TypedDataDomain, trc20Abi } from '../../lib/tron/index.ts'
import { BTT, FAR_SEC, payees, payer, raw, signer } from './parties.ts'

export type RuleBook = 'gas' | 'energy'

const ORIGIN_FEE = 21_000
const CHAIN_ID = 1
const ENERGY_LIMIT = 50_000_000n
const ECRECOVER = `0x${'01'.padStart(40, '0')}`

/** Runs one transaction; `cost` is what its sender pays for. */
interface Machine {
  run(from: Address, to: Hex | null, data: Hex): Promise<{ cost: number; created: Hex }>
}

const artifact = (name: string): { bytecode: Hex } =>
  JSON.parse(readFileSync(new URL(`../artifacts/${name}.json`, import.meta.url), 'utf8'))

/** One transaction at a time on one rule book, with the token and the contract on it. */
export class Meter {
  readonly #machine: Machine
  token: Hex = '0x'
  swarm: Hex = '0x'
  constructor(machine: Machine) {
    this.#machine = machine
  }

  async deploy(bytecode: Hex): Promise<Hex> {
    return (await this.#machine.run(payer, null, bytecode)).created
  }

  async call(from: Address, name: string, ...args: unknown[]): Promise<number> {
    return this.#call(from, this.swarm, swarmChannelsAbi, name, args)
  }

  async callToken(from: Address, name: string, ...args: unknown[]): Promise<number> {
    return this.#call(from, this.token, trc20Abi, name, args)
  }

  domain(): TypedDataDomain {
    return { chainId: CHAIN_ID, contract: addressFromBytes(hexToBytes(this.swarm)) }
  }

  async #call(
    from: Address,
    to: Hex,
    abi: readonly { readonly type: string; readonly name?: string }[],
    name: string,
    args: unknown[],
  ): Promise<number> {
    const entry = abi.find((one) => one.type === 'function' && one.name === name)
    const data = utils.abi.encodeFunctionData(entry as never, args) as Hex
    return (await this.#machine.run(from, to, data)).cost
  }
}

/** A chain with the token and the contract on it. Payees, purse and contract hold something already: the case that repeats. */
export async function createMeter(rules: RuleBook): Promise<Meter> {
  const meter = new Meter(
    rules === 'energy' ? new TronMachine() : new EthereumMachine(await createShanghai()),
  )
  meter.token = await meter.deploy(artifact('BttToken').bytecode)
  meter.swarm = await meter.deploy(
    `${artifact('SwarmChannels').bytecode}${meter.token.slice(2).padStart(64, '0')}`,
  )
  for (const payee of payees) await meter.callToken(payer, 'transfer', raw(payee), BTT)
  await meter.callToken(payer, 'approve', meter.swarm, 2n ** 256n - 1n)
  await meter.call(payer, 'fund', raw(signer), 1_000_000n * BTT, FAR_SEC)
  return meter
}

function createShanghai(): Promise<EVM> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Shanghai })
  return createEVM({ common, allowUnlimitedContractSize: true })
}

/** The devnet's machine, on a state of its own. */
class TronMachine implements Machine {
  readonly #tvm = new Tvm(new TvmState(), CHAIN_ID)
  #transactions = 0

  async run(from: Address, to: Hex | null, data: Hex): Promise<{ cost: number; created: Hex }> {
    this.#transactions += 1
    const caller = raw(from).toLowerCase() as Hex
    const txId = new Uint8Array(32).fill(this.#transactions)
    const result = this.#tvm.execute({
      caller,
      to,
      valueSun: 0n,
      token: null,
      data: hexToBytes(data),
      energyLimit: ENERGY_LIMIT,
      txId,
      block: { number: 1, timestampMs: 0, witness: `0x${'00'.repeat(20)}`, getBlockId: () => null },
    })
    if (result.failure || result.isReverted)
      throw new Error(`${result.failure?.message ?? 'REVERT'} ${bytesToHex(result.returnData)}`)
    return { cost: Number(result.energyUsed), created: createdAddress(txId, caller) }
  }
}

class EthereumMachine implements Machine {
  readonly #evm: EVM
  constructor(evm: EVM) {
    this.#evm = evm
  }

  async run(from: Address, to: Hex | null, data: Hex): Promise<{ cost: number; created: Hex }> {
    const evm = this.#evm
    const bytes = hexToBytes(data)
    const caller = createAddressFromString(raw(from))
    await evm.journal.cleanup()
    evm.stateManager.originalStorageCache.clear()
    for (const warm of [raw(from), to ?? raw(from), ECRECOVER]) evm.journal.addAlwaysWarmAddress(warm)
    const result = await evm.runCall({
      caller,
      origin: caller,
      ...(to === null ? {} : { to: createAddressFromString(to) }),
      data: bytes,
      gasLimit: ENERGY_LIMIT,
    })
    const { exceptionError, executionGasUsed, gasRefund, returnValue } = result.execResult
    if (exceptionError) throw new Error(`${exceptionError.error} ${bytesToHex(returnValue)}`)
    const intrinsic = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), ORIGIN_FEE)
    const used = Number(executionGasUsed) + intrinsic
    return {
      cost: used - Math.min(Number(gasRefund ?? 0n), Math.floor(used / 5)),
      created: (result.createdAddress?.toString() ?? '0x') as Hex,
    }
  }
}
