/** `POST /faucet {address}`: a gift of TRX and BTT, once a minute for an address. */
import { type FeeSun, toAmount, toFeeSun } from '../../lib/units/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import { parseAccountId } from '../codec/account-id.ts'
import { DevnetRefusal } from '../devnet-error.ts'
import type { Gift } from '../fund-account.ts'
import type { Endpoint } from './router.ts'
import type { ApiResponse } from './server.ts'

/** 2,000 TRX: enough for some fifty openings and settlements. */
const GIFT_SUN: FeeSun = toFeeSun(2_000_000_000n)
/** 5,000 BTT. */
const GIFT_AMOUNT = toAmount(5_000n * 10n ** 18n)
const INTERVAL_MS = 60_000

export interface FaucetOptions {
  /** Sends the gift; resolves with the transactions' ids. */
  readonly give: (to: AccountId, gift: Gift) => Promise<readonly string[]>
  /** False until the BTT token is there: then only TRX is given. */
  readonly hasToken: () => boolean
  readonly nowMs?: () => number
}

/** The faucet; other paths are not its own. */
export function createFaucetEndpoint(options: FaucetOptions): Endpoint {
  const nowMs = options.nowMs ?? Date.now
  const givenAtMs = new Map<AccountId, number>()
  return async (request) => {
    if (request.path !== 'faucet') return null
    if (request.method !== 'POST') return refuse(405, 'the faucet takes POST {"address": "T…"}')
    const id = parseAccountId(request.params.address)
    if (!id) return refuse(400, 'address is not a TRON address')
    for (const [other, atMs] of givenAtMs) if (nowMs() - atMs >= INTERVAL_MS) givenAtMs.delete(other)
    const last = givenAtMs.get(id)
    if (last !== undefined) {
      const retryAfterSec = Math.ceil((last + INTERVAL_MS - nowMs()) / 1000)
      return refuse(429, `this address had its gift; try again in ${retryAfterSec} s`, { retryAfterSec })
    }
    givenAtMs.set(id, nowMs())
    const gift = { trxSun: GIFT_SUN, bttAmount: options.hasToken() ? GIFT_AMOUNT : toAmount(0n) }
    try {
      const txIds = await options.give(id, gift)
      const body = { trxSun: gift.trxSun.toString(), bttAmount: gift.bttAmount.toString(), txIds }
      return { kind: 'json', body }
    } catch (error) {
      givenAtMs.delete(id)
      if (!(error instanceof DevnetRefusal)) throw error
      return refuse(409, error.message)
    }
  }
}

function refuse(httpStatus: number, message: string, more: Record<string, unknown> = {}): ApiResponse {
  return { kind: 'json', httpStatus, body: { Error: message, ...more } }
}
