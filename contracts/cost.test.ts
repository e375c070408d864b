/** What the contract costs: gas on Ethereum's Shanghai rules, energy on TRON's. The limits keep what was reached. */
import { readFileSync } from 'node:fs'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { createAddressFromString } from '@ethereumjs/util'
import { utils } from 'tronweb'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTvmParams } from '../devnet/tvm/energy-table.ts'
import {
  type Address,
  addressFromBytes,
  addressOfPrivateKey,
  addressToBytes,
  buildSeatTree,
  type ChannelFields,
  channelId,
  compactSignature,
  releaseDigest,
  type SeatLeaf,
  signDigest,
  swarmChannelsAbi,
  type TypedDataDomain,
  trc20Abi,
  voucherDigest,
} from '../lib/tron/index.ts'
import { bytesToHex, type Hex, hexToBytes, toAmount } from '../lib/units/index.ts'

const ORIGIN_FEE = 21_000
const CHAIN_ID = 1
const ECRECOVER = `0x${'01'.padStart(40, '0')}`
const BTT = 10n ** 18n
const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const PAYER_KEY = key(1)
const SIGNER_KEY = key(2)
const PAYEE_KEYS = Array.from({ length: 16 }, (_, index) => key(10 + index))
const payer = addressOfPrivateKey(PAYER_KEY)
const signer = addressOfPrivateKey(SIGNER_KEY)
const payees = PAYEE_KEYS.map(addressOfPrivateKey)
const raw = (address: Address): Hex => bytesToHex(addressToBytes(address))

const artifact = (name: string): { bytecode: Hex } =>
  JSON.parse(readFileSync(new URL(`./artifacts/${name}.json`, import.meta.url), 'utf8'))

/** One transaction at a time on one rule book; `cost` is what its sender pays for. */
class Meter {
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

async function createMeter(isTron: boolean): Promise<Meter> {
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
  // Payees and purse hold something already: the case that repeats.
  for (const payee of payees) await meter.callToken(payer, 'transfer', raw(payee), BTT)
  await meter.callToken(payer, 'approve', meter.swarm, 2n ** 255n)
  await meter.call(payer, 'fund', raw(signer), 1_000_000n * BTT, 4_000_000_000n)
  return meter
}

const salted = (salt: number): Hex =>
  bytesToHex(Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + salt) | 1))
const leavesOf = (count: number): SeatLeaf[] =>
  payees.slice(0, count).map((payee) => ({ payee, delegate: payee, cap: toAmount(100n * BTT) }))
const channelOf = (leaves: readonly SeatLeaf[], salt: number): ChannelFields => {
  const { root, total } = buildSeatTree(leaves)
  return { payer, signer, root, total, closeDelaySec: 86_400, salt: salted(salt) }
}
const channelTuple = (channel: ChannelFields): unknown[] => [
  raw(channel.payer),
  raw(channel.signer),
  channel.root,
  channel.total,
  channel.closeDelaySec,
  channel.salt,
]

function row(meter: Meter, channel: ChannelFields, payee: Address, cumulative: bigint): unknown[] {
  const id = channelId(channel, meter.domain())
  const digest = voucherDigest({ channelId: id, payee, cumulative: toAmount(cumulative) }, meter.domain())
  const { r, vs } = compactSignature(signDigest(SIGNER_KEY, digest))
  return [id, raw(payee), cumulative, r, vs]
}

function proof(at: number, channel: ChannelFields, leaves: readonly SeatLeaf[], leaf: SeatLeaf): unknown[] {
  const path = buildSeatTree(leaves).proofOf(leaf.payee)
  const steps = path.map((step) => [step.hash, step.sum, step.side === 'left'])
  return [at, channelTuple(channel), raw(leaf.delegate), leaf.cap, steps]
}

