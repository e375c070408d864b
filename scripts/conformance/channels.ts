/** The run's channels, and what their keys sign. All follow from the cast and the run's id: a later run has the same. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, type Hex, hexToBytes } from '../../lib/base/index.ts'
import type { RedeemRow, SeatLeaf, SignedRelease } from '../../lib/channels/index.ts'
import {
  channelId,
  MIN_CLOSE_DELAY_SEC,
  type PlannedOpening,
  planOpening,
  releaseDigest,
  voucherDigest,
} from '../../lib/channels/index.ts'
import type { Address, TypedDataDomain } from '../../lib/tron/index.ts'
import { keccak256, signDigest } from '../../lib/tron/index.ts'
import { type Amount, toAmount } from '../../lib/units/index.ts'
import type { Cast, Party } from './cast.ts'

export interface PlannedChannel extends PlannedOpening {
  readonly name: string
  readonly id: Hex
  readonly leaves: readonly SeatLeaf[]
}

/** Whole BTT, and as many base units: so that an error of one unit shows. */
export function btt(whole: number): Amount {
  return toAmount(BigInt(whole) * (10n ** 18n + 1n))
}

export interface ChannelRoom {
  readonly cast: Cast
  readonly domain: TypedDataDomain
  readonly runId: Hex
}

/** A channel with a seat for each cap, of the payees from `first` on; its signer is the session key unless told otherwise. */
export function planChannel(
  { cast, domain, runId }: ChannelRoom,
  name: string,
  seats: readonly (readonly [payee: number, cap: number])[],
  signer: Party = cast.session,
): PlannedChannel {
  const leaves = seats.map(([payee, cap]) => ({
    payee: cast.payees[payee]!.address,
    delegate: cast.delegate.address,
    cap: btt(cap),
  }))
  const nonce = keccak256(concatBytes(hexToBytes(runId), new TextEncoder().encode(name))).subarray(0, 16)
  const terms = { payer: cast.payer.address, signer: signer.address, closeDelaySec: MIN_CLOSE_DELAY_SEC }
  const opening = planOpening(leaves, terms, nonce)
  return { ...opening, name, leaves: opening.tree.leaves, id: channelId(opening.channel, domain) }
}

/** A voucher's row, with its seat's proof. */
export function voucherRow(
  domain: TypedDataDomain,
  plan: PlannedChannel,
  payee: Address,
  cumulative: Amount,
  signer: Party,
): RedeemRow {
  const voucher = { channelId: plan.id, payee, cumulative }
  const leaf = plan.leaves.find((one) => one.payee === payee)
  return {
    ...voucher,
    signature: signDigest(signer.key, voucherDigest(voucher, domain)),
    proof: leaf ? { channel: plan.channel, leaf, path: plan.tree.proofOf(payee) } : null,
  }
}

export function signRelease(
  domain: TypedDataDomain,
  plan: PlannedChannel,
  payee: Address,
  cumulative: Amount,
  signer: Party,
): SignedRelease {
  const release = { channelId: plan.id, payee, cumulative }
  return { ...release, signature: signEven(signer, releaseDigest(release, domain)) }
}

/**
 * A signature whose v is 27: to look at 28 as well costs the contract 26 energy, and the figures are to be the same for every key.
 */
export function signEven(signer: Party, digest: Uint8Array): Hex {
  for (let attempt = 0; ; attempt++) {
    const extraEntropy = new Uint8Array(32).fill(attempt)
    const options = { prehash: false, lowS: true, format: 'recovered', extraEntropy } as const
    const [recovery, ...rs] = secp256k1.sign(digest, signer.key, options)
    if (recovery === 0) return `${bytesToHex(Uint8Array.from(rs))}1b`
  }
}

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The same signature with the other s: valid to a plain `ecrecover`, and to nobody here. */
export function withHighS(signature: Hex): Hex {
  const s = CURVE_ORDER - BigInt(`0x${signature.slice(66, 130)}`)
  const v = signature.slice(130) === '1b' ? '1c' : '1b'
  return `0x${signature.slice(2, 66)}${bytesToHex(hexToBytes(s.toString(16).padStart(64, '0'))).slice(2)}${v}`
}
