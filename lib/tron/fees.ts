/** Prices of energy and bandwidth. A quote is an upper bound: it counts on no staked resources and no free bandwidth. */
import { ChainError } from '../base/index.ts'
import { type FeeSun, type Money, toFeeSun } from '../units/index.ts'
import type { Address } from './address.ts'
import { badReply, type NodeClient, readCount, readObject } from './node-client.ts'
import { toAccountHex } from './transaction.ts'

export interface FeeQuote {
  readonly energy: number
  readonly bandwidthBytes: number
  /** Upper estimate of the TRX burned when the sender has no staked resources. */
  readonly feeSun: FeeSun
}

/** What the network burns of an account that has staked nothing, in sun. */
export interface ChainPrices {
  readonly energySun: bigint
  /** Of a byte. */
  readonly bandwidthSun: bigint
}

/** Prices change by the vote of the network's representatives, so rarely. */
const PRICES_TTL_MS = 5 * 60_000
/** Ten times the highest price that the network has known: more is a lie. */
const MAX_UNIT_PRICE_SUN = 10_000
/** No call of ours costs near this. A node that says so is not believed. */
const MAX_FEE_LIMIT_SUN = 2_000_000_000n
/** State may move between the estimate and the block. */
const MARGIN_PERCENT = 30n

/** Prices a call of known size. */
export function quoteFee(energy: number, bandwidthBytes: number, prices: ChainPrices): FeeQuote {
  const feeSun = toFeeSun(BigInt(energy) * prices.energySun + BigInt(bandwidthBytes) * prices.bandwidthSun)
  return { energy, bandwidthBytes, feeSun }
}

/** What the transaction may burn for energy at most. Throws ChainError 'fee-too-high'. */
export function feeLimitOf(energy: number, prices: ChainPrices): FeeSun {
  const limit = (BigInt(energy) * prices.energySun * (100n + MARGIN_PERCENT)) / 100n + 1_000_000n
  if (limit > MAX_FEE_LIMIT_SUN)
    throw new ChainError('fee-too-high', 'The node asks for a fee that no call of ours can cost.')
  return toFeeSun(limit)
}

/** Reads prices with a cache of its own. Throws ChainError. */
export function createPriceReader(node: NodeClient): () => Promise<ChainPrices> {
  let cached: { readonly prices: ChainPrices; readonly atMs: number } | null = null
  return async () => {
    if (cached && performance.now() - cached.atMs < PRICES_TTL_MS) return cached.prices
    const reply = await node.post('/wallet/getchainparameters', {})
    if (!Array.isArray(reply.chainParameter)) throw badReply('there are no chain parameters')
    const parameters = reply.chainParameter.map((entry) => readObject(entry, 'chainParameter'))
    const read = (key: string): bigint => {
      const value = readCount(parameters.find((entry) => entry.key === key)?.value, key)
      if (value === 0 || value > MAX_UNIT_PRICE_SUN) throw badReply(`${key} is ${value}`)
      return BigInt(value)
    }
    const prices = { energySun: read('getEnergyFee'), bandwidthSun: read('getTransactionFee') }
    cached = { prices, atMs: performance.now() }
    return prices
  }
}

/** What an account can pay fees with. */
export interface FeeMeans {
  readonly balanceSun: FeeSun
  /** Energy that it staked for or rented, and has left. */
  readonly energy: number
  /** Bandwidth that it staked for, and what every account has free each day; a transaction takes all of its bytes from one of them. */
  readonly stakedBytes: number
  readonly freeBytes: number
}

export interface AccountMeans extends FeeMeans {
  /** It pays no fee and no seeder, but its owner should know of it. */
  readonly bttold: Money<'BTTOLD'>
}

/** BTTOLD among the TRC-10 tokens of TRON's mainnet. */
const BTTOLD_ID = '1002000'

/** Throws ChainError. */
export async function readMeans(node: NodeClient, owner: Address): Promise<AccountMeans> {
  const address = { address: toAccountHex(owner) }
  const [account, resources] = await Promise.all([
    node.post('/wallet/getaccount', address),
    node.post('/wallet/getaccountresource', address),
  ])
  const left = (limit: unknown, used: unknown): number =>
    Math.max(0, readCount(limit, 'resource limit') - readCount(used, 'resource used'))
  return {
    balanceSun: toFeeSun(BigInt(readCount(account.balance, 'balance'))),
    energy: left(resources.EnergyLimit, resources.EnergyUsed),
    stakedBytes: left(resources.NetLimit, resources.NetUsed),
    freeBytes: left(resources.freeNetLimit, resources.freeNetUsed),
    bttold: readBttold(account.assetV2),
  }
}

function readBttold(assets: unknown): Money<'BTTOLD'> {
  if (assets !== undefined && !Array.isArray(assets)) throw badReply('assetV2 is not a list')
  const own = (assets ?? []).map((asset) => readObject(asset, 'asset')).find(({ key }) => key === BTTOLD_ID)
  const value = own?.value ?? 0
  // Beyond 2^53 JSON has rounded it already: shown, never moved.
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw badReply('an asset’s value')
  return BigInt(value) as Money<'BTTOLD'>
}

/** A transaction as far as its fee goes. */
export type Priced = Pick<FeeQuote, 'energy' | 'bandwidthBytes'>

/** The TRX that transactions burn, one after the other, of an account that pays with its resources first. */
export function burnOf(calls: readonly Priced[], means: FeeMeans, prices: ChainPrices): FeeSun {
  let { energy, stakedBytes, freeBytes } = means
  let burned = 0n
  for (const call of calls) {
    burned += BigInt(Math.max(0, call.energy - energy)) * prices.energySun
    energy = Math.max(0, energy - call.energy)
    // Bandwidth is all or nothing: it is never paid for in part.
    if (stakedBytes >= call.bandwidthBytes) stakedBytes -= call.bandwidthBytes
    else if (freeBytes >= call.bandwidthBytes) freeBytes -= call.bandwidthBytes
    else burned += BigInt(call.bandwidthBytes) * prices.bandwidthSun
  }
  return toFeeSun(burned)
}

/**
 * Whether the account can pay for a call, counting what it has staked. Throws ChainError 'too-little-trx' before
 * anybody is asked to sign what would fail.
 */
export async function checkAffordable(
  node: NodeClient,
  owner: Address,
  quote: FeeQuote,
  prices: ChainPrices,
): Promise<void> {
  const means = await readMeans(node, owner)
  const needed = burnOf([quote], means, prices)
  if (means.balanceSun < needed)
    throw new ChainError(
      'too-little-trx',
      `The network fee is ${Number(needed) / 1e6} TRX and the account has ${Number(means.balanceSun) / 1e6}.`,
    )
}
