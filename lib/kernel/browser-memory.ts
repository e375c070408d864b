/** What this browser remembers of the user's choices. Small, not secret, and gone without harm: localStorage. */
import type { Hex } from '../base/index.ts'
import type { Consent, WalletKind } from '../site/index.ts'

const CONSENT_KEY = 'piecemeal.consent'
const WALLET_KEY = 'piecemeal.wallet'
const REMOVALS_KEY = 'piecemeal.removals'
const ENDORSEMENTS_KEY = 'piecemeal.endorsements'
/** Accounts, networks and keys of one person are few; older ones are asked for again. */
const MAX_ENDORSEMENTS = 8

function read(key: string): unknown {
  try {
    return JSON.parse(globalThis.localStorage?.getItem(key) ?? 'null')
  } catch {
    return null // Storage is forbidden or holds something else: as if nothing were remembered.
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) globalThis.localStorage?.removeItem(key)
    else globalThis.localStorage?.setItem(key, JSON.stringify(value))
  } catch {
    return // A private window may forbid it: the choice then lasts as long as the page.
  }
}

/** The consent sheet's answers, or null when they were never given. */
export function readConsent(): Consent | null {
  const value = read(CONSENT_KEY)
  if (typeof value !== 'object' || value === null) return null
  const { seeding, maxUploadBytesPerSec, atMs } = value as Record<string, unknown>
  const isCap =
    maxUploadBytesPerSec === null || (typeof maxUploadBytesPerSec === 'number' && maxUploadBytesPerSec > 0)
  if (typeof seeding !== 'boolean' || !isCap || typeof atMs !== 'number') return null
  return { seeding, maxUploadBytesPerSec, atMs }
}

export function writeConsent(consent: Consent): void {
  write(CONSENT_KEY, consent)
}

/** The wallet that was connected last, so that a reload connects it again. */
export function readWalletKind(): WalletKind | null {
  const value = read(WALLET_KEY)
  return value === 'tronlink' || value === 'demo' ? value : null
}

export function writeWalletKind(kind: WalletKind | null): void {
  write(WALLET_KEY, kind)
}

/** Info-hashes of torrents whose removal can still be undone. */
export function readRemovals(): readonly string[] {
  const value = read(REMOVALS_KEY)
  return Array.isArray(value)
    ? value.filter((each) => typeof each === 'string' && /^[0-9a-f]{40}$/.test(each))
    : []
}

export function writeRemovals(infoHashes: readonly string[]): void {
  write(REMOVALS_KEY, infoHashes.length === 0 ? null : infoHashes)
}

export interface KeptEndorsement {
  readonly untilSec: number
  readonly signature: Hex
}

function readEndorsements(): Readonly<Record<string, unknown>> {
  const value = read(ENDORSEMENTS_KEY)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

/** What a wallet signed for this browser's key, by whom and where it is for; null when it is not known. */
export function readEndorsement(key: string): KeptEndorsement | null {
  const value = readEndorsements()[key]
  if (typeof value !== 'object' || value === null) return null
  const { untilSec, signature } = value as Record<string, unknown>
  const isSignature = typeof signature === 'string' && /^0x[0-9a-f]{130}$/.test(signature)
  return typeof untilSec === 'number' && isSignature ? { untilSec, signature: signature as Hex } : null
}

export function writeEndorsement(key: string, endorsement: KeptEndorsement): void {
  const { [key]: _, ...others } = readEndorsements()
  const newest = Object.entries(others).slice(1 - MAX_ENDORSEMENTS)
  write(ENDORSEMENTS_KEY, Object.fromEntries([...newest, [key, endorsement]]))
}
