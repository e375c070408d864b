/** What this browser sold when it was last asked to: a reload, or a wallet that comes back, goes on with it. */
import { readMemory, writeMemory } from '../../kernel/index.ts'
import { type Address, parseAddress } from '../../tron/index.ts'
import { type Amount, decodeAmount, encodeAmount } from '../../units/index.ts'

export interface KeptSale {
  /** The account that earns: no other goes on with it. */
  readonly payee: Address
  readonly askPerMiB: Amount
}

const KEY = 'selling'

/** null: nothing is sold, or what was written down makes no sense. */
export function readSale(): KeptSale | null {
  const value = readMemory(KEY)
  if (typeof value !== 'object' || value === null) return null
  const { payee, askPerMiB } = value as Record<string, unknown>
  const account = parseAddress(payee)
  const amount = decodeAmount(askPerMiB)
  return account && amount ? { payee: account, askPerMiB: amount } : null
}

export function keepSale({ payee, askPerMiB }: KeptSale): void {
  writeMemory(KEY, { payee, askPerMiB: encodeAmount(askPerMiB) })
}

export const forgetSale = (): void => writeMemory(KEY, null)
