/** public/config.json, fetched at start and checked field by field: an operator edits it by hand. */

import { AppError, SiteError, TransportError } from '../base/index.ts'
import { NETWORK_NAMES, type Network, parseAddress } from '../tron/index.ts'
import { BTT, parseMoney, toAmount } from '../units/index.ts'
import type { Rates, SiteConfig } from './site-config.ts'

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fail(field: string): never {
  throw new SiteError('bad-config', `config.json: "${field}" is missing or wrong`)
}

function readText(source: Json, field: string): string {
  const value = source[field]
  return typeof value === 'string' && value !== '' ? value : fail(field)
}

function readUrl(source: Json, field: string, schemes: readonly string[]): string {
  const text = readText(source, field)
  if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol)) fail(field)
  return text.replace(/\/+$/, '')
}

const readOptionalUrl = (source: Json, field: string): string | null =>
  source[field] === null || source[field] === undefined ? null : readUrl(source, field, ['http:', 'https:'])

/** The optional fields of a network's nodes: left out where the file has none. */
function readNodes({ otherHosts, apiKey }: Json): Pick<Network, 'otherHosts' | 'apiKey'> {
  if (otherHosts !== undefined && !Array.isArray(otherHosts)) fail('network.otherHosts')
  // It becomes a header.
  if (apiKey !== undefined && !(typeof apiKey === 'string' && /^[\w-]{1,100}$/.test(apiKey)))
    fail('network.apiKey')
  const readHost = (otherHost: unknown): string => readUrl({ otherHost }, 'otherHost', ['http:', 'https:'])
  return {
    ...(otherHosts === undefined ? {} : { otherHosts: otherHosts.map(readHost) }),
    ...(apiKey === undefined ? {} : { apiKey }),
  }
}

function parseNetwork(value: unknown): Network {
  if (!isObject(value)) fail('network')
  const name = NETWORK_NAMES.find((known) => known === value.name) ?? fail('network.name')
  const { chainId } = value
  if (typeof chainId !== 'number' || !Number.isInteger(chainId) || chainId < 0 || chainId > 0xffffffff)
    fail('network.chainId')
  return Object.freeze({
    name,
    label: readText(value, 'label'),
    fullHost: readUrl(value, 'fullHost', ['http:', 'https:']),
    ...readNodes(value),
    chainId,
    contract: parseAddress(value.contract) ?? fail('network.contract'),
    token: parseAddress(value.token) ?? fail('network.token'),
    explorerUrl: readOptionalUrl(value, 'explorerUrl'),
    // Mainnet is never a testnet, whatever the file says: the demo wallet must not appear there.
    isTestnet: value.isTestnet === true && name !== 'mainnet',
    faucetUrl: name === 'mainnet' ? null : readOptionalUrl(value, 'faucetUrl'),
  })
}

function parseDemo(value: unknown): SiteConfig['demos'][number] {
  if (!isObject(value)) fail('demos')
  const infoHash = readText(value, 'infoHash').toLowerCase()
  if (!/^[0-9a-f]{40}$/.test(infoHash)) fail('demos.infoHash')
  const local = (field: string): string | null => {
    const path = value[field]
    return typeof path === 'string' && /^\/[^/\\]/.test(path) ? path : null
  }
  return {
    title: readText(value, 'title'),
    torrentUrl: local('torrentUrl') ?? fail('demos.torrentUrl'),
    infoHash,
    posterUrl: local('posterUrl'),
    captionsUrl: local('captionsUrl'),
  }
}

function parseIceServer(value: unknown): RTCIceServer {
  if (!isObject(value)) fail('iceServers')
  const urls = Array.isArray(value.urls) ? value.urls : [value.urls]
  if (
    urls.length === 0 ||
    !urls.every((url): url is string => typeof url === 'string' && /^(stun|turns?):/.test(url))
  )
    fail('iceServers.urls')
  return {
    urls,
    ...(typeof value.username === 'string' ? { username: value.username } : {}),
    ...(typeof value.credential === 'string' ? { credential: value.credential } : {}),
  }
}

/** 2026-11-26: a day that there is. */
function parseDay(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null
  const atMs = Date.parse(`${value}T00:00:00Z`)
  return Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== value ? null : atMs
}

/** Money is text here too: a number would be rounded. */
function parseRates(value: unknown): Rates | null {
  if (value === null || value === undefined) return null
  if (!isObject(value)) fail('rates')
  const { bttPerTrx } = value
  const amount = typeof bttPerTrx === 'string' ? parseMoney(bttPerTrx, BTT) : null
  if (amount === null || amount === 0n) fail('rates.bttPerTrx')
  return Object.freeze({
    asOfMs: parseDay(value.asOf) ?? fail('rates.asOf'),
    bttPerTrx: toAmount(amount),
  })
}

function readList<T>(source: Json, field: string, parse: (item: unknown) => T): readonly T[] {
  const value = source[field]
  return Array.isArray(value) ? value.map(parse) : fail(field)
}

/** Checks parsed JSON. Throws AppError 'bad-config' that names the field. */
export function parseConfig(value: unknown): SiteConfig {
  if (!isObject(value)) fail('config')
  const network = parseNetwork(value.network)
  return Object.freeze({
    network,
    trackers: readList(value, 'trackers', (url) =>
      typeof url === 'string' && URL.canParse(url) && /^wss?:/.test(url) ? url : fail('trackers'),
    ),
    iceServers: readList(value, 'iceServers', parseIceServer),
    demos: readList(value, 'demos', parseDemo),
    explorerUrl: network.explorerUrl,
    rates: parseRates(value.rates),
  })
}

/** Fetches and checks the site's configuration. Throws TransportError or AppError 'bad-config'. */
export async function loadConfig(url = '/config.json'): Promise<SiteConfig> {
  let text: string
  try {
    const response = await fetch(url, { cache: 'no-store' })
    if (!response.ok)
      throw new TransportError('config-unreachable', `config.json answered ${response.status}`)
    text = await response.text()
  } catch (cause) {
    throw cause instanceof AppError
      ? cause
      : new TransportError('config-unreachable', 'config.json could not be fetched', { cause })
  }
  try {
    return parseConfig(JSON.parse(text))
  } catch (cause) {
    throw cause instanceof AppError
      ? cause
      : new SiteError('bad-config', 'config.json is not JSON', { cause })
  }
}
