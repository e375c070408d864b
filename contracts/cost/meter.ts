/** Transactions on one rule book: gas by Ethereum's Shanghai rules, or energy by TRON's. */
import { readFileSync } from 'node:fs'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { createAddressFromString } from '@ethereumjs/util'
import { utils } from 'tronweb'
import { createTvmParams } from '../../devnet/tvm/energy-table.ts'
import {
  type Address,
  addressFromBytes,
  swarmChannelsAbi,
  type TypedDataDomain,
  trc20Abi,
} from '../../lib/tron/index.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../lib/units/index.ts'
import { BTT, FAR_SEC, payees, payer, raw, signer } from './parties.ts'

export type RuleBook = 'gas' | 'energy'

const ORIGIN_FEE = 21_000
const CHAIN_ID = 1
const ECRECOVER = `0x${'01'.padStart(40, '0')}`

const artifact = (name: string): { bytecode: Hex } =>
  JSON.parse(readFileSync(new URL(`../artifacts/${name}.json`, import.meta.url), 'utf8'))

/** One transaction at a time on one rule book; `cost` is what its sender pays for. */
export class Meter {
  readonly evm: EVM
  readonly isTron: boolean
  token: Hex = '0x'
  swarm: Hex = '0x'
  constructor(evm: EVM, isTron: boolean) {
    this.evm = evm
    this.isTron = isTron
  }

  async run(from: Address, to: Hex | null, data: Hex): Promise<{ cost: number; created: Hex }> {
    const bytes = hexToBytes(data)
    const caller = createAddressFromString(raw(from))
    await this.evm.journal.cleanup()
    this.evm.stateManager.originalStorageCache.clear()
    if (!this.isTron)
      for (const warm of [raw(from), to ?? raw(from), ECRECOVER]) this.evm.journal.addAlwaysWarmAddress(warm)
    const result = await this.evm.runCall({
      caller,
      origin: caller,
      ...(to === null ? {} : { to: createAddressFromString(to) }),
      data: bytes,
      gasLimit: 50_000_000n,
    })
    const { exceptionError, executionGasUsed, gasRefund, returnValue } = result.execResult
    if (exceptionError) throw new Error(`${exceptionError.error} ${bytesToHex(returnValue)}`)
    const created = (result.createdAddress?.toString() ?? '0x') as Hex
    if (this.isTron) return { cost: Number(executionGasUsed), created }
    const intrinsic = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), ORIGIN_FEE)
    const used = Number(executionGasUsed) + intrinsic
    return { cost: used - Math.min(Number(gasRefund ?? 0n), Math.floor(used / 5)), created }
  }

  async call(from: Address, name: string, ...args: unknown[]): Promise<number> {
    const entry = swarmChannelsAbi.find((one) => one.type === 'function' && one.name === name)
    return (await this.run(from, this.swarm, utils.abi.encodeFunctionData(entry as never, args) as Hex)).cost
  }

  async callToken(from: Address, name: string, ...args: unknown[]): Promise<number> {
    const entry = trc20Abi.find((one) => one.type === 'function' && one.name === name)
    return (await this.run(from, this.token, utils.abi.encodeFunctionData(entry as never, args) as Hex)).cost
  }

  domain(): TypedDataDomain {
    return { chainId: CHAIN_ID, contract: addressFromBytes(hexToBytes(this.swarm)) }
  }
}

/** A chain with the token and the contract on it. Payees, purse and contract hold something already: the case that repeats. */
export async function createMeter(rules: RuleBook): Promise<Meter> {
  const isTron = rules === 'energy'
  const common = new Common({
    chain: Mainnet,
    hardfork: isTron ? Hardfork.Petersburg : Hardfork.Shanghai,
    ...(isTron ? { eips: [3855] } : {}),
  })
  const chainIdOpcode = {
    opcode: 0x46,
    opcodeName: 'CHAINID',
    baseFee: 2,
    logicFunction: (state: { stack: { push(value: bigint): void } }) => state.stack.push(BigInt(CHAIN_ID)),
  }
  const options = isTron ? { params: createTvmParams(), customOpcodes: [chainIdOpcode] } : {}
  const meter = new Meter(await createEVM({ common, allowUnlimitedContractSize: true, ...options }), isTron)
  meter.token = (await meter.run(payer, null, artifact('BttToken').bytecode)).created
  const creation = `${artifact('SwarmChannels').bytecode}${meter.token.slice(2).padStart(64, '0')}` as Hex
  meter.swarm = (await meter.run(payer, null, creation)).created
  for (const payee of payees) await meter.callToken(payer, 'transfer', raw(payee), BTT)
  await meter.callToken(payer, 'approve', meter.swarm, 2n ** 256n - 1n)
  await meter.call(payer, 'fund', raw(signer), 1_000_000n * BTT, FAR_SEC)
  return meter
}