function settlement(
  meter: Meter,
  channel: ChannelFields,
  leaves: readonly SeatLeaf[],
  figure: bigint,
): unknown[] {
  const ordered = buildSeatTree(leaves).leaves
  const id = channelId(channel, meter.domain())
  const releases = ordered.map(({ payee }) => {
    const digest = releaseDigest({ channelId: id, payee, cumulative: toAmount(figure) }, meter.domain())
    const owner = PAYEE_KEYS[payees.indexOf(payee)] as Uint8Array
    return [raw(payee), figure, signDigest(owner, digest)]
  })
  return [
    channelTuple(channel),
    ordered.map((leaf) => [raw(leaf.payee), raw(leaf.delegate), leaf.cap]),
    releases,
  ]
}

/** Every figure on one rule book. */
async function measure(isTron: boolean): Promise<Record<string, number>> {
  const meter = await createMeter(isTron)
  const figures: Record<string, number> = {}
  const figure = 12_345_678_901_234_567_890n
  const channels = Array.from({ length: 12 }, (_, index) => channelOf(leavesOf(1), index))
  const [leaf] = leavesOf(1) as [SeatLeaf]
  const big = channelOf(leavesOf(16), 77)
  const rows = (amount: bigint, count: number) =>
    channels.slice(0, count).map((channel) => row(meter, channel, leaf.payee, amount))

  figures.fundAndOpen = await meter.call(
    payer,
    'fundAndOpen',
    BTT,
    4_000_000_000n,
    channelTuple(channels[0] as ChannelFields),
  )
  figures.open = await meter.call(signer, 'open', channelTuple(big), '0x')
  for (const channel of channels.slice(1)) await meter.call(signer, 'open', channelTuple(channel), '0x')
  const firsts = channels.map((channel, at) => proof(at, channel, leavesOf(1), leaf))
  figures.redeemFirst = await meter.call(payer, 'redeem', rows(figure, 1), firsts.slice(0, 1))
  const seat16 = leavesOf(16)[5] as SeatLeaf
  figures.redeemFirstOf16 = await meter.call(
    payer,
    'redeem',
    [row(meter, big, seat16.payee, figure)],
    [proof(0, big, leavesOf(16), seat16)],
  )
  await meter.call(payer, 'redeem', rows(figure + 1n, 12), firsts)
  figures.redeemRepeat = await meter.call(payer, 'redeem', rows(figure + 2n, 1), [])
  const twelve = await meter.call(payer, 'redeem', rows(figure * 2n, 12), [])
  const two = await meter.call(payer, 'redeem', rows(figure * 3n, 2), [])
  figures.redeemFurtherRow = Math.round((twelve - two) / 10)
  figures.settleOneSeat = await meter.call(
    payer,
    'settle',
    ...settlement(meter, channels[0] as ChannelFields, leavesOf(1), figure * 4n),
  )
  figures.settle16Seats = await meter.call(
    payer,
    'settle',
    ...settlement(meter, big, leavesOf(16), figure * 2n),
  )
  figures.closeOutOneSeat = await meter.call(
    payer,
    'closeOut',
    [settlement(meter, channels[1] as ChannelFields, leavesOf(1), figure * 4n)],
    raw(signer),
  )
  return figures
}

let gas: Record<string, number>
let energy: Record<string, number>

beforeAll(async () => {
  gas = await measure(false)
  energy = await measure(true)
  console.table(
    Object.fromEntries(Object.keys(gas).map((name) => [name, { gas: gas[name], energy: energy[name] }])),
  )
})

describe('the contract costs no more than before', () => {
  it.each([
    ['fundAndOpen', 80_000, 51_800],
    ['open', 55_600, 30_100],
    ['redeemFirst', 75_600, 42_000],
    ['redeemRepeat', 50_900, 24_700],
    ['redeemFurtherRow', 13_200, 11_000],
    ['settleOneSeat', 73_800, 49_300],
    ['settle16Seats', 428_000, 397_500],
    ['closeOutOneSeat', 82_500, 57_300],
  ])('for %s', (name, maxGas, maxEnergy) => {
    expect(gas[name]).toBeLessThanOrEqual(maxGas)
    expect(energy[name]).toBeLessThanOrEqual(maxEnergy)
  })
})
